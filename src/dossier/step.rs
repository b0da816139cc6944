//! What a record's operation is in the way of a theft.

use serde::Serialize;

/// One step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Step {
    /// A sign-in to the tenant.
    SignIn,
    /// A list of names.
    List,
    /// A certificate or secret was handed out.
    Read,
    /// The vault refused.
    Refused,
    /// Something was made or changed.
    Write,
    /// Something was deleted or purged.
    Delete,
    /// Anything else, such as the use of a key.
    Other,
}

/// Ends of the names of operations, in lower case; the first that fits decides.
const ENDS: &[(&str, Step)] = &[
    ("list", Step::List),
    ("listversions", Step::List),
    ("listdeleted", Step::List),
    ("purge", Step::Delete),
    ("delete", Step::Delete),
    ("purge/action", Step::Delete),
    ("set", Step::Write),
    ("put", Step::Write),
    ("patch", Step::Write),
    ("create", Step::Write),
    ("import", Step::Write),
    ("update", Step::Write),
    ("restore", Step::Write),
    ("recover", Step::Write),
    ("merge", Step::Write),
    ("rotate", Step::Write),
    ("enroll", Step::Write),
    ("renew", Step::Write),
    ("write", Step::Write),
    ("/action", Step::Write),
];

impl Step {
    /// By the name of an operation, of a call that was not refused and is no read.
    pub(super) fn of(operation: &str) -> Self {
        let operation = operation.to_ascii_lowercase();
        // `IssuersList` and `CertificateList` list; `KeyGet` and `VaultGet` hand out nothing that is secret.
        ENDS.iter().find(|(end, _)| operation.ends_with(end)).map_or(Self::Other, |(_, step)| *step)
    }

    /// Its word in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "sign-in",
            Self::List => "list",
            Self::Read => "read",
            Self::Refused => "refused",
            Self::Write => "written",
            Self::Delete => "deleted",
            Self::Other => "other",
        }
    }
}
