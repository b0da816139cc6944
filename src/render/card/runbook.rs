//! What to do, with queries, command lines and an entry that are ready to be copied.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde_json::Value;

use super::case::Case;
use super::elements::{Look, code, foreign, words};
use super::links::is_guid;
use super::{Limits, names, when};
use crate::expected::ready_entry;
use crate::queries::{self, Period};

/// The lines of the section; the command that lists all names is one of them where it does not stand in sight.
pub(super) fn runbook(case: &Case<'_>, limits: &Limits, with_command: bool) -> Vec<Value> {
    if case.is_of_sigma() {
        return of_sigma(case, limits);
    }
    let command = names::command(case).filter(|_| with_command);
    let steps: [(&'static str, Vec<Option<String>>); 4] = [
        (
            "All that it did, from an hour before its first read to a day after the last that is known; ask the table that the \
             workspace has:",
            queries(case),
        ),
        ("Every name, from saved logs in the folder LOGS:", vec![command]),
        (
            "Compare with the 30 days before: an application at its start reads the same names each time, from the same address and \
             with the same client; a thief lists, and reads what this identity never read. If nobody knows this run, take its access \
             away (Contain); then renew what was read, first that whose private key may have left, and revoke the old ones.",
            Vec::new(),
        ),
        (
            "If it is expected, this entry in the list of expected access silences it until the end of tomorrow (UTC):",
            vec![entry(case)],
        ),
    ];
    items(steps, limits)
}

/// The lines of a rule that others wrote: nothing is known of what it is about, but what its author says.
fn of_sigma(case: &Case<'_>, limits: &Limits) -> Vec<Value> {
    let harmless = case.notice.rule.false_positives.iter().take(limits.of_a_kind);
    let harmless: Vec<_> = harmless.map(|text| foreign(text, limits.name, Look::Usual)).collect();
    let known = words("What the rule's author knows to match, and to be no attack:", Look::Usual);
    let known = Some(known).filter(|_| !harmless.is_empty());
    let before = (
        "All that this identity did, from an hour before to a day after; ask the table that the workspace has:",
        queries(case),
    );
    let after = (
        "If it is expected, this entry in the list of expected access silences it until the end of tomorrow (UTC):",
        vec![entry(case)],
    );
    items([before], limits).into_iter().chain(known).chain(harmless).chain(items([after], limits)).collect()
}

/// Steps with what is ready to be copied for them; one that has nothing ready, although it should, is left out.
fn items(steps: impl IntoIterator<Item = (&'static str, Vec<Option<String>>)>, limits: &Limits) -> Vec<Value> {
    let mut items = Vec::new();
    for (text, ready) in steps {
        let is_text_alone = ready.is_empty();
        let ready: Vec<_> = ready.iter().flatten().map(|text| code(text, limits.ready)).collect();
        if is_text_alone || !ready.is_empty() {
            items.push(words(text, Look::Usual));
            items.extend(ready);
        }
    }
    items
}

/// The queries of the tables that may have what the alert is about.
fn queries(case: &Case<'_>) -> Vec<Option<String>> {
    let Some(period) = period(case) else { return vec![None] };
    let identity = &case.who.identity;
    let activity = queries::activity(identity, &period).filter(|_| case.is_in_activity_log() || case.is_of_sigma());
    vec![activity, queries::audit_logs(identity, &period), queries::diagnostics(identity, &period)]
}

fn period(case: &Case<'_>) -> Option<Period> {
    let from = case.first?.checked_sub(1.hours()).ok()?;
    Some(Period { from, to: case.last?.checked_add(24.hours()).ok()? })
}

fn entry(case: &Case<'_>) -> Option<String> {
    let id = Some(case.notice.rule.id.as_str()).filter(|id| case.is_of_sigma() && is_guid(id));
    let rule = case.rule.as_ref().map(|rule| rule.name).or(id)?;
    let until: Date = day(when::parsed(&case.notice.created_at)?).tomorrow().ok()?;
    ready_entry(rule, &case.who.identity, until)
}

fn day(time: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(time).date()
}
