//! The table of facts on a card: the ids and places that commands, pages and colleagues ask for.

use serde_json::Value;

use super::Limits;
use super::case::Case;
use super::elements::{Look, fact};
use super::plain::Plain;
use super::when;
use super::who::{accounts, addresses, app_ids, distinct};
use crate::resource_id::segment_after;

/// The rows of the table; what the alert does not say has none.
pub(super) fn facts(case: &Case<'_>, limits: &Limits) -> Vec<Value> {
    let (notice, context) = (case.notice, &case.notice.alert_context);
    let row = |label, values: &[&str], look| row_of(label, values, look, limits);
    let (accounts, client) = (accounts(notice), context.client_info.as_str());
    let has_line = case.objects.count > 0;
    let app_name = case.who.app_name.as_deref();
    let app_ids = [context.caller_app_id.as_str()].into_iter().chain(app_ids(notice).map(|id| id.as_str()));
    let who = [
        row("Account", &distinct(accounts.iter().flat_map(|account| [account.upn, account.object_id])), Look::Code),
        row("Application", &distinct(app_name.into_iter().chain(app_ids)), Look::Code),
        // One address and a client of one word stand in the first line.
        row("IP address", &addresses(notice), Look::Code).filter(|_| !has_line || addresses(notice).len() > 1),
        row("Client", &distinct([client]), Look::Usual).filter(|_| !has_line || client.trim().contains(' ')),
    ];

    let in_ids = |marker| notice.resource_ids().filter_map(move |id| segment_after(id, marker));
    let has_vaults = case.objects.classes.iter().any(|class| !class.objects.is_empty());
    let vaults = [context.keyvault_name.as_str()].into_iter().chain(context.vaults.iter().map(|name| name.as_str()));
    let vaults = distinct(vaults.chain(in_ids("vaults")).filter(|_| !has_vaults));
    let tenants = notice.entities.account.iter().map(|account| account.tenant_id.as_str());
    let subscriptions: Vec<_> = in_ids("subscriptions").map(str::to_ascii_lowercase).collect();
    let place = [
        row("Vault", &vaults, Look::Strong),
        row("Tenant", &distinct([context.tenant_id.as_str()].into_iter().chain(tenants)), Look::Code),
        row("Subscription", &distinct(subscriptions.iter().map(String::as_str)), Look::Code),
        row("Deployment", &distinct(case.options.deployment.as_deref()), Look::Usual),
    ];

    let nobody = who.iter().all(Option::is_none).then_some("not named in the log");
    let usual = usual(case);
    let is_outcome_unknown = &*context.outcome == "unknown";
    let refused = Some(*context.refused_count).filter(|count| *count > 0).map(|count| match count {
        1 => "1 name that it asked for was refused".to_owned(),
        count => format!("{count} names that it asked for were refused"),
    });
    // A time that can be read stands in the first lines.
    let when = when::span(&notice.window.first_record_time, &notice.window.last_record_time);
    let when = when.filter(|_| case.first.is_none());
    let nobody = nobody.filter(|_| !has_line);
    let rest = [
        row("Who", nobody.as_slice(), Look::Usual),
        row("Status", is_outcome_unknown.then_some("outcome unknown: the record has none").as_slice(), Look::Strong),
        row("Refused", refused.as_deref().as_slice(), Look::Strong),
        row("Usual", &distinct(usual.iter().map(String::as_str)), Look::Usual),
        row("When", when.as_deref().as_slice(), Look::Usual),
        row("How many", how_many(case).as_deref().as_slice(), Look::Usual),
    ];
    who.into_iter().chain(place).chain(rest).flatten().collect()
}

/// What is usual for the identity, a line each for where from, with what, and how much.
fn usual(case: &Case<'_>) -> Vec<String> {
    let Some(usual) = case.notice.alert_context.usual.as_ref() else { return Vec::new() };
    let named = |what: &str, values: &[super::lenient::Lenient<String>]| {
        let values: Vec<_> = values.iter().map(|value| value.as_str()).collect();
        (!values.is_empty()).then(|| format!("{what} {}", values.join(", ")))
    };
    let since = when::shown(&usual.since, when::DAY).map(|since| {
        let (reads, vaults) = (*usual.reads_a_day, *usual.vault_count);
        let s = |count| if count == 1 { "" } else { "s" };
        format!("{reads} read{} a day of {vaults} vault{}, known since {since}", s(reads), s(vaults))
    });
    let roams = named("roams, so nothing is unusual in its", &usual.roams);
    [named("from", &usual.addresses), named("with", &usual.clients), since, roams].into_iter().flatten().collect()
}

/// A row of as many values as a kind may have.
fn row_of(label: &'static str, values: &[&str], look: Look, limits: &Limits) -> Option<Value> {
    let mut shown: Vec<_> = values.iter().take(limits.of_a_kind).map(|value| Plain::new(value, limits.name)).collect();
    if values.len() > shown.len() && !shown.is_empty() {
        shown.push(Plain::new(&format!("and {} more", values.len() - shown.len()), limits.name));
    }
    (!shown.is_empty()).then(|| fact(label, &shown, look))
}

/// How many matches; a step of an incident says by itself how it goes on.
fn how_many(case: &Case<'_>) -> Option<String> {
    let window = &case.notice.window;
    let has_steps = case.notice.incident.as_ref().is_some_and(|incident| incident.step.is_some());
    let count = match (*window.match_count).filter(|_| !has_steps)? {
        1 => "1 match".to_owned(),
        count => format!("{count} matches"),
    };
    Some(match *window.minutes {
        0 => count,
        minutes => format!("{count}; more within {minutes} minutes raise no new card"),
    })
}
