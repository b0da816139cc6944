//! The names of what was read, grouped by vault: as many as there is room for.

use std::collections::HashMap;

use serde_json::Value;

use super::Limits;
use super::case::Case;
use super::elements::{Look, Word, code, foreign, paragraph, run, sentence, spaced, words};
use super::objects::{Class, Object};
use super::plain::Plain;
use crate::queries;

/// How many names a reader takes in.
const MAX_IN_SIGHT: usize = 40;

/// How the vaults of a class stand below or behind each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// A line for each: easier to read.
    Lines,
    /// One text for all: room for more names.
    Flow,
}

/// A vault and what of it was read.
struct Group<'n> {
    vault: &'n str,
    names: Vec<&'n str>,
}

/// How many names, or vaults where names are hidden, there are to show.
pub(super) fn how_many(case: &Case<'_>) -> usize {
    let of_class = |class: &Class| if case.hides_names() { groups(&class.objects).len() } else { class.objects.len() };
    case.objects.classes.iter().map(of_class).sum()
}

/// The names, and the long lists of them, which a button unfolds.
pub(super) struct Names {
    pub(super) visible: Vec<Value>,
    pub(super) folded: Vec<Value>,
    /// Whether the command that lists all of them is in sight.
    pub(super) has_command: bool,
}

/// The first `shown` of the names. Those whose private key may have left are in sight; of the others no more than a reader takes
/// in, and else their number.
pub(super) fn names(case: &Case<'_>, limits: &Limits, layout: Layout, shown: usize) -> Names {
    let (mut visible, mut folded) = (Vec::new(), Vec::new());
    let (mut room, are_many) = (shown, how_many(case) > MAX_IN_SIGHT);
    for class in case.objects.classes.iter().filter(|class| class.count > 0) {
        let lines =
            if case.hides_names() { counts(class, &mut room, limits) } else { listed(class, &mut room, limits) };
        let is_folded = are_many && !class.is_worst && !lines.is_empty();
        let count = u64::try_from(class.count).unwrap_or(u64::MAX);
        let about = [Word::Number(count), Word::Text(class.about)];
        let button = is_folded.then_some(Word::Text(" (button Names)"));
        let in_sight: Vec<_> = about.into_iter().chain(button).collect();
        visible.push(spaced(sentence(&in_sight, Look::Strong)));
        let is_short = class.objects.len() <= MAX_IN_SIGHT;
        let lines = if is_short { below_each_other(&lines) } else { in_layout(&lines, layout) };
        if is_folded {
            folded.push(spaced(sentence(&about, Look::Strong)));
            folded.extend(lines);
        } else {
            visible.extend(lines);
        }
    }
    let rest = rest(case, limits, shown, !folded.is_empty());
    let has_command = !case.hides_names() && !rest.is_empty();
    visible.extend(rest);
    Names { visible, folded, has_command }
}

fn in_layout(lines: &[(Plain, Plain)], layout: Layout) -> Vec<Value> {
    match layout {
        Layout::Lines => below_each_other(lines),
        Layout::Flow if lines.is_empty() => Vec::new(),
        Layout::Flow => vec![foreign(&behind_each_other(lines), usize::MAX, Look::Usual)],
    }
}

fn below_each_other(lines: &[(Plain, Plain)]) -> Vec<Value> {
    let line = |(vault, names): &(Plain, Plain)| {
        paragraph(vec![run(&vault.followed_by(": "), Look::Strong), run(names, Look::Usual)])
    };
    lines.iter().map(line).collect()
}

fn behind_each_other(lines: &[(Plain, Plain)]) -> String {
    let lines = lines.iter().map(|(vault, names)| format!("\u{25aa} {}: {}", vault.as_str(), names.as_str()));
    lines.collect::<Vec<_>>().join(" ")
}

/// The names, by vault.
fn listed(class: &Class, room: &mut usize, limits: &Limits) -> Vec<(Plain, Plain)> {
    let objects = class.objects.get(..*room).unwrap_or(&class.objects);
    *room -= objects.len();
    let short = |name: &&str| {
        let name = if name.trim().is_empty() { "(not named in the log)" } else { name };
        Plain::new(name, limits.name).as_str().to_owned()
    };
    let line = |group: &Group<'_>| {
        let names = group.names.iter().map(short).collect::<Vec<_>>().join(", ");
        (vault(group, limits), Plain::new(&names, usize::MAX))
    };
    groups(objects).iter().map(line).collect()
}

/// How many names, by vault.
fn counts(class: &Class, room: &mut usize, limits: &Limits) -> Vec<(Plain, Plain)> {
    let mut groups = groups(&class.objects);
    groups.truncate(*room);
    *room -= groups.len();
    let line = |group: &Group<'_>| (vault(group, limits), Plain::new(&group.names.len().to_string(), limits.name));
    groups.iter().map(line).collect()
}

fn vault(group: &Group<'_>, limits: &Limits) -> Plain {
    let vault = if group.vault.trim().is_empty() { "(vault not named in the log)" } else { group.vault };
    Plain::new(vault, limits.name)
}

/// The objects by vault, each vault once.
fn groups(objects: &[Object]) -> Vec<Group<'_>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut places = HashMap::new();
    for object in objects {
        let place = *places.entry(object.vault.as_str()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some(group) => group.names.push(&object.name),
            None => groups.push(Group { vault: &object.vault, names: vec![&object.name] }),
        }
    }
    groups
}

/// How many names are not here, and where all are.
fn rest(case: &Case<'_>, limits: &Limits, shown: usize, is_folded: bool) -> Vec<Value> {
    if case.objects.count == 0 {
        return Vec::new();
    }
    if case.hides_names() {
        let text = format!("Names: message {} in the queue certificate-alerts.", *case.notice.alert_id);
        return vec![foreign(&text, limits.name, Look::Usual)];
    }
    let missing = case.objects.count.saturating_sub(shown);
    let about = match u64::try_from(missing).unwrap_or(u64::MAX) {
        0 if is_folded => vec![Word::Text("All names, later ones too, from saved logs in the folder LOGS:")],
        0 => return Vec::new(),
        missing => vec![
            Word::Text("and "),
            Word::Number(missing),
            Word::Text(" more. All names, from saved logs in the folder LOGS:"),
        ],
    };
    let all = match command(case) {
        Some(command) => code(&command, usize::MAX),
        None => words("The message in the queue certificate-alerts has what there is.", Look::Usual),
    };
    vec![spaced(sentence(&about, Look::Strong)), all]
}

/// The command that lists all names out of saved logs, for a rule whose alerts list them.
pub(super) fn command(case: &Case<'_>) -> Option<String> {
    let lists_names = case.rule.is_some() && !case.is_in_activity_log();
    lists_names.then(|| queries::all_names(&case.who.identity)).flatten()
}
