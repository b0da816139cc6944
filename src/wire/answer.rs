//! The answer to the host: `{"Outputs":{…},"Logs":[…],"ReturnValue":null}`, always whole.
//!
//! An empty body, 204 or `null` would leave the host waiting until the function times out.

use serde::Serialize;

use super::InvocationId;
use crate::json;

/// An answer that the host processes.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Answer {
    /// What goes to the output bindings.
    pub outputs: Outputs,
    /// Lines for the function's log, printable characters only.
    pub logs: Vec<String>,
    /// Always null: an object here would be merged into the outputs.
    pub return_value: (),
}

/// The output bindings; one with nothing in it is left out.
#[derive(Debug, Default, Serialize)]
pub struct Outputs {
    /// Messages of the queue `certificate-alerts`: an array of strings is the only form that arrives byte for byte.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub alerts: Vec<String>,
    /// Messages of the queue `certificate-teams`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub teams: Vec<String>,
    /// NDJSON of what was set aside: one string, which a blob output writes byte for byte.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub rejected: String,
}

impl Answer {
    /// Names the invocation in the first line of the log, which sums it up as an object of JSON.
    #[must_use]
    pub fn naming(mut self, id: Option<&InvocationId>) -> Self {
        let id = json::to_text(&id);
        if let Some(line) = self.logs.first_mut()
            && let Some(fields) = line.strip_prefix('{')
        {
            *line = format!("{{\"invocationId\":{id},{fields}");
        }
        self
    }

    /// The answer's JSON text.
    ///
    /// # Panics
    /// When it cannot be serialized, which would be a bug in this program: an empty answer would lose its alerts.
    #[must_use]
    #[expect(clippy::expect_used, reason = "strings can always be serialized")]
    pub fn to_json(&self) -> Vec<u8> {
        let mut json = Vec::with_capacity(self.likely_len());
        serde_json::to_writer(&mut json, self).expect("an answer of strings");
        json
    }

    /// About how long the JSON text is: an alert is a third longer once its quotes are escaped.
    fn likely_len(&self) -> usize {
        let Outputs { alerts, teams, rejected } = &self.outputs;
        let strings = alerts.iter().chain(teams).chain(&self.logs).map(String::len).sum::<usize>() + rejected.len();
        256 + strings + strings / 3
    }
}
