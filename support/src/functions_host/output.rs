//! One output value turned into writes, with every conversion that the host makes.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;

use super::blob_path;
use super::failure::HostFailure;
use super::function::{DataType, OutputBinding, Target};
use super::iso_date::IsoDate;
use super::json::Json;
use super::newtonsoft::{compact, indented, invariant_number};
use super::write::Write;

/// The writes that a value results in (functions-host §4, `HttpScriptInvocationResultExtensions`,
/// `FunctionBinding.BindAsyncCollectorAsync` and `BindStreamAsync`). `null` writes nothing.
pub fn writes(binding: &OutputBinding, value: &Json, now: Timestamp) -> Result<Vec<Write>, HostFailure> {
    let failed = |reason: String| HostFailure::Output { binding: binding.name.clone(), reason };
    if *value == Json::Null {
        return Ok(Vec::new());
    }
    match &binding.target {
        Target::Queue(queue) => {
            let messages = messages(value, binding.data_type).map_err(failed)?;
            let write = |bytes| Write::Queue { queue: queue.clone(), bytes };
            Ok(messages.into_iter().map(write).collect())
        }
        Target::Blob(template) => Ok(vec![Write::Blob {
            bytes: content(value, binding.data_type).map_err(failed)?,
            path: blob_path::expand(template, now).map_err(failed)?,
        }]),
        Target::Other(kind) => Err(failed(format!("the stand-in writes no {kind}"))),
    }
}

/// `ReadAsEnumerable` and then `ToString()` of each: only an array of strings stays as it is.
fn messages(value: &Json, data_type: Option<DataType>) -> Result<Vec<Vec<u8>>, String> {
    let elements = match value {
        Json::Array(elements) => elements.clone(),
        Json::Text(text) => {
            if let Some(bytes) = guessed_base64(text, data_type) {
                return Ok(vec![bytes]);
            }
            if !looks_like_json(text) {
                return Ok(vec![printed(value).into_bytes()]);
            }
            match Json::parse(text).map_err(|failure| failure.to_string())? {
                Json::Array(elements) => elements,
                single => vec![single],
            }
        }
        other => vec![other.clone()],
    };
    Ok(elements.iter().map(|element| printed(element).into_bytes()).collect())
}

/// `JToken.ToString()`: strings bare, bare ISO dates rewritten, containers over many lines.
fn printed(element: &Json) -> String {
    match element {
        Json::Null => String::new(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        Json::Number(digits) => invariant_number(digits),
        Json::Text(text) => match IsoDate::parse(text) {
            Some(date) => date.invariant(),
            None => text.clone(),
        },
        Json::Array(_) | Json::Object(_) => indented(element),
    }
}

/// `ConvertValueToStream`: a string byte for byte, unless it happens to be base64; numbers and bools as
/// their machine bytes.
fn content(value: &Json, data_type: Option<DataType>) -> Result<Vec<u8>, String> {
    match value {
        Json::Text(text) => match (guessed_base64(text, data_type), IsoDate::parse(text)) {
            (Some(bytes), _) => Ok(bytes),
            (None, Some(_)) => Err("a DateTime cannot be written to a stream".to_owned()),
            (None, None) => Ok(text.clone().into_bytes()),
        },
        Json::Bool(value) => Ok(vec![u8::from(*value)]),
        Json::Number(digits) => match digits.parse::<i64>() {
            // The host cuts a long down to an int here.
            Ok(whole) => Ok(whole.to_le_bytes().into_iter().take(4).collect()),
            Err(_) => {
                digits.parse::<f64>().map(|float| float.to_le_bytes().to_vec()).map_err(|failure| failure.to_string())
            }
        },
        Json::Null => Ok(Vec::new()),
        Json::Array(_) | Json::Object(_) => Ok(compact(value).into_bytes()),
    }
}

/// `Convert.FromBase64String`, which the host tries on every string output that is not declared binary.
fn guessed_base64(text: &str, data_type: Option<DataType>) -> Option<Vec<u8>> {
    let dense: String = text.chars().filter(|c| !matches!(c, ' ' | '\t' | '\r' | '\n')).collect();
    let guess = data_type != Some(DataType::Binary);
    guess.then(|| STANDARD.decode(dense).ok()).flatten()
}

/// `Utility.IsJson`: the outermost characters decide.
fn looks_like_json(text: &str) -> bool {
    let text = text.trim();
    let enclosed = |open, close| text.starts_with(open) && text.ends_with(close);
    enclosed('{', '}') || enclosed('[', ']')
}
