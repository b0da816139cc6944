//! What was asked, and where the findings come from.

use super::safe::Safe;
use super::table::table;
use crate::dossier::evidence::Evidence;
use crate::dossier::findings::Findings;

/// How many inputs are listed.
const MOST: usize = 200;

/// Whom and which time it is about.
pub(super) fn asked(findings: &Findings, evidence: &Evidence) -> Safe {
    let wanted = &findings.wanted;
    let ids = wanted.identities.iter().map(|id| Safe::foreign(id));
    let addresses = wanted.networks.iter().map(|(address, _)| Safe::foreign(address));
    let asked = Safe::joined(ids.chain(addresses), ", ");
    let mut out = Safe::markup("<p class=\"about\">");
    out.push(&match (evidence.is_by_alerts, asked.is_empty()) {
        (true, true) => Safe::words("No alert of severity HIGH or above in these logs, so nobody is looked at"),
        (true, false) => {
            Safe::joined([Safe::words("The callers of all alerts of severity HIGH or above:"), asked], " ")
        }
        (false, _) => Safe::joined([Safe::words("Asked for:"), asked], " "),
    });
    let span = findings.span.map(|span| (Safe::time(span.first), Safe::time(span.last)));
    if let Some((first, last)) = span {
        out.write(format_args!("; from {first} to {last}"));
    }
    out.write(format_args!(". All times are UTC. Made {}.</p>\n", Safe::time(evidence.ended)));
    for id in &findings.not_found {
        out.write(format_args!(
            "<p class=\"bad\">No record of {} in these logs and this period.</p>\n",
            Safe::foreign(id)
        ));
    }
    out
}

/// Program, command, settings and inputs.
pub(super) fn origin(evidence: &Evidence) -> Safe {
    let mut out = Safe::default();
    let command = Safe::joined(evidence.command.iter().map(|argument| Safe::foreign(argument)), " ");
    out.write(format_args!(
        "<p>{}, from {} to {}.</p>\n<p><code>{command}</code></p>\n",
        Safe::foreign(&evidence.version),
        Safe::time(evidence.started),
        Safe::time(evidence.ended)
    ));
    let settings =
        evidence.settings.iter().map(|(name, value)| Safe::joined([Safe::words(name), Safe::foreign(value)], " = "));
    out.write(format_args!("<p class=\"about\">{}</p>\n", Safe::joined(settings, "; ")));
    let rows = evidence.inputs.iter().map(|input| {
        vec![
            Safe::foreign(&input.path),
            Safe::number(input.bytes),
            Safe::number(input.records),
            Safe::foreign(input.sha256.as_deref().unwrap_or("not read")).within("<span class=\"id\">", "</span>"),
            Safe::joined(input.unread.iter().map(|unread| Safe::foreign(unread)), "; "),
        ]
    });
    out.push(&table(&["Input", "Bytes", "Records", "SHA-256", "Not read"], rows, MOST, "report.json"));
    out
}
