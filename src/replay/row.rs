//! An alert as a row of a table: when, how severe, who, from where, what.

use jiff::Timestamp;

use crate::counted::Counted;
use crate::detector::Concluded;
use crate::facts::Identity;
use crate::hidden::sanitized;
use crate::severity::Severity;

/// How many names a row has; of more it says how many.
const MAX_NAMES: usize = 6;
/// The longest that who and from where may be; a real name or address hardly ever is.
const MAX_CHARS: usize = 48;
/// How many digits of an alert's id a row has: enough to find it among all others.
const ID_DIGITS: usize = 8;

/// One row, free of what a terminal would act on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// The first read, where it has a time.
    pub(super) first: Option<Timestamp>,
    pub(super) severity: Severity,
    pub(super) who: String,
    pub(super) from: String,
    pub(super) what: String,
    /// The beginning of the alert's id.
    pub(super) id: String,
}

impl Row {
    pub(super) fn of(alert: &Concluded) -> Self {
        let entities = &alert.evidence.entities;
        let (address, more) = (entities.addresses().next(), entities.addresses().skip(1).count());
        Self {
            first: alert.span().map(|span| span.first),
            severity: alert.severity(),
            who: with_others(&who(&alert.record.identity), entities.object_ids().skip(1).count()),
            from: with_others(address.unwrap_or("unknown"), more),
            what: sanitized(&what(alert)),
            id: alert.evidence.alert_id.to_string().chars().take(ID_DIGITS).collect(),
        }
    }

    /// The first read to the second, in UTC.
    pub(super) fn when(&self) -> String {
        self.first.map_or_else(|| "unknown".to_owned(), |first| first.strftime("%Y-%m-%d %H:%M:%S").to_string())
    }
}

/// The name that people know, or a short id.
fn who(identity: &Identity) -> String {
    let by = |kind: &str, id: &Option<String>| id.as_deref().map(|id| format!("{kind} {}", short(id)));
    let known = identity.upn.clone().or_else(|| identity.managed_identity_name().map(str::to_owned));
    known
        .or_else(|| by(identity.app_name()?, &identity.object_id))
        .or_else(|| by("app", &identity.app_id))
        .or_else(|| by("object", &identity.object_id))
        .unwrap_or_else(|| "not named".to_owned())
}

/// The ends of a UUID, which tell it apart from others; any other id as it is.
fn short(id: &str) -> String {
    let is_uuid = id.len() == 36 && id.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-');
    match (id.get(..8), id.get(32..)) {
        (Some(start), Some(end)) if is_uuid => format!("{start}…{end}"),
        _ => id.to_owned(),
    }
}

/// A text that is not too long, and how many there are beside it.
fn with_others(text: &str, others: usize) -> String {
    let text = cut(&sanitized(text), MAX_CHARS);
    if others == 0 { text } else { format!("{text} +{others}") }
}

/// A text with so many characters at the most.
pub(super) fn cut(text: &str, max_chars: usize) -> String {
    if text.chars().count() <= max_chars {
        return text.to_owned();
    }
    text.chars().take(max_chars.saturating_sub(1)).chain(['…']).collect()
}

/// The certificates and secrets, of many how many, and what is new in the read; of a Sigma rule what it found.
fn what(alert: &Concluded) -> String {
    let Counted { count, names, vaults, .. } = Counted::of(&alert.evidence.names, None, 0);
    let read = if count > MAX_NAMES {
        format!("{count} names, {vaults} vault{}", if vaults == 1 { "" } else { "s" })
    } else if let (1, Some((vault, _))) = (vaults, names.first().and_then(|name| name.split_once('/'))) {
        let of_vault = |name: &str| name.split_once('/').map_or(name, |(_, name)| name).to_owned();
        format!(
            "{}: {}",
            vault.to_ascii_lowercase(),
            names.iter().map(|name| of_vault(name)).collect::<Vec<_>>().join(", ")
        )
    } else if count == 0 {
        alert
            .record
            .access
            .vault
            .as_ref()
            .map_or_else(|| alert.evidence.title.clone(), |vault| format!("vault {vault}"))
    } else {
        names.join(", ").to_ascii_lowercase()
    };
    let rule = &alert.evidence.rule;
    match alert.due.novelty {
        Some(novelty) => format!("{read}; {}", novelty.words()),
        // What others look for is anything, and no column names the rule.
        None if rule.is_sigma() => format!("{}: {read}", rule.metadata.about.name),
        None => read,
    }
}
