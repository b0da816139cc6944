//! The parts of the page about people and what they read.

use std::collections::BTreeSet;

use super::chart::chart;
use super::counted;
use super::safe::Safe;
use super::table::table;
use crate::counted::Span;
use crate::dossier::findings::Findings;
use crate::dossier::habits::Kind;
use crate::dossier::person::Person;
use crate::dossier::run::Run;
use crate::private_key::PrivateKey;

/// How many rows the tables of the page have; the files have all.
const MOST_NAMES: usize = 60;
const MOST_HABITS: usize = 20;
const MOST_LINES: usize = 200;

/// The names, the worst first.
pub(super) fn rotate(findings: &Findings) -> Safe {
    let about = "Likely: the secret of a certificate's name was read, which holds the private key where that is exportable. \
                 Wrapped: a backup was taken. No: the public part only. Unknown: a secret that may be anything, so rotate it.";
    let mut out = Safe::words(about).within("<p class=\"about\">", "</p>\n");
    if findings.rotate.is_empty() {
        out.push(&Safe::markup("<p>Nothing was read.</p>\n"));
        return out;
    }
    let rows = findings.rotate.iter().map(|row| {
        let key = Safe::words(row.private_key.as_str());
        let is_bad = matches!(row.private_key, PrivateKey::Likely | PrivateKey::Wrapped);
        vec![
            Safe::foreign(&row.vault),
            Safe::foreign(&row.name),
            Safe::words(row.kind),
            if is_bad { key.within("<span class=\"bad\">", "</span>") } else { key },
            Safe::number(row.times),
            row.span.map_or_else(Safe::default, span),
        ]
    });
    out.push(&table(&["Vault", "Name", "Kind", "Private key", "Reads", "When"], rows, MOST_NAMES, "rotate.csv"));
    out
}

/// Each identity, with what is usual for it and what is not.
pub(super) fn who(findings: &Findings) -> Safe {
    let mut out = Safe::default();
    for person in &findings.identities {
        out.push(&Safe::foreign(&person.name).within("<h3>", "</h3>\n"));
        out.push(&ids(person));
        let told = [
            counted(person.records, "record", "records"),
            counted(person.reads, "read", "reads"),
            counted(person.names, "name", "names"),
            Safe::joined([Safe::number(person.refused as u64), Safe::words("refused")], " "),
        ];
        out.push(&Safe::joined(told, ", ").within("<p>", "</p>\n"));
        out.push(&compared(person));
        let rows = person.habits.iter().map(|habit| {
            let value = Safe::foreign(&habit.value);
            vec![
                Safe::words(habit.kind.as_str()),
                if habit.is_new { value.within("<b class=\"new\">", "</b>") } else { value },
                if habit.is_new { Safe::markup("<span class=\"bad\">new</span>") } else { Safe::words("known") },
                Safe::number(habit.before),
                Safe::number(habit.after),
                span(habit.span),
            ]
        });
        let heads = ["What", "Value", "New", "Before", "Since", "Seen"];
        out.push(&table(&heads, rows, MOST_HABITS, "report.json"));
    }
    out
}

fn ids(person: &Person) -> Safe {
    let ids = [
        ("user", &person.upn),
        ("object", &person.object_id),
        ("application", &person.app_id),
        ("application's name", &person.app_name),
        ("managed identity", &person.managed_identity),
        ("tenant", &person.tenant_id),
    ];
    let ids = ids
        .into_iter()
        .filter_map(|(what, id)| Some(Safe::joined([Safe::words(what), Safe::foreign(id.as_deref()?)], " ")));
    Safe::joined(ids, ", ").within("<p class=\"about\">", "</p>\n")
}

/// In a sentence, from when on it is compared with what was before.
fn compared(person: &Person) -> Safe {
    let Some(turn) = person.compared_from else { return Safe::default() };
    let mut out = Safe::markup("<p>");
    let turn = Safe::time(turn);
    let kinds = [
        (Kind::Address, "new address", "new addresses"),
        (Kind::Client, "new client", "new clients"),
        (Kind::Vault, "new vault", "new vaults"),
    ];
    let count = |kind| person.habits.iter().filter(|habit| habit.is_new && habit.kind == kind).count();
    let told = kinds.into_iter().filter(|(kind, ..)| count(*kind) > 0);
    let told = told.map(|(kind, one, many)| counted(count(kind), one, many));
    let told = Safe::joined(told, ", ");
    match (person.is_known_before(), told.is_empty()) {
        (false, _) => {
            out.write(format_args!("These logs have nothing of it from before {turn}, so nothing can be called new."))
        }
        (true, true) => out.write(format_args!("From {turn} on like before.")),
        (true, false) => out.write(format_args!("From {turn} on <b class=\"bad\">unlike before</b>: {told}.")),
    }
    out.push(&Safe::markup("</p>\n"));
    out
}

/// Reads an hour.
pub(super) fn pace(findings: &Findings) -> Safe {
    let chart = chart(&findings.pace);
    if chart.is_empty() { Safe::markup("<p>Nothing was read or refused.</p>\n") } else { chart }
}

/// What happened in which order.
pub(super) fn timeline(findings: &Findings) -> Safe {
    // One identity needs no column.
    let has_who = findings.identities.len() > 1;
    let heads = ["When", "What", "Vault", "Records", "From", "Operations", "Ended"].into_iter();
    let heads: Vec<_> = heads.chain(has_who.then_some("Who")).collect();
    let rows = findings.timeline.iter().map(row);
    let mut out = table(&heads, rows, MOST_LINES, "timeline.csv");
    if findings.timeless > 0 {
        let many = counted(findings.timeless, "record", "records");
        out.write(format_args!("<p>{many} without a time that can be read: at the beginning of timeline.csv.</p>\n"));
    }
    out
}

fn row(run: &Run) -> Vec<Safe> {
    let operation = |(name, count): (&String, &u64)| Safe::joined([Safe::foreign(name), Safe::number(*count)], " ");
    let clients: BTreeSet<_> = run.clients.iter().map(|client| short(client)).collect();
    let from = [Safe::foreign(run.address.as_deref().unwrap_or_default())].into_iter();
    let from = from.chain(clients.into_iter().map(Safe::foreign)).filter(|part| !part.is_empty());
    let names = (run.names > 0).then(|| counted(run.names, "name", "names"));
    vec![
        span(Span { first: run.first, last: run.last }),
        Safe::words(run.step.as_str()),
        Safe::foreign(run.vault.as_deref().unwrap_or_default()),
        Safe::joined([Safe::number(run.records)].into_iter().chain(names), ", "),
        Safe::joined(from, " "),
        Safe::joined(run.operations.iter().map(operation), ", "),
        Safe::joined(run.outcomes.iter().map(|outcome| Safe::foreign(outcome)), ", "),
        Safe::foreign(&run.identity),
    ]
}

/// A client's first word, which names program and version.
fn short(client: &str) -> &str {
    client.split(' ').next().unwrap_or_default()
}

/// From when to when; the day once where it is one.
pub(super) fn span(span: Span) -> Safe {
    let (first, last) = (span.first, span.last);
    let shown = Safe::time(first);
    if first.as_second() == last.as_second() {
        return shown;
    }
    let is_one_day = first.strftime("%F").to_string() == last.strftime("%F").to_string();
    let end = if is_one_day { last.strftime("%H:%M:%S").to_string() } else { Safe::time(last).to_string() };
    Safe::joined([shown, Safe::words(&end)], " – ")
}
