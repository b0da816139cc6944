//! What is wrong with the settings, and how to fix it.

use std::fmt;

/// What is wrong with a setting, and how to fix it; its value is never repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub what: String,
    /// How to fix it.
    pub fix: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.what, self.fix)
    }
}

/// Everything that is wrong with the settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
pub struct Faults(pub(super) Vec<Fault>);

impl Faults {
    /// Adds one.
    pub(super) fn push(&mut self, what: impl Into<String>, fix: impl Into<String>) {
        self.0.push(Fault { what: what.into(), fix: fix.into() });
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Fault] {
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
        let sentences: Vec<_> = self.0.iter().map(Fault::to_string).collect();
        formatter.write_str(&sentences.join("; "))
    }
}
