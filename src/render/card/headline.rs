//! The first lines of a card: who read how much from where, whether it goes on, and how late the log was.

use serde_json::Value;

use super::Limits;
use super::case::Case;
use super::elements::{Look, Word, foreign, sentence};
use super::plain::Plain;
use super::who;

/// From so many on a number says no more.
const MAX_COUNT: usize = 10_000;

/// The headline: a sentence, or the title of an alert that does not say what was read.
pub(super) fn headline(case: &Case<'_>, limits: &Limits) -> Value {
    let text = if case.objects.count == 0 { title(case).to_owned() } else { said(case, limits) };
    foreign(&text, limits.title, Look::Headline)
}

/// The title, which may hold a name.
fn title<'c>(case: &'c Case<'_>) -> &'c str {
    match case.hides_names() {
        false => case.notice.title(),
        // What its author calls a rule is no name of an object; what a correlation counts for, in its title, may be one.
        true if case.is_of_sigma() && !case.notice.rule.name.is_empty() => &case.notice.rule.name,
        true => "An alert; its title is not shown, because it may hold names",
    }
}

fn said(case: &Case<'_>, limits: &Limits) -> String {
    let short = |text: &str| Plain::new(text, limits.name).as_str().to_owned();
    let (objects, is_over) = (&case.objects, is_over(case));
    let least = if is_over || objects.count > MAX_COUNT { "" } else { "at least " };
    let vaults = match objects.vault_count {
        0 => String::new(),
        1 => " in 1 vault".to_owned(),
        vaults => format!(" in {vaults} vaults"),
    };
    let so_far = if is_over { "" } else { " so far" };
    let clock = |time: jiff::Timestamp| time.strftime("%H:%M").to_string();
    let when = match (case.first, case.last) {
        (Some(first), Some(last)) if is_over => format!(", from {} to {} UTC", clock(first), clock(last)),
        (Some(first), _) => format!(", since {} UTC", clock(first)),
        _ => String::new(),
    };
    let addresses = who::addresses(case.notice);
    let from = match addresses.as_slice() {
        [] => String::new(),
        [address] => format!(", from {}", short(address)),
        [address, others @ ..] => format!(", from {} and {} more", short(address), others.len()),
    };
    // The first word of many: the rest is of no use in a sentence.
    let client = case.notice.alert_context.client_info.split_whitespace().next();
    let client = client.map(|client| format!(", with {} (its own words)", short(client))).unwrap_or_default();
    let (who, count, noun) = (short(&case.who.name()), counted(objects.count), case.noun());
    format!("{who} read {least}{count} {noun}{vaults}{so_far}{when}{from}{client}")
}

fn counted(count: usize) -> String {
    if count > MAX_COUNT { "more than 10,000".to_owned() } else { count.to_string() }
}

/// Whether the log shows the end of it.
fn is_over(case: &Case<'_>) -> bool {
    *case.notice.alert_context.stopped == Some(true)
}

/// How it compares, since when, whether it goes on, how late the log was, and for which cards this one stands: texts of our own.
pub(super) fn status(case: &Case<'_>, limits: &Limits) -> Vec<Value> {
    let steps = steps(case).map(|words| sentence(&words, Look::Strong));
    let lines = [since(case), goes_on(case)].into_iter().flatten().map(|words| sentence(&words, Look::Usual));
    comparison(case, limits).into_iter().chain(lines).chain(steps).collect()
}

/// How it compares with the identity's other reads.
fn comparison(case: &Case<'_>, limits: &Limits) -> Option<Value> {
    let context = &case.notice.alert_context;
    let said = [&context.verdict, &context.unfamiliar].into_iter().find(|text| !text.trim().is_empty())?;
    let mut letters = said.chars();
    let first = letters.next()?.to_uppercase();
    Some(foreign(&format!("{first}{}.", letters.as_str()), limits.name, Look::Strong))
}

fn since(case: &Case<'_>) -> Option<Vec<Word>> {
    let first = case.first?;
    let readers = [Word::ReadersDay(first), Word::Text(", "), Word::ReadersClock(first), Word::Text(" your time.")];
    Some([Word::Text("Since "), Word::InFull(first), Word::Text(", which is ")].into_iter().chain(readers).collect())
}

fn goes_on(case: &Case<'_>) -> Option<Vec<Word>> {
    let context = &case.notice.alert_context;
    // Of one read alone there is no more to say than when it was.
    let is_one = case.first == case.last && context.stopped.is_none() && context.log_delay_seconds.is_none();
    let last = case.last.filter(|_| !is_one)?;
    let (before, after) = match *context.stopped {
        Some(true) => ("It stopped: the last read was at ", " your time)."),
        Some(false) => ("It was still reading at ", " your time), as far as the log goes."),
        None => ("The last read that this card knows of was at ", " your time)."),
    };
    let read = [Word::Text(before), Word::Clock(last), Word::Text(" ("), Word::ReadersClock(last), Word::Text(after)];
    let late = context.log_delay_seconds.map(|seconds| {
        let (number, unit) = match seconds {
            0..120 => (seconds, " seconds late."),
            120..7200 => (seconds / 60, " minutes late."),
            _ => (seconds / 3600, " hours late."),
        };
        [Word::Text(" The log came "), Word::Number(number), Word::Text(unit)]
    });
    Some(read.into_iter().chain(late.into_iter().flatten()).collect())
}

fn steps(case: &Case<'_>) -> Option<Vec<Word>> {
    let incident = case.notice.incident.as_ref()?;
    Some(match *incident.step {
        Some(1) if is_over(case) => return None,
        Some(1) => vec![Word::Text("Step 1 of this incident; if it goes on, a later card stands for this one.")],
        Some(step) => {
            let stands = Word::Text(" of this incident; it stands for the earlier cards.");
            vec![Word::Text("Step "), Word::Number(step), stands]
        }
        None => vec![Word::Text("Part of an incident that has cards of its own; its id is below.")],
    })
}
