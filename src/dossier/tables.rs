//! The findings as tables: what to rotate, and every record.

use super::event::Event;
use super::findings::Findings;
use super::rotation::Rotate;
use crate::csv;
use crate::source::Place;

/// The columns of what has to be rotated.
const ROTATE: &[&str] = &[
    "vault",
    "kind",
    "name",
    "versions",
    "first_read",
    "last_read",
    "times",
    "addresses",
    "private_key",
    "identities",
];

/// The columns of every record; the first three are those that Timesketch requires.
const TIMELINE: &[&str] = &[
    "datetime",
    "timestamp_desc",
    "message",
    "file",
    "line",
    "record",
    "also_at",
    "identity",
    "object_id",
    "app_id",
    "log",
    "step",
    "operation",
    "outcome",
    "vault",
    "kind",
    "name",
    "version",
    "address",
    "client",
];

impl Findings {
    /// The names that have to be rotated, as CSV.
    #[must_use]
    pub fn rotate_csv(&self) -> String {
        csv::table(ROTATE, self.rotate.iter().map(rotate_row))
    }

    /// Every record of the identities, as CSV.
    #[must_use]
    pub fn timeline_csv(&self) -> String {
        let persons: std::collections::HashMap<_, _> =
            self.identities.iter().map(|person| (&*person.key, person)).collect();
        let row = |event: &Event| {
            let person = persons.get(&*event.person);
            let id = |id: Option<&String>| id.cloned().unwrap_or_default();
            let name = person.map_or("", |person| &person.name);
            let object = event.object.as_ref();
            // Timesketch refuses a row without a time.
            let (time, described) = match event.time {
                Some(time) => (time.to_string(), "Event Time"),
                None => ("1970-01-01T00:00:00Z".to_owned(), "No time that can be read"),
            };
            [
                time,
                described.to_owned(),
                message(event, name),
                event.place.file.as_deref().unwrap_or_default().to_owned(),
                number(&event.place),
                event.index.to_string(),
                event.also_at.iter().map(place).collect::<Vec<_>>().join(" "),
                name.to_owned(),
                id(person.and_then(|person| person.object_id.as_ref())),
                id(person.and_then(|person| person.app_id.as_ref())),
                event.log.to_owned(),
                event.step.as_str().to_owned(),
                event.operation.clone(),
                event.outcome.clone(),
                id(event.vault.as_ref()),
                object.map_or("", |object| object.kind.as_str()).to_owned(),
                event.object_name().to_owned(),
                id(object.and_then(|object| object.version.as_ref())),
                id(event.address.as_ref()),
                id(event.client.as_ref()),
            ]
        };
        csv::table(TIMELINE, self.events.iter().map(row))
    }
}

fn rotate_row(row: &Rotate) -> [String; 10] {
    let list = |values: &std::collections::BTreeSet<String>| values.iter().cloned().collect::<Vec<_>>().join(" ");
    [
        row.vault.clone(),
        row.kind.to_owned(),
        row.name.clone(),
        list(&row.versions),
        row.span.map_or_else(String::new, |span| span.first.to_string()),
        row.span.map_or_else(String::new, |span| span.last.to_string()),
        row.times.to_string(),
        list(&row.addresses),
        row.private_key.as_str().to_owned(),
        row.identities.iter().cloned().collect::<Vec<_>>().join(", "),
    ]
}

/// A sentence for people.
fn message(event: &Event, name: &str) -> String {
    let what = [event.vault.as_deref().unwrap_or_default(), event.object_name()].join("/");
    let from = event.address.as_deref().map_or_else(String::new, |address| format!("from {address}"));
    let (step, by, outcome) = (event.step.as_str(), format!("by {name}"), format!("ended {}", event.outcome));
    let words = [step, &event.operation, what.trim_matches('/'), &by, &from, &outcome];
    words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The line of a place, or the number of the event.
fn number(place: &Place) -> String {
    let line = place.line.map(|line| line.to_string());
    line.or_else(|| place.sequence_number.map(|number| format!("event {number}"))).unwrap_or_default()
}

fn place(place: &Place) -> String {
    format!("{}:{}", place.file.as_deref().unwrap_or("-"), number(place))
}
