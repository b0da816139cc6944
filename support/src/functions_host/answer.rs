//! The handler's answer under the host's rules.

use jiff::Timestamp;

use super::failure::HostFailure;
use super::function::Function;
use super::json::Json;
use super::output;
use super::write::Write;

/// Nesting that the host's response formatter reads.
const ANSWER_DEPTH: usize = 256;

/// An HTTP answer as it came.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The status code.
    pub status: u16,
    /// The Content-Type header.
    pub content_type: Option<String>,
    /// The whole body.
    pub body: Vec<u8>,
}

/// What the host takes from an answer.
#[derive(Debug)]
pub struct Accepted {
    /// The log lines.
    pub logs: Vec<String>,
    /// The outputs in the order of function.json; those with nothing to write are left out.
    pub outputs: Vec<Output>,
    /// Names in `Outputs` that function.json does not have: the host silently drops them.
    pub ignored: Vec<String>,
}

/// What one output binding writes.
#[derive(Debug)]
pub struct Output {
    /// The binding's name.
    pub binding: String,
    /// Its writes in order, or why there are none. The other bindings write all the same.
    pub writes: Result<Vec<Write>, HostFailure>,
}

impl Accepted {
    /// All writes in the order in which the stand-in makes them.
    pub fn writes(&self) -> Vec<Write> {
        self.outputs.iter().filter_map(|output| output.writes.as_ref().ok()).flatten().cloned().collect()
    }
}

impl Answer {
    /// Applies the rules of functions-host §5 (`DefaultHttpWorkerService`) and §4.
    pub fn accept(&self, function: &Function, now: Timestamp) -> Result<Accepted, HostFailure> {
        if !(200..300).contains(&self.status) {
            return Err(HostFailure::Status(self.status));
        }
        if self.status == 204 || self.body.is_empty() {
            return Err(HostFailure::Hang);
        }
        if !self.is_json() {
            return Err(HostFailure::MediaType(self.content_type.clone()));
        }
        let body = parse(&self.body)?;
        let outputs = member(&body, "Outputs");
        match outputs {
            Json::Object(_) | Json::Null => {}
            _ => return Err(HostFailure::Body("Outputs is not an object".to_owned())),
        }
        Ok(Accepted {
            logs: logs(member(&body, "Logs"))?,
            outputs: bound(function, &body, outputs, now),
            ignored: ignored(function, outputs),
        })
    }

    fn is_json(&self) -> bool {
        let media_type = self.content_type.as_deref().unwrap_or_default();
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        ["application/json", "text/json"].iter().any(|known| known.eq_ignore_ascii_case(essence))
    }
}

fn parse(body: &[u8]) -> Result<Json, HostFailure> {
    let text = std::str::from_utf8(body).map_err(|failure| HostFailure::Body(format!("not UTF-8: {failure}")))?;
    match Json::parse_within(text, ANSWER_DEPTH) {
        Ok(Json::Null) => Err(HostFailure::Hang),
        Ok(object @ Json::Object(_)) => Ok(object),
        Ok(_) => Err(HostFailure::Body("not an object".to_owned())),
        Err(failure) => Err(HostFailure::Body(failure.to_string())),
    }
}

/// A member of the answer itself: these match ignoring case, the names of outputs do not.
fn member<'a>(body: &'a Json, name: &str) -> &'a Json {
    body.member_ignoring_case(name).unwrap_or(&Json::Null)
}

fn logs(logs: &Json) -> Result<Vec<String>, HostFailure> {
    let lines = match logs {
        Json::Null => return Ok(Vec::new()),
        Json::Array(lines) => lines,
        _ => return Err(HostFailure::Body("Logs is not an array".to_owned())),
    };
    let line = |line: &Json| match line {
        Json::Null => Ok(String::new()),
        Json::Bool(value) => Ok(value.to_string()),
        Json::Number(digits) => Ok(digits.clone()),
        Json::Text(text) => Ok(text.clone()),
        _ => Err(HostFailure::Body("Logs holds an array or object".to_owned())),
    };
    lines.iter().map(line).collect()
}

fn bound(function: &Function, body: &Json, outputs: &Json, now: Timestamp) -> Vec<Output> {
    let mut bound = Vec::new();
    for binding in &function.outputs {
        // ReturnValue counts only where a binding asks for it.
        let value = if binding.name == "$return" {
            body.member_ignoring_case("ReturnValue")
        } else {
            outputs.member(&binding.name)
        };
        let writes = output::writes(binding, value.unwrap_or(&Json::Null), now);
        if !matches!(&writes, Ok(writes) if writes.is_empty()) {
            bound.push(Output { binding: binding.name.clone(), writes });
        }
    }
    bound
}

fn ignored(function: &Function, outputs: &Json) -> Vec<String> {
    let Json::Object(members) = outputs else {
        return Vec::new();
    };
    let known = |name: &String| function.outputs.iter().any(|binding| binding.name == *name);
    members.iter().map(|(name, _)| name.clone()).filter(|name| !known(name)).collect()
}
