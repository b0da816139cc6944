//! Where the hub says that the events are. All of it is optional, and the senders of events can influence some of it.

use std::borrow::Cow;
use std::cell::OnceCell;

use jiff::Timestamp;
use memchr::memmem;

use super::column::Column;
use crate::json::{Kind, Object, Value};
use crate::source::Place;

/// The places of a batch's events, by their number in the batch; read when they are first asked for.
#[derive(Debug)]
pub struct EventPlaces<'m> {
    metadata: &'m str,
    columns: OnceCell<Columns<'m>>,
}

/// What the host says of the events, a value for each.
#[derive(Debug)]
struct Columns<'m> {
    partition_id: Option<String>,
    sequence_numbers: Column<'m>,
    offsets: [Column<'m>; 3],
    enqueued_times: Column<'m>,
}

/// The system property with an event's offset as the service wrote it. The older names `OffsetArray` and `Offset` hold
/// numbers alone: there, a text such as `0:1:661107` of a geo-replicated namespace is -1 for every event.
const OFFSET_ANNOTATION: &str = "x-opt-offset";

impl<'m> EventPlaces<'m> {
    /// The places that an invocation's metadata names, for cardinality many (arrays in strings) or one.
    #[must_use]
    pub fn of(metadata: &'m str) -> Self {
        Self { metadata, columns: OnceCell::new() }
    }

    fn columns(&self) -> &Columns<'m> {
        self.columns.get_or_init(|| Columns::of(self.metadata))
    }

    /// The place of the event at `index` in the batch.
    #[must_use]
    pub fn of_event(&self, index: u64) -> Place {
        let columns = self.columns();
        Place {
            partition_id: columns.partition_id.clone(),
            sequence_number: columns.sequence_numbers.scalar(index).and_then(|number| number.parse().ok()),
            offset: columns.offset(index),
            enqueued_time: self.enqueued_time(index),
            ..Place::default()
        }
    }

    fn enqueued_time(&self, index: u64) -> Option<String> {
        let time = self.columns().enqueued_times.scalar(index).map(|time| in_utc(&time));
        time.filter(|time| time.parse::<Timestamp>().is_ok())
    }

    /// When the hub received the oldest of so many events: the time of the first one that has a time.
    #[must_use]
    pub fn oldest(&self, events: u64) -> Option<Timestamp> {
        let times = written(self.metadata, "EnqueuedTimeUtcArray").filter(|_| events > 0);
        let first = times.and_then(|times| times.raw().strip_prefix(r#""[\""#)?.split_once('\\'));
        let first = first.and_then(|(time, _)| in_utc(time).parse().ok());
        first.or_else(|| (0..events).find_map(|index| self.enqueued_time(index)?.parse().ok()))
    }
}

impl<'m> Columns<'m> {
    fn of(metadata: &'m str) -> Self {
        let parsed = OnceCell::new();
        let member = |name| parsed.get_or_init(|| Object::parse(metadata).unwrap_or_default()).get(name);
        let column = |many, one| match written(metadata, many).or_else(|| member(many)) {
            Some(array) => Column::of_array(array),
            None => member(one).map(Column::of_one).unwrap_or_default(),
        };
        let context = || Object::parse(member("PartitionContext")?.raw()).ok();
        let context = written_context(metadata).or_else(context).unwrap_or_default();
        let numbers = column("OffsetArray", "Offset");
        let texts = numbers.elements();
        let are_offsets = !texts.is_empty() && !texts.contains("-1") && !texts.contains("null");
        let [texts, annotated] = if are_offsets {
            Default::default()
        } else {
            [column("OffsetStringArray", "OffsetString"), column("SystemPropertiesArray", "SystemProperties")]
        };
        Self {
            partition_id: context.get("PartitionId").and_then(scalar),
            sequence_numbers: column("SequenceNumberArray", "SequenceNumber"),
            offsets: [texts, annotated, numbers],
            enqueued_times: column("EnqueuedTimeUtcArray", "EnqueuedTimeUtc"),
        }
    }

    /// An event's offset: as text, else among its system properties, else as a number.
    fn offset(&self, index: u64) -> Option<String> {
        let [texts, annotated, numbers] = &self.offsets;
        let annotation = || Object::parse(annotated.value(index)?.raw()).ok()?.get(OFFSET_ANNOTATION).and_then(scalar);
        let text = texts.scalar(index).map(Cow::into_owned);
        text.or_else(annotation).or_else(|| numbers.scalar(index).map(Cow::into_owned))
    }
}

/// What follows the name of a member. In a string its quotes would be escaped, so the name is found as a key or not at all;
/// and it is the host's own unless an object before it holds what the sender of an event chose.
fn after<'m>(metadata: &'m str, name: &str) -> Option<&'m str> {
    let key = format!("\"{name}\":");
    let (before, after) = metadata.split_at_checked(memmem::find(metadata.as_bytes(), key.as_bytes())?)?;
    let is_hosts = memmem::find(before.as_bytes(), br#""Properties":{"#).is_none();
    after.strip_prefix(&key).filter(|_| is_hosts)
}

/// An array in a string, as the host writes one of a batch; found without parsing the rest of the metadata, which is long.
fn written<'m>(metadata: &'m str, name: &str) -> Option<Value<'m>> {
    let array = after(metadata, name).filter(|array| array.starts_with("\"["))?;
    let (array, _) = array.split_at_checked(memmem::find(array.as_bytes(), b"]\"")? + 2)?;
    Some(Value::checked(array))
}

/// The partition's context, found in the same way.
fn written_context(metadata: &str) -> Option<Object<'_>> {
    serde_json::Deserializer::from_str(after(metadata, "PartitionContext")?).into_iter().next()?.ok()
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
fn in_utc(time: &str) -> String {
    let clock = time.split_once('T').map_or("", |(_, clock)| clock);
    if clock.is_empty() || clock.contains(['Z', '+', '-']) { time.to_owned() } else { [time, "Z"].concat() }
}
