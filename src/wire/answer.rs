//! The answer to the host: `{"Outputs":{…},"Logs":[…],"ReturnValue":null}`, always whole.
//!
//! An empty body, 204 or `null` would leave the host waiting until the function times out.

use super::InvocationId;
use crate::json::{push_quoted, to_text};

/// An answer that the host processes.
#[derive(Debug, Default)]
pub struct Answer {
    /// What goes to the output bindings.
    pub outputs: Outputs,
    /// Lines for the function's log, printable characters only.
    pub logs: Vec<String>,
}

/// The output bindings; one with nothing in it is left out.
#[derive(Debug, Default)]
pub struct Outputs {
    /// Messages of the queue `certificate-alerts`: an array of strings is the only form that arrives byte for byte.
    pub alerts: Vec<String>,
    /// Messages of the queue `certificate-teams`.
    pub teams: Vec<String>,
    /// NDJSON of what was set aside: one string, which a blob output writes byte for byte.
    pub rejected: String,
}

impl Answer {
    /// Names the invocation in the first line of the log, which sums it up as an object of JSON.
    #[must_use]
    pub fn naming(mut self, id: Option<&InvocationId>) -> Self {
        let id = to_text(&id);
        if let Some(line) = self.logs.first_mut()
            && let Some(fields) = line.strip_prefix('{')
        {
            *line = format!("{{\"invocationId\":{id},{fields}");
        }
        self
    }

    /// The answer's JSON text, written straight: nearly all of it are messages with their quotes escaped. `ReturnValue` is
    /// always null, because an object there would be merged into the outputs.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        let Outputs { alerts, teams, rejected } = &self.outputs;
        let mut json = Vec::with_capacity(self.likely_len());
        json.extend_from_slice(br#"{"Outputs":{"#);
        for (name, messages) in [("alerts", alerts), ("teams", teams)] {
            if !messages.is_empty() {
                push_name(&mut json, name);
                push_list(&mut json, messages);
            }
        }
        if !rejected.is_empty() {
            push_name(&mut json, "rejected");
            push_quoted(&mut json, rejected);
        }
        json.extend_from_slice(br#"},"Logs":"#);
        push_list(&mut json, &self.logs);
        json.extend_from_slice(br#","ReturnValue":null}"#);
        json
    }

    /// About how long the JSON text is: an alert is a third longer once its quotes are escaped.
    fn likely_len(&self) -> usize {
        let Outputs { alerts, teams, rejected } = &self.outputs;
        let strings = alerts.iter().chain(teams).chain(&self.logs).map(String::len).sum::<usize>() + rejected.len();
        256 + strings + strings / 3
    }
}

/// Begins the next member of an object.
fn push_name(json: &mut Vec<u8>, name: &str) {
    push_comma(json, b'{');
    push_quoted(json, name);
    json.push(b':');
}

fn push_list(json: &mut Vec<u8>, texts: &[String]) {
    json.push(b'[');
    for text in texts {
        push_comma(json, b'[');
        push_quoted(json, text);
    }
    json.push(b']');
}

/// Parts a member from the one before it, if it is not the first after this bracket.
fn push_comma(json: &mut Vec<u8>, bracket: u8) {
    if !json.ends_with(&[bracket]) {
        json.push(b',');
    }
}
