//! The `Metadata` object of an invocation: what the host adds to the trigger's value.

use jiff::Timestamp;
use uuid::Uuid;

use super::event_hub::{Batch, Event};
use super::iso_date::{self, IsoDate};
use super::json::Json;
use super::newtonsoft::{array, compact, invariant_number, object, quoted};

/// Fully qualified name of the made-up Event Hubs namespace.
const NAMESPACE: &str = "evhns-example.servicebus.windows.net";
/// Name of the made-up event hub.
const EVENT_HUB: &str = "insights-activity-logs";

/// The retry state of an invocation (functions-host §2, WebJobs `RetryContext`).
#[derive(Debug, Clone)]
pub struct RetryContext {
    /// 0 for the first attempt.
    pub retry_count: u32,
    /// From function.json; -1 is endless.
    pub max_retry_count: i64,
    /// Why the previous attempt failed.
    pub failure: Option<String>,
}

/// Binding data under construction: each value is JSON text already.
#[derive(Debug, Clone, Default)]
pub struct Metadata(Vec<(String, String)>);

impl Metadata {
    /// The trigger's data for a whole batch: arrays in the order of the events
    /// (functions-host §2, `EventHubTriggerBindingStrategy`).
    pub fn of_batch(batch: &Batch) -> Self {
        let each = |text: fn(&Event) -> String| quoted(&array(batch.events.iter().map(text)));
        let mut metadata = Self::default();
        metadata.set("PartitionContext", partition_context(&batch.partition_id));
        metadata.set("PartitionKeyArray", each(partition_key));
        metadata.set("OffsetArray", each(|event| quoted(offset_number(event))));
        if batch.has_offset_strings {
            metadata.set("OffsetStringArray", each(|event| quoted(&event.offset)));
        }
        metadata.set("SequenceNumberArray", each(|event| event.sequence_number.to_string()));
        metadata.set("EnqueuedTimeUtcArray", each(enqueued_time));
        metadata.set("PropertiesArray", each(|_| "{}".to_owned()));
        metadata.set("SystemPropertiesArray", each(system_properties));
        metadata
    }

    /// The trigger's data for a single event, with the enqueued time cut to seconds.
    pub fn of_event(partition_id: &str, event: &Event) -> Self {
        let mut metadata = Self::default();
        metadata.set("PartitionContext", partition_context(partition_id));
        if let Some(key) = &event.partition_key {
            metadata.set("PartitionKey", quoted(&quoted(key)));
        }
        metadata.set("Offset", quoted(offset_number(event)));
        metadata.set("SequenceNumber", quoted(&event.sequence_number.to_string()));
        metadata.set("EnqueuedTimeUtc", quoted(&iso_date::whole_seconds(event.enqueued_at)));
        metadata.set("Properties", "{}".to_owned());
        metadata.set("SystemProperties", system_properties(event));
        metadata
    }

    /// Adds what the host adds to every invocation (WebJobs `SystemBindingData`).
    pub fn add_system(&mut self, function: &str) {
        let now = format!("{}Z", iso_date::without_zone(Timestamp::now()));
        let sys = object([
            ("MethodName", quoted(function)),
            ("UtcNow", quoted(&now)),
            ("RandGuid", quoted(&Uuid::new_v4().to_string())),
        ]);
        self.set("sys", sys);
    }

    /// Adds the retry context, as under a retry policy on every attempt.
    pub fn add_retry(&mut self, function: &str, retry: &RetryContext) {
        let exception = match &retry.failure {
            Some(failure) => object([
                ("MethodName", quoted(&format!("Functions.{function}"))),
                ("ClassName", quoted("Microsoft.Azure.WebJobs.Host.FunctionInvocationException")),
                ("Message", quoted(&format!("Exception while executing function: Functions.{function}"))),
                ("InnerException", object([("Message", quoted(failure))])),
            ]),
            None => "null".to_owned(),
        };
        let retry = object([
            ("RetryCount", retry.retry_count.to_string()),
            ("MaxRetryCount", retry.max_retry_count.to_string()),
            ("Exception", exception),
            ("Instance", "null".to_owned()),
            ("State", "{}".to_owned()),
        ]);
        self.set("RetryContext", retry);
    }

    /// Adds the members of a trigger string that is a JSON object, over keys that exist
    /// (functions-host §2 "Leak", `Utility.ApplyBindingData`). Arrays and nulls stay out.
    pub fn leak(&mut self, trigger: &str) {
        let looks_like_object = trigger.trim().starts_with('{') && trigger.trim().ends_with('}');
        let Some(Json::Object(members)) = looks_like_object.then(|| Json::parse(trigger).ok()).flatten() else {
            return;
        };
        for (name, value) in members {
            let text = match value {
                Json::Array(_) | Json::Null => continue,
                Json::Object(_) => {
                    self.set(&name, compact(&value));
                    continue;
                }
                Json::Bool(true) => "True".to_owned(),
                Json::Bool(false) => "False".to_owned(),
                Json::Number(digits) => invariant_number(&digits),
                Json::Text(text) => match IsoDate::parse(&text) {
                    Some(date) => date.invariant(),
                    None => text,
                },
            };
            self.set(&name, quoted(&quoted(&text)));
        }
    }

    /// Sets a key. One that exists, ignoring case, keeps its spelling and its place.
    pub fn set(&mut self, name: &str, value: String) {
        let known = self.0.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(name));
        match known {
            Some(known) => known.1 = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// The JSON text; keys that end in "trigger" are dropped.
    pub fn into_text(self) -> String {
        let kept = self
            .0
            .iter()
            .filter(|(name, _)| !name.to_ascii_lowercase().ends_with("trigger"))
            .map(|(name, value)| (name.as_str(), value.clone()));
        object(kept)
    }
}

fn partition_context(partition_id: &str) -> String {
    object([
        ("IsCheckpointingAfterInvocation", "true".to_owned()),
        ("FullyQualifiedNamespace", quoted(NAMESPACE)),
        ("EventHubName", quoted(EVENT_HUB)),
        ("ConsumerGroup", quoted("$Default")),
        ("PartitionId", quoted(partition_id)),
    ])
}

fn system_properties(event: &Event) -> String {
    object([
        ("x-opt-sequence-number", event.sequence_number.to_string()),
        ("x-opt-offset", quoted(&event.offset)),
        ("x-opt-enqueued-time", quoted(&format!("{}+00:00", iso_date::without_zone(event.enqueued_at)))),
        ("SequenceNumber", event.sequence_number.to_string()),
        ("Offset", offset_number(event).to_owned()),
        ("PartitionKey", partition_key(event)),
        ("EnqueuedTimeUtc", enqueued_time(event)),
    ])
}

/// The offset if it is a number, and -1 if not, as in geo-replicated namespaces.
fn offset_number(event: &Event) -> &str {
    if event.offset.parse::<u64>().is_ok() { &event.offset } else { "-1" }
}

fn partition_key(event: &Event) -> String {
    event.partition_key.as_deref().map_or_else(|| "null".to_owned(), quoted)
}

fn enqueued_time(event: &Event) -> String {
    quoted(&iso_date::without_zone(event.enqueued_at))
}
