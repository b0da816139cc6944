//! The names of MITRE ATT&CK's tactics, and of the techniques that the rules cover; Panther keeps them in comments only, and
//! Sigma not at all.

use std::borrow::Cow;

use serde::Serialize;

/// A tactic or technique.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Entry {
    id: Cow<'static, str>,
    name: Cow<'static, str>,
}

/// Tactics, in the order of ATT&CK.
const TACTICS: &[(&str, &str)] = &[
    ("TA0043", "Reconnaissance"),
    ("TA0042", "Resource Development"),
    ("TA0001", "Initial Access"),
    ("TA0002", "Execution"),
    ("TA0003", "Persistence"),
    ("TA0004", "Privilege Escalation"),
    ("TA0005", "Defense Evasion"),
    ("TA0006", "Credential Access"),
    ("TA0007", "Discovery"),
    ("TA0008", "Lateral Movement"),
    ("TA0009", "Collection"),
    ("TA0011", "Command and Control"),
    ("TA0010", "Exfiltration"),
    ("TA0040", "Impact"),
];

const TECHNIQUES: &[(&str, &str)] = &[
    ("T1078", "Valid Accounts"),
    ("T1078.004", "Cloud Accounts"),
    ("T1098", "Account Manipulation"),
    ("T1098.001", "Additional Cloud Credentials"),
    ("T1098.003", "Additional Cloud Roles"),
    ("T1485", "Data Destruction"),
    ("T1490", "Inhibit System Recovery"),
    ("T1528", "Steal Application Access Token"),
    ("T1530", "Data from Cloud Storage"),
    ("T1552", "Unsecured Credentials"),
    ("T1552.001", "Credentials In Files"),
    ("T1555", "Credentials from Password Stores"),
    ("T1555.006", "Cloud Secrets Management Stores"),
    ("T1562.001", "Disable or Modify Tools"),
    ("T1562.008", "Disable or Modify Cloud Logs"),
    ("T1580", "Cloud Infrastructure Discovery"),
];

impl Entry {
    fn new((id, name): (&'static str, &'static str)) -> Self {
        Self { id: id.into(), name: name.into() }
    }

    pub(super) fn is_tactic(&self) -> bool {
        self.id.starts_with("TA")
    }
}

/// Finds an entry by its id.
pub(super) fn find(id: &str) -> Option<Entry> {
    TACTICS.iter().chain(TECHNIQUES).copied().find(|(known, _)| *known == id.trim()).map(Entry::new)
}

/// The entry of a Sigma tag, such as `attack.credential-access` or `attack.t1555.006`; a technique whose name is not known here
/// has its id for one.
pub(super) fn of_tag(tag: &str) -> Option<Entry> {
    let tag = tag.trim().to_ascii_lowercase();
    let name = tag.strip_prefix("attack.")?;
    let words = name.replace(['-', '_'], " ");
    let tactic = TACTICS.iter().copied().find(|(_, known)| known.eq_ignore_ascii_case(&words));
    let digits = name.strip_prefix('t').filter(|digits| digits.chars().all(|c| c.is_ascii_digit() || c == '.'));
    tactic.map(Entry::new).or_else(|| {
        let id = format!("T{}", digits?);
        Some(find(&id).unwrap_or_else(|| Entry { id: id.clone().into(), name: id.into() }))
    })
}
