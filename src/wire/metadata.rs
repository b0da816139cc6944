//! Where the hub says that the events stand. All of it is optional, and the senders of events can influence some of it.

use std::borrow::Cow;

use super::Invocation;
use crate::alert::Place;
use crate::json::{Kind, Object, Value, for_each_element};

/// The places of a batch's events, by their number in the batch.
#[derive(Debug, Default)]
pub struct EventPlaces {
    partition_id: Option<String>,
    sequence_numbers: Vec<Option<String>>,
    offsets: Vec<Option<String>>,
    enqueued_times: Vec<Option<String>>,
}

impl EventPlaces {
    /// Reads the places that the host names, for cardinality many (arrays in strings) or one.
    #[must_use]
    pub fn of(invocation: &Invocation<'_>) -> Self {
        let metadata = invocation.metadata();
        let values = |many, one| match metadata.get(many) {
            Some(array) => elements(array),
            None => vec![metadata.get(one).and_then(scalar)],
        };
        let context = metadata.get("PartitionContext").filter(|context| context.kind() == Kind::Object);
        let context = context.and_then(|context| Object::parse(context.raw()).ok()).unwrap_or_default();
        Self {
            partition_id: context.get("PartitionId").and_then(scalar),
            sequence_numbers: values("SequenceNumberArray", "SequenceNumber"),
            offsets: values("OffsetArray", "Offset"),
            enqueued_times: values("EnqueuedTimeUtcArray", "EnqueuedTimeUtc"),
        }
    }

    /// The place of the event at `index` in the batch.
    #[must_use]
    pub fn of_event(&self, index: usize) -> Place {
        let at = |values: &Vec<Option<String>>| values.get(index).cloned().flatten();
        Place {
            partition_id: self.partition_id.clone(),
            sequence_number: at(&self.sequence_numbers).and_then(|number| number.parse().ok()),
            offset: at(&self.offsets),
            enqueued_time: at(&self.enqueued_times).map(in_utc),
            ..Place::default()
        }
    }
}

/// An array, or the text of one in a string.
fn elements(value: Value<'_>) -> Vec<Option<String>> {
    let text = value.as_str().unwrap_or(Cow::Borrowed(value.raw()));
    let mut elements = Vec::new();
    // What is no array leaves the places unknown.
    let _read = for_each_element(&text, &mut |element| elements.push(scalar(element)));
    elements
}

/// A string or number as text; the host wraps some strings twice.
pub(super) fn scalar(value: Value<'_>) -> Option<String> {
    match value.kind() {
        Kind::String => {
            let text = value.as_str()?;
            let inner = Value::parse(&text).ok().and_then(|inner| inner.as_str().map(Cow::into_owned));
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
