//! Request bodies: how the host writes a batch of events into the JSON that it posts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::event_hub::{Batch, Event};
use super::function::{Cardinality, DataType, Function, Trigger};
use super::json::{Json, JsonFailure};
use super::metadata::{Metadata, RetryContext};
use super::newtonsoft::{array, compact, object, quoted};

/// The forms of an Event Hub trigger's value (functions-host §1, `ScriptInvocationContextExtensions`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// A string holding an array of strings, each the text of one event.
    ManyString,
    /// A string holding an array of base64 strings.
    ManyBinary,
    /// A string holding an array of parsed values: no dataType in function.json.
    ManyNone,
    /// A string holding one string: the text of the event. Also what no dataType gives.
    OneString,
    /// Bare base64.
    OneBinary,
}

/// Why the host could not even call the handler.
#[derive(Debug, thiserror::Error)]
pub enum EncodingFailure {
    /// Without a dataType every body has to be JSON, or the whole batch fails while binding.
    #[error("event {index} cannot be bound without a dataType: {source}")]
    Unbindable {
        /// Place in the batch.
        index: usize,
        /// What is wrong with it.
        source: JsonFailure,
    },
    /// A queue message bound to a string has to be UTF-8; the host sends it to the poison queue.
    #[error("the queue message is not UTF-8, so the host cannot bind it to a string")]
    NotUtf8,
}

impl Encoding {
    /// All five.
    pub const ALL: [Self; 5] = [Self::ManyString, Self::ManyBinary, Self::ManyNone, Self::OneString, Self::OneBinary];

    /// The form that a trigger's cardinality and dataType lead to.
    pub fn of(trigger: &Trigger) -> Self {
        match (trigger.cardinality, trigger.data_type) {
            (Cardinality::Many, Some(DataType::String)) => Self::ManyString,
            (Cardinality::Many, Some(DataType::Binary)) => Self::ManyBinary,
            (Cardinality::Many, None) => Self::ManyNone,
            (Cardinality::One, Some(DataType::Binary)) => Self::OneBinary,
            (Cardinality::One, _) => Self::OneString,
        }
    }

    /// Whether a whole batch goes into one request.
    fn is_many(self) -> bool {
        matches!(self, Self::ManyString | Self::ManyBinary | Self::ManyNone)
    }
}

/// The one request body for a whole batch, or the body for its first event where the encoding
/// takes single events (see [`singles`]).
pub fn request_body(
    encoding: Encoding,
    function: &Function,
    batch: &Batch,
    retry: Option<&RetryContext>,
) -> Result<Vec<u8>, EncodingFailure> {
    let (data, mut metadata) = match (encoding, batch.events.first()) {
        (Encoding::OneString, Some(event)) => {
            let text = String::from_utf8_lossy(&event.body);
            let mut metadata = Metadata::of_event(&batch.partition_id, event);
            metadata.add_system(&function.name);
            metadata.leak(&text);
            (quoted(&quoted(&text)), metadata)
        }
        (Encoding::OneBinary, Some(event)) => {
            let metadata = Metadata::of_event(&batch.partition_id, event);
            (quoted(&STANDARD.encode(&event.body)), metadata)
        }
        _ => (many(encoding, &batch.events)?, Metadata::of_batch(batch)),
    };
    if encoding != Encoding::OneString {
        metadata.add_system(&function.name);
    }
    if let Some(retry) = retry {
        metadata.add_retry(&function.name, retry);
    }
    Ok(envelope(&function.trigger.name, data, metadata))
}

/// The batches that the host posts one after another: the batch itself, or its events one by one.
pub fn singles(encoding: Encoding, batch: &Batch) -> Vec<Batch> {
    if encoding.is_many() {
        return vec![batch.clone()];
    }
    let single = |event: &Event| Batch { events: vec![event.clone()], ..batch.clone() };
    batch.events.iter().map(single).collect()
}

/// `{"Data":{…},"Metadata":{…}}` as the host's formatter writes it.
pub fn envelope(binding: &str, data: String, metadata: Metadata) -> Vec<u8> {
    let body = object([("Data", object([(binding, data)])), ("Metadata", metadata.into_text())]);
    body.into_bytes()
}

fn many(encoding: Encoding, events: &[Event]) -> Result<String, EncodingFailure> {
    let elements: Vec<String> = match encoding {
        Encoding::ManyBinary => events.iter().map(|event| quoted(&STANDARD.encode(&event.body))).collect(),
        Encoding::ManyNone => events
            .iter()
            .enumerate()
            .map(|(index, event)| bound(&event.body).map_err(|source| EncodingFailure::Unbindable { index, source }))
            .collect::<Result<_, _>>()?,
        // Bad UTF-8 silently becomes U+FFFD, and a byte order mark stays.
        _ => events.iter().map(|event| quoted(&String::from_utf8_lossy(&event.body))).collect(),
    };
    Ok(quoted(&array(elements)))
}

/// `JsonConvert.DeserializeObject(text, typeof(object))`, printed again.
fn bound(body: &[u8]) -> Result<String, JsonFailure> {
    let text = String::from_utf8_lossy(body);
    if text.trim().is_empty() {
        return Ok("null".to_owned());
    }
    Ok(compact(&Json::parse(&text)?))
}
