//! One function of the app: its `function.json`.

use std::path::Path;
use std::time::Duration;

use serde::Deserialize;

use super::app::{Settings, SetupFailure, read_json};

/// A function and its bindings.
#[derive(Debug, Clone)]
pub struct Function {
    /// The folder's name, which is also the path that the host posts to.
    pub name: String,
    /// The binding that starts it.
    pub trigger: Trigger,
    /// Where its answer goes, in the order of function.json.
    pub outputs: Vec<OutputBinding>,
    /// What happens when it fails.
    pub retry: Option<RetryPolicy>,
}

/// The trigger binding.
#[derive(Debug, Clone)]
pub struct Trigger {
    /// The binding's type, such as `eventHubTrigger`.
    pub kind: String,
    /// The member of `Data` that holds its value.
    pub name: String,
    /// One event or a batch; one unless said otherwise.
    pub cardinality: Cardinality,
    /// The type asked for.
    pub data_type: Option<DataType>,
    /// The queue of a `queueTrigger`.
    pub queue_name: Option<String>,
}

/// How many events one invocation takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cardinality {
    /// A single event.
    One,
    /// A batch.
    Many,
}

/// The `dataType` of a binding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataType {
    /// Text.
    String,
    /// Bytes.
    Binary,
}

impl DataType {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Binary, Self::String];

    /// The word in function.json.
    pub fn name(self) -> &'static str {
        match self {
            Self::Binary => "binary",
            Self::String => "string",
        }
    }
}

/// An output binding.
#[derive(Debug, Clone)]
pub struct OutputBinding {
    /// The member of `Outputs` that feeds it.
    pub name: String,
    /// `Binary` stops the host from decoding what looks like base64.
    pub data_type: Option<DataType>,
    /// Where it writes.
    pub target: Target,
}

/// Where an output binding writes.
#[derive(Debug, Clone)]
pub enum Target {
    /// A storage queue.
    Queue(String),
    /// A blob; the path is a template.
    Blob(String),
    /// A binding type that the stand-in does not write.
    Other(String),
}

/// The `retry` section (functions-host §6).
#[derive(Debug, Clone, Copy)]
pub struct RetryPolicy {
    /// -1 is endless.
    pub max_retry_count: i64,
    /// The first pause.
    pub first_delay: Duration,
    /// The longest pause; the same as the first for `fixedDelay`.
    pub longest_delay: Duration,
}

impl RetryPolicy {
    /// The pause before attempt `retry` (1 is the first retry): doubled each time up to the longest.
    /// The host adds random jitter, which is left out here.
    pub fn delay(&self, retry: u32) -> Duration {
        let doubled = 2_u32.saturating_pow(retry.saturating_sub(1));
        self.first_delay.saturating_mul(doubled).min(self.longest_delay)
    }

    /// Whether attempt `retry` may take place.
    pub fn allows(&self, retry: u32) -> bool {
        self.max_retry_count < 0 || i64::from(retry) <= self.max_retry_count
    }
}

impl Function {
    /// Reads `<folder>/function.json`; the folder's name is the function's.
    pub fn read(folder: &Path, settings: &Settings) -> Result<Self, SetupFailure> {
        let file = folder.join("function.json");
        let json: FunctionJson = read_json(&file)?;
        let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let (triggers, others): (Vec<_>, Vec<_>) =
            json.bindings.into_iter().partition(|binding| ends_with_trigger(&binding.kind));
        let trigger = triggers.into_iter().next().ok_or(SetupFailure::NoTrigger(file))?;
        Ok(Self {
            name,
            trigger: trigger.into_trigger(settings),
            outputs: others
                .into_iter()
                .filter(|binding| binding.direction.eq_ignore_ascii_case("out"))
                .map(|binding| binding.into_output(settings))
                .collect(),
            retry: json.retry.map(RetryJson::into_policy),
        })
    }
}

fn ends_with_trigger(kind: &str) -> bool {
    kind.to_ascii_lowercase().ends_with("trigger")
}

#[derive(Deserialize)]
struct FunctionJson {
    bindings: Vec<BindingJson>,
    retry: Option<RetryJson>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BindingJson {
    #[serde(rename = "type")]
    kind: String,
    name: String,
    #[serde(default)]
    direction: String,
    cardinality: Option<String>,
    data_type: Option<String>,
    queue_name: Option<String>,
    path: Option<String>,
}

impl BindingJson {
    fn data_type(&self) -> Option<DataType> {
        let text = self.data_type.as_deref()?;
        DataType::ALL.into_iter().find(|data_type| data_type.name().eq_ignore_ascii_case(text))
    }

    fn into_trigger(self, settings: &Settings) -> Trigger {
        let many = self.cardinality.as_deref().is_some_and(|cardinality| cardinality.eq_ignore_ascii_case("many"));
        Trigger {
            data_type: self.data_type(),
            cardinality: if many { Cardinality::Many } else { Cardinality::One },
            queue_name: self.queue_name.map(|name| settings.expand(&name)),
            kind: self.kind,
            name: self.name,
        }
    }

    fn into_output(self, settings: &Settings) -> OutputBinding {
        let expanded = |text: Option<String>| settings.expand(&text.unwrap_or_default());
        OutputBinding {
            data_type: self.data_type(),
            name: self.name,
            target: match self.kind.to_ascii_lowercase().as_str() {
                "queue" => Target::Queue(expanded(self.queue_name)),
                "blob" => Target::Blob(expanded(self.path)),
                _ => Target::Other(self.kind),
            },
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct RetryJson {
    max_retry_count: i64,
    delay_interval: Option<String>,
    minimum_interval: Option<String>,
    maximum_interval: Option<String>,
}

impl RetryJson {
    fn into_policy(self) -> RetryPolicy {
        let first = self.delay_interval.or(self.minimum_interval);
        let first_delay = first.as_deref().and_then(time_span).unwrap_or_default();
        let longest = self.maximum_interval.as_deref().and_then(time_span);
        RetryPolicy {
            max_retry_count: self.max_retry_count,
            first_delay,
            longest_delay: longest.unwrap_or(first_delay),
        }
    }
}

/// A .NET `TimeSpan` of the form `hh:mm:ss`.
fn time_span(text: &str) -> Option<Duration> {
    let seconds = text
        .split(':')
        .map(|part| part.parse::<u64>().ok())
        .try_fold(0, |sum, part| part.map(|part| sum * 60 + part))?;
    Some(Duration::from_secs(seconds))
}
