//! What is wrong with the settings, and how to mend it.

use std::fmt;

/// What is wrong with a setting, and how to mend it; its value is never repeated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What is wrong.
    pub what: String,
    /// How to mend it; empty where `what` says that, too.
    pub mend: String,
}

impl Fault {
    /// A value that is [`unusable`](super::unusable) for this reason.
    #[must_use]
    pub fn unusable(name: &str, reason: &str) -> Self {
        let (what, mend) = reason.split_once("; ").unwrap_or((reason, ""));
        Self { what: format!("{name} {what}"), mend: mend.to_owned() }
    }
}

impl From<String> for Fault {
    fn from(sentence: String) -> Self {
        Self { what: sentence, mend: String::new() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let between = if self.mend.is_empty() { "" } else { ": " };
        write!(formatter, "{}{between}{}", self.what, self.mend)
    }
}

/// Everything that is wrong with the settings.
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
pub struct Faults(Vec<Fault>);

impl From<Vec<Fault>> for Faults {
    fn from(faults: Vec<Fault>) -> Self {
        Self(faults)
    }
}

impl Faults {
    /// Adds what others found out.
    #[must_use]
    pub fn and(mut self, others: impl IntoIterator<Item = impl Into<Fault>>) -> Self {
        self.0.extend(others.into_iter().map(Into::into));
        self
    }

    /// Adds others.
    #[must_use]
    pub fn and_all(self, others: Self) -> Self {
        self.and(others.0)
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Fault] {
        &self.0
    }

    /// All of them in one sentence, where there are any.
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
