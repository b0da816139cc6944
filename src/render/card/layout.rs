//! Where everything stands on the card, top to bottom in the order of questions at night: how bad, what, where, who,
//! when, how many; then why it matters; the rest folds away.

use serde_json::{Value, json};

use super::elements::{Look, beside, fact, heading, link, paragraph, run, words};
use super::notice::Notice;
use super::plain::{MARK, Plain, weight};
use super::{links, when};
use crate::severity::Severity;

/// The id of the folded section.
const RUNBOOK: &str = "runbook";
/// How many lines of a runbook are shown; each costs an element.
const MAX_RUNBOOK_LINES: usize = 20;

/// The weight that each kind of text may have (see [`weight`]).
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    pub(super) title: usize,
    /// Vaults, addresses, ids, and the names of rules and techniques.
    pub(super) name: usize,
    /// How many vaults, addresses and so on are named.
    pub(super) of_a_kind: usize,
    pub(super) description: usize,
    pub(super) runbook: usize,
}

/// The Adaptive Card.
pub(super) fn content(notice: &Notice, limits: &Limits) -> Value {
    let mut body = Vec::new();
    if notice.is_drill {
        body.push(words("Drill: an invented theft. Nothing needs doing.", Look::Headline));
    }
    body.push(banner(notice, limits));
    body.push(json!({"type": "Container", "spacing": "Medium", "items": facts(notice, limits)}));
    body.extend(why(notice, limits));
    let runbook = runbook(&notice.runbook, limits.runbook);
    let has_runbook = !runbook.is_empty();
    if has_runbook {
        let nothing = notice.is_drill.then(|| words("This is a drill: nothing needs doing.", Look::Strong));
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
    let (style, label) = match notice.severity {
        Some(Severity::Critical) => ("attention", "CRITICAL"),
        Some(Severity::High) => ("attention", "HIGH"),
        Some(Severity::Medium) => ("warning", "MEDIUM"),
        Some(Severity::Low) => ("accent", "LOW"),
        Some(Severity::Info) => ("emphasis", "INFO"),
        None => ("emphasis", "SEVERITY NOT NAMED"),
    };
    let color = if style == "emphasis" { "default" } else { style };
    let severity = json!({"type": "TextBlock", "text": label, "weight": "Bolder", "size": "Medium", "color": color});
    let mut columns = vec![json!({"type": "Column", "width": "stretch", "items": [severity]})];
    if let Some(clock) = when::first_clock(notice) {
        let clock = paragraph(vec![run(&Plain::new(&clock, limits.name), Look::Strong)]);
        columns.push(json!({"type": "Column", "width": "auto", "items": [clock]}));
    }
    let title = Plain::new(&notice.title, limits.title);
    json!({
        "type": "Container",
        "style": style,
        "bleed": true,
        "items": [
            {"type": "ColumnSet", "columns": columns},
            paragraph(vec![run(&title, Look::Headline)]),
        ]
    })
}

fn facts(notice: &Notice, limits: &Limits) -> Vec<Value> {
    let nobody = notice.users.is_empty()
        && notice.addresses.is_empty()
        && notice.object_ids.is_empty()
        && notice.managed_identities.is_empty()
        && notice.applications.is_empty();
    let mut rows = vec![
        row("Vault", &notice.vaults, Look::Strong, limits),
        row("Certificate", &notice.certificates, Look::Strong, limits),
        row("Secret", &notice.secrets, Look::Strong, limits),
        row_of("Read", &notice.objects, notice.object_count, Look::Strong, limits),
        row("User", &notice.users, Look::Strong, limits),
        row("Identity", &notice.managed_identities, Look::Strong, limits),
        row("IP address", &notice.addresses, Look::Strong, limits),
        row("Application", &notice.applications, Look::Code, limits),
        row("Object id", &notice.object_ids, Look::Code, limits),
    ];
    if nobody {
        rows.push(row("Who", &["not named in the log".to_owned()], Look::Usual, limits));
    }
    rows.push(row("When", when::matched(notice).as_slice(), Look::Usual, limits));
    rows.push(row("How many", how_many(notice).as_slice(), Look::Strong, limits));
    rows.into_iter().flatten().collect()
}

fn row(label: &'static str, values: &[String], look: Look, limits: &Limits) -> Option<Value> {
    row_of(label, values, values.len(), look, limits)
}

/// A row of the first of `count` values.
fn row_of(label: &'static str, values: &[String], count: usize, look: Look, limits: &Limits) -> Option<Value> {
    let mut shown: Vec<_> = values.iter().take(limits.of_a_kind).map(|value| Plain::new(value, limits.name)).collect();
    if count > shown.len() && !shown.is_empty() {
        shown.push(Plain::new(&format!("and {} more", count - shown.len()), limits.name));
    }
    (!shown.is_empty()).then(|| fact(label, &shown, look))
}

fn how_many(notice: &Notice) -> Option<String> {
    let count = match notice.match_count? {
        1 => "1 match".to_owned(),
        count => format!("{count} matches"),
    };
    Some(match notice.minutes {
        0 => count,
        minutes => format!("{count}; more within {minutes} minutes raise no new card"),
    })
}

fn why(notice: &Notice, limits: &Limits) -> Vec<Value> {
    let mut items = vec![heading("Why it matters")];
    if !notice.description.is_empty() {
        items.push(paragraph(vec![run(&Plain::new(&notice.description, limits.description), Look::Usual)]));
    }
    for pair in notice.mitre.iter().take(limits.of_a_kind) {
        let mut runs = vec![beside("ATT&CK")];
        for (id, name) in pair {
            runs.push(beside("  ·  "));
            let text = Plain::new(&format!("{id} {name}"), limits.name);
            runs.push(links::attack(id).map_or_else(|| run(&text, Look::Usual), |url| link(&text, &url)));
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
            lines.push(paragraph(vec![run(&Plain::new(MARK, usize::MAX), Look::Usual)]));
            break;
        }
        let line = Plain::new(line, room);
        room = room.saturating_sub(weight(line.as_str()));
        lines.push(paragraph(vec![run(&line, Look::Usual)]));
    }
    lines
}

fn footer(notice: &Notice, limits: &Limits) -> Value {
    let small = |text: &str| run(&Plain::new(text, limits.name), Look::Small);
    let mut items = vec![paragraph(vec![small(&format!("Alert {}", notice.alert_id))])];
    let rule = Some(&notice.rule_id).filter(|id| !id.is_empty()).map(|id| format!("Rule {id}"));
    let created = when::created(notice).map(|created| format!("Raised {created}"));
    items.extend([created, rule].iter().flatten().map(|text| paragraph(vec![small(text)])));
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
    if let Some(url) = links::reference(&notice.rule_id) {
        actions.push(open("About this attack", url));
    }
    actions
}
