//! Names with `*` in them, as settings and the expected-access file write them.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

/// A pattern for names of vaults, certificates and secrets; `*` stands for any text, letters match in either case,
/// because Azure's names ignore case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamePattern(String);

impl NamePattern {
    /// Makes a pattern of its text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_ascii_lowercase())
    }

    /// Whether the pattern matches one name only.
    #[must_use]
    pub fn is_one_name(&self) -> bool {
        !self.0.contains('*')
    }

    /// Whether the whole name matches.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let mut parts = self.0.split('*');
        let first = parts.next().unwrap_or_default();
        let Some(mut rest) = name.strip_prefix(first) else { return false };
        let Some(last) = parts.next_back() else { return rest.is_empty() };
        for part in parts {
            let Some((_, after)) = rest.split_once(part) else { return false };
            rest = after;
        }
        rest.ends_with(last)
    }
}
