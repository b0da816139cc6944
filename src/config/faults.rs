//! What is wrong with the settings, and how to fix it.

use std::fmt;

/// Everything that is wrong with the settings: a sentence for each fault, which says how to fix it and repeats no value.
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
pub struct Faults(pub(super) Vec<String>);

impl Faults {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[String] {
        &self.0
    }

    /// All of them in one sentence, if there are any.
    #[must_use]
    pub fn sentence(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.to_string())
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join("; "))
    }
}
