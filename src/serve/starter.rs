//! Who started this process, the Functions host or a person, and what follows from it for its end.

/// What the host alone sets.
const WORKER_SETTING: &str = "FUNCTIONS_CUSTOMHANDLER_WORKER_ID";
/// The exit code that asks the host to start the handler again, at once and without counting it as a crash.
///
/// After 0 the host would never start it again, and every batch would fail until the host itself restarts.
const START_AGAIN: u8 = 200;

/// Who started this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Starter {
    /// The Functions host.
    Host,
    /// A person or a script.
    Hand,
}

impl Starter {
    /// Reads it from the environment.
    pub(super) fn read(lookup: &dyn Fn(&str) -> Option<String>) -> Self {
        let worker = lookup(WORKER_SETTING).unwrap_or_default();
        if worker.trim().is_empty() { Self::Hand } else { Self::Host }
    }

    /// The exit code after a signal.
    pub(super) fn exit_code(self) -> u8 {
        match self {
            Self::Host => START_AGAIN,
            Self::Hand => 0,
        }
    }
}
