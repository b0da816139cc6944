//! Where the hub says that the events are. All of it is optional, and the senders of events can influence some of it.

use std::borrow::Cow;
use std::cell::OnceCell;

use jiff::Timestamp;

use crate::json::{Kind, Object, Value, for_each_element};
use crate::source::Place;

/// The places of a batch's events, by their number in the batch; read when they are first asked for.
#[derive(Debug)]
pub struct EventPlaces<'m> {
    metadata: &'m Object<'m>,
    columns: OnceCell<Columns>,
}

/// What the host says of the events, a value for each.
#[derive(Debug)]
struct Columns {
    partition_id: Option<String>,
    sequence_numbers: Column,
    offsets: Column,
    enqueued_times: Column,
}

/// A text for each event, where there is one.
type Column = Vec<Option<String>>;

/// The system property with an event's offset as the service wrote it. The older names `OffsetArray` and `Offset` hold
/// numbers alone: there, a text such as `0:1:661107` of a geo-replicated namespace is -1 for every event.
const OFFSET_ANNOTATION: &str = "x-opt-offset";

impl<'m> EventPlaces<'m> {
    /// The places that an invocation's metadata names, for cardinality many (arrays in strings) or one.
    #[must_use]
    pub fn of(metadata: &'m Object<'m>) -> Self {
        Self { metadata, columns: OnceCell::new() }
    }

    /// The place of the event at `index` in the batch.
    #[must_use]
    pub fn of_event(&self, index: u64) -> Place {
        let columns = self.columns.get_or_init(|| Columns::of(self.metadata));
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        let at = |column: &Column| column.get(index).cloned().flatten();
        Place {
            partition_id: columns.partition_id.clone(),
            sequence_number: at(&columns.sequence_numbers).and_then(|number| number.parse().ok()),
            offset: at(&columns.offsets),
            enqueued_time: at(&columns.enqueued_times).map(in_utc).filter(|time| time.parse::<Timestamp>().is_ok()),
            ..Place::default()
        }
    }

    /// When the hub received the oldest of the first `events` events: the time of the first one that has a time.
    #[must_use]
    pub fn oldest(&self, events: u64) -> Option<Timestamp> {
        (0..events).find_map(|index| self.of_event(index).enqueued_time?.parse().ok())
    }
}

impl Columns {
    fn of(metadata: &Object<'_>) -> Self {
        let column = |many, one| match metadata.get(many) {
            Some(array) => elements(array, scalar),
            None => vec![metadata.get(one).and_then(scalar)],
        };
        let context = metadata.get("PartitionContext").filter(|context| context.kind() == Kind::Object);
        let context = context.and_then(|context| Object::parse(context.raw()).ok()).unwrap_or_default();
        let mut offsets = column("OffsetStringArray", "OffsetString");
        if offsets.iter().any(Option::is_none) {
            fill(&mut offsets, annotated_offsets(metadata));
            fill(&mut offsets, column("OffsetArray", "Offset"));
        }
        Self {
            partition_id: context.get("PartitionId").and_then(scalar),
            sequence_numbers: column("SequenceNumberArray", "SequenceNumber"),
            offsets,
            enqueued_times: column("EnqueuedTimeUtcArray", "EnqueuedTimeUtc"),
        }
    }
}

/// The elements of an array, or of the text of one in a string; what is no array leaves the places unknown.
fn elements(array: Value<'_>, read: impl Fn(Value<'_>) -> Option<String>) -> Column {
    let text = array.as_str().unwrap_or(Cow::Borrowed(array.raw()));
    let mut elements = Vec::new();
    let _read = for_each_element(&text, &mut |element| elements.push(read(element)));
    elements
}

/// The offsets among the system properties of each event.
fn annotated_offsets(metadata: &Object<'_>) -> Column {
    let offset = |properties: Value<'_>| Object::parse(properties.raw()).ok()?.get(OFFSET_ANNOTATION).and_then(scalar);
    match metadata.get("SystemPropertiesArray") {
        Some(properties) => elements(properties, offset),
        None => vec![metadata.get("SystemProperties").and_then(offset)],
    }
}

/// Fills the gaps of a column from another one, which may be longer.
fn fill(column: &mut Column, other: Column) {
    column.resize(column.len().max(other.len()), None);
    for (text, other) in column.iter_mut().zip(other) {
        if text.is_none() {
            *text = other;
        }
    }
}

/// A string or number as text; the host wraps some strings twice.
pub(super) fn scalar(value: Value<'_>) -> Option<String> {
    match value.kind() {
        Kind::String => {
            let text = value.as_str()?;
            let inner = Some(&text).filter(|text| text.starts_with('"')).and_then(|text| Value::parse(text).ok());
            let inner = inner.and_then(|inner| inner.as_str().map(Cow::into_owned));
            Some(inner.unwrap_or_else(|| text.into_owned()))
        }
        Kind::Int | Kind::Float => Some(value.raw().to_owned()),
        _ => None,
    }
}

/// Event Hubs times come without a zone (their kind is Unspecified) and mean UTC.
fn in_utc(time: String) -> String {
    let clock = time.split_once('T').map_or("", |(_, clock)| clock);
    if clock.is_empty() || clock.contains(['Z', '+', '-']) { time } else { time + "Z" }
}
