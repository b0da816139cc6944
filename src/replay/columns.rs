//! An alert as a row of CSV.

use crate::alert::Alert;
use crate::counted::Counted;
use crate::detector::Concluded;

/// How many names a row lists; `names` counts all of them.
const MAX_NAMES: usize = 100;

/// The names of the columns; several values in one have blanks between them.
pub(super) const HEADINGS: [&str; 18] = [
    "first_read",
    "last_read",
    "severity",
    "rule",
    "title",
    "upns",
    "object_ids",
    "app_ids",
    "addresses",
    "names",
    "vaults",
    "read_names",
    "unfamiliar",
    "matches",
    "incident",
    "step",
    "created_at",
    "alert_id",
];

/// The cells of an alert.
pub(super) fn cells(concluded: &Concluded) -> [String; 18] {
    let Alert { alert_id, severity, title, window, incident, .. } = concluded.alert();
    let (evidence, span) = (&concluded.evidence, concluded.span());
    let entities = &evidence.entities;
    let Counted { count, names, vaults, .. } = Counted::of(&evidence.names, None, 0);
    [
        span.map_or_else(String::new, |span| span.first.to_string()),
        span.map_or_else(String::new, |span| span.last.to_string()),
        severity.as_str().to_owned(),
        evidence.rule.name().to_owned(),
        title.to_owned(),
        list(entities.upns()),
        list(entities.object_ids()),
        list(entities.app_ids()),
        list(entities.addresses()),
        count.to_string(),
        vaults.to_string(),
        list(names.iter().take(MAX_NAMES).map(|name| &**name)),
        concluded.due.novelty.map_or_else(String::new, |novelty| novelty.words()),
        window.match_count.to_string(),
        incident.map_or_else(String::new, |incident| incident.id.to_string()),
        incident.and_then(|incident| incident.step).map_or_else(String::new, |step| step.to_string()),
        concluded.created_at.to_string(),
        alert_id.to_string(),
    ]
}

fn list<'v>(values: impl Iterator<Item = &'v str>) -> String {
    values.collect::<Vec<_>>().join(" ")
}
