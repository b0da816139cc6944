//! What a deployment says of its cards.

/// What a deployment says of its cards.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CardOptions {
    /// Whether names of certificates and secrets are on a card.
    pub names: CardNames,
    /// The deployment's own name.
    pub deployment: Option<String>,
}

/// How a card tells what was read: names of secrets in a channel are themselves a leak.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum CardNames {
    /// By their names.
    #[default]
    All,
    /// By numbers alone, and where the names are.
    Counts,
}

impl CardNames {
    /// Reads the setting's value: `all` or `counts`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "all" => Some(Self::All),
            "counts" => Some(Self::Counts),
            _ => None,
        }
    }
}
