//! The table of facts on a card: what, where, who, when, how many.

use serde_json::Value;

use super::Limits;
use super::elements::{Look, fact};
use super::notice::Notice;
use super::plain::Plain;
use super::when;
use crate::resource_id::segment_after;

/// The rows of the table; what the alert does not say has none.
pub(super) fn facts(notice: &Notice, limits: &Limits) -> Vec<Value> {
    let (context, entities) = (&notice.alert_context, &notice.entities);
    let in_ids = |marker| entities.azure_resource.iter().filter_map(move |id| segment_after(&id.resource_id, marker));
    let vaults =
        [&context.keyvault_name].into_iter().chain(&*context.vaults).map(|name| name.as_str()).chain(in_ids("vaults"));
    let certificate = context.certificate_name.as_str();
    let is_secret =
        &*context.object_kind == "secret" && certificate.trim().is_empty() && context.read_objects.is_empty();
    let objects = distinct(context.read_objects.iter().map(|name| name.as_str()));
    let read_count = objects.len().max(*context.read_count);
    let row = |label, values: &[&str], look| row_of(label, values, values.len(), look, limits);
    let what = [
        row("Vault", &distinct(vaults), Look::Strong),
        row("Certificate", &distinct([certificate].into_iter().chain(in_ids("certificates"))), Look::Strong),
        row("Secret", &distinct(is_secret.then_some(context.object_name.as_str())), Look::Strong),
        row_of("Read", &objects, read_count, Look::Strong, limits),
    ];

    let mut addresses = distinct(entities.ip.iter().map(|ip| ip.address.as_str()));
    if addresses.is_empty() {
        // Panther's placeholder for an address that the log does not name says less than nothing.
        addresses = distinct([context.caller_ip.as_str()].into_iter().filter(|address| !address.starts_with('<')));
    }
    let app_ids = entities.cloud_application.iter().map(|application| application.app_id.as_str());
    let who = [
        row("User", &distinct(entities.account.iter().map(|account| account.upn.as_str())), Look::Strong),
        // The resource that has the identity, by the name that people know: the last part of its id.
        row("Identity", &distinct(context.caller_managed_identity.rsplit('/').next()), Look::Strong),
        row("IP address", &addresses, Look::Strong),
        row("Application", &distinct([context.caller_app_name.as_str()].into_iter().chain(app_ids)), Look::Code),
        row("Object id", &distinct(entities.account.iter().map(|account| account.object_id.as_str())), Look::Code),
    ];

    let is_outcome_unknown = &*context.outcome == "unknown";
    let nobody = who.iter().all(Option::is_none).then_some("not named in the log");
    let when = when::span(&notice.window.first_record_time, &notice.window.last_record_time);
    let rest = [
        row("Who", nobody.as_slice(), Look::Usual),
        row("Status", is_outcome_unknown.then_some("outcome unknown: the record has none").as_slice(), Look::Strong),
        row("When", when.as_deref().as_slice(), Look::Usual),
        row("How many", how_many(notice).as_deref().as_slice(), Look::Strong),
    ];
    what.into_iter().chain(who).chain(rest).flatten().collect()
}

/// The texts that are not blank, each once: names in Azure have no case.
fn distinct<'n>(texts: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let mut distinct: Vec<&str> = Vec::new();
    for text in texts {
        if !text.trim().is_empty() && !distinct.iter().any(|known| known.eq_ignore_ascii_case(text)) {
            distinct.push(text);
        }
    }
    distinct
}

/// A row of the first of `count` values.
fn row_of(label: &'static str, values: &[&str], count: usize, look: Look, limits: &Limits) -> Option<Value> {
    let mut shown: Vec<_> = values.iter().take(limits.of_a_kind).map(|value| Plain::new(value, limits.name)).collect();
    if count > shown.len() && !shown.is_empty() {
        shown.push(Plain::new(&format!("and {} more", count - shown.len()), limits.name));
    }
    (!shown.is_empty()).then(|| fact(label, &shown, look))
}

fn how_many(notice: &Notice) -> Option<String> {
    let count = match (*notice.window.match_count)? {
        1 => "1 match".to_owned(),
        count => format!("{count} matches"),
    };
    Some(match *notice.window.minutes {
        0 => count,
        minutes => format!("{count}; more within {minutes} minutes raise no new card"),
    })
}
