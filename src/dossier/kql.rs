//! Ready queries for the same identities and period, for those who have the logs in a workspace, too.

use jiff::SignedDuration;

use super::findings::Findings;
use crate::counted::Span;
use crate::facts::Identity;
use crate::hidden::sanitized;
use crate::queries::{self, Period};

impl Findings {
    /// Queries for each identity and address, for the tables that know them.
    #[must_use]
    pub fn queries_kql(&self) -> String {
        let Some(span) = self.events_span() else {
            return "// No record was found, so there is no period to ask for: give --since and --until.\n".to_owned();
        };
        // What ends the period belongs to it.
        let period =
            Period { from: span.first, to: span.last.checked_add(SignedDuration::from_secs(1)).unwrap_or(span.last) };
        let by_id = |id: &String| {
            let object = Identity { object_id: Some(id.clone()), ..Identity::default() };
            let application = Identity { app_id: Some(id.clone()), ..Identity::default() };
            [("not found, as an object", object), ("not found, as an application", application)]
        };
        let by_address = |address: &String| Identity { caller_address: Some(address.clone()), ..Identity::default() };
        let found = self.identities.iter().filter(|person| person.identity.is_named());
        let mut asked: Vec<(String, Identity)> =
            found.map(|person| (person.name.clone(), person.identity.clone())).collect();
        let addresses = self.wanted.networks.iter().map(|(address, _)| (address.clone(), by_address(address)));
        asked.extend(addresses);
        asked.extend(self.not_found.iter().flat_map(by_id).map(|(what, identity)| (what.to_owned(), identity)));
        let mut text = String::new();
        for (name, identity) in &asked {
            let queries = [
                queries::audit_logs(identity, &period),
                queries::diagnostics(identity, &period),
                queries::activity(identity, &period),
            ];
            for query in queries.into_iter().flatten() {
                text.push_str(&format!("// {}\n{query}\n", sanitized(name)));
            }
        }
        text
    }

    /// From the first record to the last one, or as was asked for.
    fn events_span(&self) -> Option<Span> {
        let times = || self.events.iter().filter_map(|event| event.time);
        let first = self.bounds.since.or_else(|| times().min());
        let last = self.bounds.until.or_else(|| times().max());
        match (first, last) {
            (Some(first), Some(last)) => Some(Span { first, last }),
            _ => self.span,
        }
    }
}
