//! The layout of a card, from top to bottom in the order of the questions of somebody on call: how bad, who, how much, from
//! where, does it go on, what first; then the names and the facts; the rest is folded.

use serde_json::{Value, json};

use super::Limits;
use super::about::about;
use super::case::Case;
use super::contain::contain;
use super::elements::{Look, folded, foreign, heading, words};
use super::facts::facts;
use super::headline::{headline, status};
use super::names::{Layout, names};
use super::runbook::runbook;
use super::{links, when};
use crate::severity::Severity;

/// The folded sections: their ids, and what their buttons say.
const CONTAIN: (&str, &str) = ("contain", "Contain");
const RUNBOOK: (&str, &str) = ("runbook", "Runbook");
const NAMES: (&str, &str) = ("names", "Names");
const ABOUT: (&str, &str) = ("about", "About the rule");

/// The Adaptive Card, with the first `shown` names.
pub(super) fn content(case: &Case<'_>, limits: &Limits, layout: Layout, shown: usize) -> Value {
    let mut body = Vec::new();
    if *case.notice.drill {
        body.push(words("Drill: an invented theft. Nothing needs doing.", Look::Headline));
    }
    body.push(banner(case, limits));
    let names = names(case, limits, layout, shown);
    let mut visible = names.visible;
    if !names.folded.is_empty() {
        visible.push(json!({"type": "ActionSet", "actions": [toggle(NAMES)]}));
    }
    if !visible.is_empty() {
        body.push(json!({"type": "Container", "spacing": "Medium", "items": visible}));
    }
    if !names.folded.is_empty() {
        body.push(folded(NAMES.0, names.folded));
    }
    body.push(json!({"type": "Container", "spacing": "Medium", "items": facts(case, limits)}));
    let (contain, runbook) = (contain(case), runbook(case, limits, !names.has_command));
    let sections = [(CONTAIN, contain), (RUNBOOK, runbook), (ABOUT, about(case, limits))];
    let sections: Vec<_> = sections.into_iter().filter(|(_, items)| !items.is_empty()).collect();
    let toggles: Vec<_> = sections.iter().map(|(section, _)| toggle(*section)).collect();
    for ((id, title), items) in sections {
        let is_to_do = *case.notice.drill && [CONTAIN.0, RUNBOOK.0].contains(&id);
        let nothing = is_to_do.then(|| words("This is a drill: nothing needs doing.", Look::Strong));
        body.push(folded(id, std::iter::once(heading(title)).chain(nothing).chain(items).collect()));
    }
    body.push(footer(case, limits));
    json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": "An alert of certificate-accessed, which this client cannot show.",
        // Read by Teams alone: the width of the channel instead of a narrow column.
        "msteams": {"width": "Full"},
        "body": body,
        "actions": toggles.into_iter().chain(pages(case)).collect::<Vec<_>>(),
    })
}

fn banner(case: &Case<'_>, limits: &Limits) -> Value {
    let severity = Severity::parse(&case.notice.severity);
    let style = match severity {
        Some(Severity::Critical | Severity::High) => "attention",
        Some(Severity::Medium) => "warning",
        Some(Severity::Low) => "accent",
        Some(Severity::Info) | None => "emphasis",
    };
    let label = severity.map_or("SEVERITY NOT NAMED", Severity::as_str);
    let color = if style == "emphasis" { "default" } else { style };
    let mut items = vec![
        json!({"type": "TextBlock", "text": label, "weight": "Bolder", "size": "Medium", "color": color}),
        headline(case, limits),
    ];
    items.extend(status(case, limits));
    items.extend(
        severity
            .filter(|_| !*case.notice.drill)
            .map(|severity| words(do_first(severity, case.is_of_sigma()), Look::Strong)),
    );
    json!({"type": "Container", "style": style, "bleed": true, "items": items})
}

/// What somebody who knows nothing of it does first.
fn do_first(severity: Severity, is_of_sigma: bool) -> &'static str {
    match severity {
        Severity::High | Severity::Critical | Severity::Medium if is_of_sigma => {
            "Do first: ask whether somebody meant to do this. If nobody did, take the access of this identity away (Contain)."
        }
        Severity::Critical | Severity::High => {
            "Do first: ask whether somebody knows this run. If nobody does within minutes, take its access away (Contain)."
        }
        Severity::Medium => "Do first: ask whether it was meant to read these. If not, take its access away (Contain).",
        Severity::Low | Severity::Info => "Do first: nothing at night. Look at it at work; the runbook says how.",
    }
}

fn footer(case: &Case<'_>, limits: &Limits) -> Value {
    let notice = case.notice;
    let alert = Some(format!("Alert {}", *notice.alert_id));
    let incident = notice.incident.as_ref().map(|incident| incident.id.trim()).filter(|id| !id.is_empty());
    let incident = incident.map(|id| format!("Incident {id}"));
    let created = when::shown(&notice.created_at, when::IN_FULL).map(|created| format!("Raised {created}"));
    let small = |text: String| foreign(&text, limits.name, Look::Small);
    let mut items: Vec<_> = [alert, incident, created].into_iter().flatten().map(small).collect();
    items.push(words("A card that comes twice with the same alert id is one alert.", Look::Small));
    json!({"type": "Container", "separator": true, "spacing": "Medium", "items": items})
}

fn toggle((id, title): (&'static str, &'static str)) -> Value {
    json!({"type": "Action.ToggleVisibility", "title": title, "targetElements": [id]})
}

fn pages(case: &Case<'_>) -> Vec<Value> {
    let open = |title: &'static str, url: &str| json!({"type": "Action.OpenUrl", "title": title, "url": url});
    let identity = links::identity_in_entra(&case.who).map(|url| open("Identity in Entra", &url));
    let vault = links::vault_in_portal(case).map(|url| open("Vault in Azure", &url));
    [identity, vault].into_iter().flatten().collect()
}
