//! Where the hub says that the events stand. All of it is optional, and the senders of events can influence some of it.

use std::borrow::Cow;
use std::cell::OnceCell;

use jiff::Timestamp;
use memchr::memmem;

use crate::alert::Place;
use crate::json::{Kind, Object, Value, for_each_element};

/// The places of a batch's events, by their number in the batch; read when they are first asked for.
#[derive(Debug)]
pub struct EventPlaces<'a> {
    metadata: &'a str,
    named: OnceCell<Named<'a>>,
}

/// What the host names.
#[derive(Debug)]
struct Named<'a> {
    partition_id: Option<String>,
    sequence_numbers: Words<'a>,
    offsets: Words<'a>,
    enqueued_times: Words<'a>,
}

/// A word for each event, where there is one.
type Words<'a> = Vec<Option<Cow<'a, str>>>;

/// The system property with an event's offset as the service wrote it. The older names `OffsetArray` and `Offset` hold numbers
/// alone: there, a text such as `0:1:661107` of a geo-replicated namespace is -1 for every event.
const OFFSET_ANNOTATION: &str = "x-opt-offset";

impl<'a> EventPlaces<'a> {
    /// The places that an invocation's metadata names, for cardinality many (arrays in strings) or one.
    #[must_use]
    pub fn of(metadata: &'a str) -> Self {
        Self { metadata, named: OnceCell::new() }
    }

    /// The place of the event at `index` in the batch.
    #[must_use]
    pub fn of_event(&self, index: u64) -> Place {
        let named = self.named.get_or_init(|| Named::of(self.metadata));
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        let at = |values: &Words<'_>| values.get(index).cloned().flatten().map(Cow::into_owned);
        Place {
            partition_id: named.partition_id.clone(),
            sequence_number: at(&named.sequence_numbers).and_then(|number| number.parse().ok()),
            offset: at(&named.offsets),
            enqueued_time: at(&named.enqueued_times).map(in_utc).filter(|time| time.parse::<Timestamp>().is_ok()),
            ..Place::default()
        }
    }

    /// When the hub took the first of so many events of which it says so.
    #[must_use]
    pub fn oldest(&self, events: u64) -> Option<Timestamp> {
        let first = array(self.metadata, "EnqueuedTimeUtcArray").and_then(|mut times| plain(times.next()?));
        let first = first.filter(|_| events > 0).and_then(|time| in_utc(time.to_owned()).parse().ok());
        first.or_else(|| (0..events).find_map(|index| self.of_event(index).enqueued_time?.parse().ok()))
    }
}

impl<'a> Named<'a> {
    fn of(metadata: &'a str) -> Self {
        Self::as_the_host_writes(metadata).unwrap_or_else(|| Self::of_any_form(metadata))
    }

    /// Of arrays of plain words, found by their names and without reading what else there is.
    fn as_the_host_writes(metadata: &'a str) -> Option<Self> {
        let words = |name| -> Option<Words<'a>> {
            array(metadata, name)?.map(|word| Some(Some(plain(word)?.into()))).collect()
        };
        let is_annotated = memmem::find(metadata.as_bytes(), OFFSET_ANNOTATION.as_bytes()).is_some();
        let context: Object<'_> =
            serde_json::Deserializer::from_str(member(metadata, "PartitionContext")?).into_iter().next()?.ok()?;
        Some(Self {
            partition_id: context.get("PartitionId").and_then(scalar),
            sequence_numbers: words("SequenceNumberArray")?,
            offsets: words("OffsetStringArray").or_else(|| words("OffsetArray").filter(|_| !is_annotated))?,
            enqueued_times: words("EnqueuedTimeUtcArray")?,
        })
    }

    fn of_any_form(metadata: &'a str) -> Self {
        let metadata = Object::parse(metadata).unwrap_or_default();
        let values = |many, one| match metadata.get(many) {
            Some(array) => elements(array),
            None => vec![metadata.get(one).and_then(scalar).map(Cow::Owned)],
        };
        let context = metadata.get("PartitionContext").filter(|context| context.kind() == Kind::Object);
        let context = context.and_then(|context| Object::parse(context.raw()).ok()).unwrap_or_default();
        Self {
            partition_id: context.get("PartitionId").and_then(scalar),
            sequence_numbers: values("SequenceNumberArray", "SequenceNumber"),
            offsets: first_of([
                values("OffsetStringArray", "OffsetString"),
                annotated_offsets(&metadata),
                values("OffsetArray", "Offset"),
            ]),
            enqueued_times: values("EnqueuedTimeUtcArray", "EnqueuedTimeUtc"),
        }
    }
}

/// What stands behind a name. In a string its quotes would be escaped, so it is found as a key or not at all; and it is the
/// host's own where none of the objects before it is the one that holds what a sender wrote.
fn member<'a>(metadata: &'a str, name: &str) -> Option<&'a str> {
    let key = format!("\"{name}\":");
    let found = memmem::find(metadata.as_bytes(), key.as_bytes())?;
    let is_hosts = memmem::find(metadata.get(..found)?.as_bytes(), br#""Properties":{"#).is_none();
    metadata.get(found + key.len()..).filter(|_| is_hosts)
}

/// The elements of an array in a string, as they stand there and as far as commas tell.
fn array<'a>(metadata: &'a str, name: &str) -> Option<impl Iterator<Item = &'a str>> {
    let inside = member(metadata, name)?.strip_prefix("\"[")?;
    Some(inside.get(..memmem::find(inside.as_bytes(), b"]\"")?)?.split(','))
}

/// A word in quotes, or a number, as it stands in an array in a string; `None` where it would have to be decoded.
fn plain(element: &str) -> Option<&str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b':' | b'-' | b'+');
    let quoted = element.strip_prefix("\\\"").and_then(|element| element.strip_suffix("\\\""));
    let number = Some(element).filter(|element| element.bytes().all(|byte| byte.is_ascii_digit()));
    quoted.or(number).filter(|word| !word.is_empty() && word.bytes().all(is_plain))
}

/// An array, or the text of one in a string.
fn elements(value: Value<'_>) -> Words<'_> {
    let text = value.as_str().unwrap_or(Cow::Borrowed(value.raw()));
    let mut elements = Vec::new();
    // What is no array leaves the places unknown.
    let _read = for_each_element(&text, &mut |element| elements.push(scalar(element).map(Cow::Owned)));
    elements
}

/// The offsets among the system properties of each event.
fn annotated_offsets<'a>(metadata: &Object<'a>) -> Words<'a> {
    let offset = |properties: Value<'_>| {
        Object::parse(properties.raw()).ok()?.get(OFFSET_ANNOTATION).and_then(scalar).map(Cow::Owned)
    };
    let Some(properties) = metadata.get("SystemPropertiesArray") else {
        return vec![metadata.get("SystemProperties").and_then(offset)];
    };
    let text = properties.as_str().unwrap_or(Cow::Borrowed(properties.raw()));
    let mut offsets = Vec::new();
    // What is no array leaves the places unknown.
    let _read = for_each_element(&text, &mut |element| offsets.push(offset(element)));
    offsets
}

/// For each event the first of its words that there is.
fn first_of<'a, const N: usize>(words: [Words<'a>; N]) -> Words<'a> {
    let events = words.iter().map(Vec::len).max().unwrap_or_default();
    (0..events).map(|event| words.iter().find_map(|words| words.get(event)?.clone())).collect()
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
