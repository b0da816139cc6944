//! What the rule says of itself: why its alerts matter, ATT&CK, its own runbook, and its ids.

use serde_json::Value;

use super::Limits;
use super::case::Case;
use super::elements::{Look, foreign, link, paragraph, run, subtle, words};
use super::links;
use super::plain::{MARK, Plain, weight};

/// How many lines of a runbook are shown; each costs an element.
const MAX_RUNBOOK_LINES: usize = 20;

/// The lines of the section.
pub(super) fn about(case: &Case<'_>, limits: &Limits) -> Vec<Value> {
    let rule = &case.notice.rule;
    let mut items = Vec::new();
    if !rule.description.trim().is_empty() {
        items.push(foreign(&rule.description, limits.description, Look::Usual));
    }
    for pair in rule.mitre.iter().take(limits.of_a_kind) {
        let mut runs = vec![subtle("ATT&CK")];
        for part in [&pair.tactic, &pair.technique] {
            runs.push(subtle("  ·  "));
            let text = Plain::new(&format!("{} {}", *part.id, *part.name), limits.name);
            runs.push(links::attack(&part.id).map_or_else(|| run(&text, Look::Usual), |url| link(&text, &url)));
        }
        items.push(paragraph(runs));
    }
    if let Some(url) = case.rule.as_ref().and_then(|rule| links::reference(&rule.reference)) {
        items.push(paragraph(vec![link(&Plain::new("About this attack", limits.name), url)]));
    }
    let runbook = if limits.runbook == 0 { Vec::new() } else { runbook(&rule.runbook, limits.runbook) };
    if !runbook.is_empty() {
        items.push(words("The rule's own runbook", Look::Strong));
        items.extend(runbook);
    }
    let id = Some(rule.id.trim()).filter(|id| !id.is_empty()).map(|id| format!("Rule {id}"));
    let title = Some(case.notice.title()).filter(|_| !case.hides_names() && case.objects.count > 0);
    let title = title.map(|title| format!("Title {title}"));
    items.extend([id, title].into_iter().flatten().map(|text| foreign(&text, limits.title, Look::Small)));
    items
}

/// The runbook's lines, together no heavier than `max_weight`.
fn runbook(text: &str, max_weight: usize) -> Vec<Value> {
    let mut room = max_weight;
    let mut lines = Vec::new();
    for (number, line) in text.lines().filter(|line| !line.trim().is_empty()).enumerate() {
        if room <= weight(MARK) || number == MAX_RUNBOOK_LINES {
            lines.push(foreign(MARK, usize::MAX, Look::Usual));
            break;
        }
        let line = Plain::new(line, room);
        room = room.saturating_sub(weight(line.as_str()));
        lines.push(paragraph(vec![run(&line, Look::Usual)]));
    }
    lines
}
