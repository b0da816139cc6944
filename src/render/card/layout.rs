//! The layout of a card, from top to bottom in the order of the questions of somebody on call: how bad, what, where, who, when,
//! how many; then why it matters; the rest is folded.

use serde_json::{Value, json};

use super::Limits;
use super::elements::{Look, foreign, heading, link, paragraph, run, subtle, words};
use super::facts::facts;
use super::notice::Notice;
use super::plain::{MARK, Plain, weight};
use super::{links, when};
use crate::severity::Severity;

/// The id of the folded section.
const RUNBOOK: &str = "runbook";
/// How many lines of a runbook are shown; each costs an element.
const MAX_RUNBOOK_LINES: usize = 20;

/// The Adaptive Card.
pub(super) fn content(notice: &Notice, limits: &Limits) -> Value {
    let mut body = Vec::new();
    if *notice.drill {
        body.push(words("Drill: an invented theft. Nothing needs doing.", Look::Headline));
    }
    body.push(banner(notice, limits));
    body.push(json!({"type": "Container", "spacing": "Medium", "items": facts(notice, limits)}));
    body.extend(why(notice, limits));
    let runbook = runbook(&notice.rule.runbook, limits.runbook);
    let has_runbook = !runbook.is_empty();
    if has_runbook {
        let nothing = notice.drill.then(|| words("This is a drill: nothing needs doing.", Look::Strong));
        let items: Vec<_> = std::iter::once(heading("Runbook")).chain(nothing).chain(runbook).collect();
        body.push(json!({"type": "Container", "id": RUNBOOK, "isVisible": false, "items": items}));
    }
    body.push(footer(notice, limits));
    json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": "An alert of certificate-accessed, which this client cannot show.",
        // Read by Teams alone: the width of the channel instead of a narrow column.
        "msteams": {"width": "Full"},
        "body": body,
        "actions": actions(notice, has_runbook),
    })
}

fn banner(notice: &Notice, limits: &Limits) -> Value {
    let severity = Severity::parse(&notice.severity);
    let style = match severity {
        Some(Severity::Critical | Severity::High) => "attention",
        Some(Severity::Medium) => "warning",
        Some(Severity::Low) => "accent",
        Some(Severity::Info) | None => "emphasis",
    };
    let label = severity.map_or("SEVERITY NOT NAMED", Severity::as_str);
    let color = if style == "emphasis" { "default" } else { style };
    let severity = json!({"type": "TextBlock", "text": label, "weight": "Bolder", "size": "Medium", "color": color});
    let mut columns = vec![json!({"type": "Column", "width": "stretch", "items": [severity]})];
    if let Some(clock) = when::shown(&notice.window.first_record_time, when::CLOCK) {
        let clock = foreign(&clock, limits.name, Look::Strong);
        columns.push(json!({"type": "Column", "width": "auto", "items": [clock]}));
    }
    json!({
        "type": "Container",
        "style": style,
        "bleed": true,
        "items": [
            {"type": "ColumnSet", "columns": columns},
            foreign(notice.title(), limits.title, Look::Headline),
        ]
    })
}

fn why(notice: &Notice, limits: &Limits) -> Vec<Value> {
    let mut items = vec![heading("Why it matters")];
    if !notice.rule.description.is_empty() {
        items.push(foreign(&notice.rule.description, limits.description, Look::Usual));
    }
    for pair in notice.rule.mitre.iter().take(limits.of_a_kind) {
        let mut runs = vec![subtle("ATT&CK")];
        for part in [&pair.tactic, &pair.technique] {
            runs.push(subtle("  ·  "));
            let text = Plain::new(&format!("{} {}", *part.id, *part.name), limits.name);
            runs.push(links::attack(&part.id).map_or_else(|| run(&text, Look::Usual), |url| link(&text, &url)));
        }
        items.push(paragraph(runs));
    }
    if items.len() > 1 { items } else { Vec::new() }
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

fn footer(notice: &Notice, limits: &Limits) -> Value {
    let alert = Some(format!("Alert {}", *notice.alert_id));
    let created = when::shown(&notice.created_at, when::IN_FULL).map(|created| format!("Raised {created}"));
    let rule = Some(notice.rule.id.trim()).filter(|id| !id.is_empty()).map(|id| format!("Rule {id}"));
    let small = |text: String| foreign(&text, limits.name, Look::Small);
    let mut items: Vec<_> = [alert, created, rule].into_iter().flatten().map(small).collect();
    items.push(words("A card that comes twice with the same id is one alert.", Look::Small));
    json!({"type": "Container", "separator": true, "spacing": "Medium", "items": items})
}

fn actions(notice: &Notice, has_runbook: bool) -> Vec<Value> {
    let open = |title: &'static str, url: &str| json!({"type": "Action.OpenUrl", "title": title, "url": url});
    let mut actions = Vec::new();
    if let Some(url) = links::vault_in_portal(notice) {
        actions.push(open("Open the vault in Azure", &url));
    }
    if has_runbook {
        actions.push(json!({"type": "Action.ToggleVisibility", "title": "Runbook", "targetElements": [RUNBOOK]}));
    }
    if let Some(url) = links::reference(&notice.rule.id) {
        actions.push(open("About this attack", &url));
    }
    actions
}
