//! One setting after another, and what is wrong with them.

use crate::storage::{Account, AccountFault};

/// Everything that is wrong with the settings: a sentence for each fault, which says how to fix it and repeats no value.
#[derive(Debug, Clone, Default, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.join("; "))]
pub struct Faults(pub Vec<String>);

impl Faults {
    /// All of them in one sentence, if there are any.
    #[must_use]
    pub fn sentence(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.to_string())
    }
}

/// Whether a value is a reference to a vault, which arrives as its own text where the platform could not resolve it.
#[must_use]
pub fn is_unresolved(value: &str) -> bool {
    const START: &str = "@Microsoft.KeyVault(";
    value.trim_start().get(..START.len()).is_some_and(|start| start.eq_ignore_ascii_case(START))
}

/// What is wrong with a setting's value whatever it is meant for.
#[must_use]
pub fn unusable(name: &str, value: &str) -> Option<String> {
    let (what, fix) = if is_unresolved(value) {
        let role = "check that the secret exists and that the app's identity may read it (role Key Vault Secrets User)";
        ("is a Key Vault reference that did not resolve", role)
    } else if value.contains(char::REPLACEMENT_CHARACTER) {
        ("is not UTF-8 text", "enter it again")
    } else {
        return None;
    };
    Some(format!("{name} {what}: {fix}"))
}

/// Looks an application setting up in the environment; one that is not UTF-8 is [`unusable`].
#[must_use]
pub fn read_environment(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// A setting's value without white space around it; an empty one is unset.
pub(super) fn value(lookup: &dyn Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    lookup(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

/// The app's own storage account.
///
/// # Errors
/// When the settings name none, or one that cannot be used.
pub fn storage_account(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Account, AccountFault> {
    Account::read(&|name| {
        let value = value(lookup, name);
        let fault = value.as_deref().and_then(|value| unusable(name, value));
        fault.map_or(Ok(value), |fault| Err(AccountFault::Unusable(fault)))
    })
}

/// The elements of a comma-separated list.
pub(super) fn elements(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|element| !element.is_empty())
}

/// Reads one setting after another, and keeps what is wrong with them.
pub(super) struct Reader<'l> {
    pub(super) lookup: &'l dyn Fn(&str) -> Option<String>,
    pub(super) faults: Faults,
}

impl Reader<'_> {
    /// Whether a setting is set, usable or not.
    pub(super) fn is_set(&self, name: &str) -> bool {
        value(self.lookup, name).is_some()
    }

    /// A setting's value, unless it is unusable for any purpose.
    pub(super) fn value(&mut self, name: &str) -> Option<String> {
        let value = value(self.lookup, name)?;
        let fault = unusable(name, &value);
        self.faults.0.extend(fault.clone());
        fault.is_none().then_some(value)
    }

    /// A setting that has to be of some form, which `expected` describes.
    pub(super) fn parsed<T>(&mut self, name: &str, expected: &str, parse: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let value = self.value(name)?;
        let parsed = parse(&value);
        if parsed.is_none() {
            self.not_usable(name, expected);
        }
        parsed
    }

    /// Notes that a setting is not usable, and what would be.
    pub(super) fn not_usable(&mut self, name: &str, expected: &str) {
        self.faults.0.push(format!("{name} is not usable: set it to {expected}"));
    }
}
