//! One identity that is asked for, by the name that people know.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use super::event::Event;
use super::habits::Habit;
use super::step::Step;
use crate::counted::Span;
use crate::facts::Identity;

/// Who it is, and what it did.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// What the records of one identity have in common.
    #[serde(skip)]
    pub key: Arc<str>,
    /// All that the records say of it.
    #[serde(skip)]
    pub identity: Identity,
    /// The name that people know, else what is known.
    pub name: String,
    /// The object id.
    pub object_id: Option<String>,
    /// The application id.
    pub app_id: Option<String>,
    /// The name of the application.
    pub app_name: Option<String>,
    /// The user principal name.
    pub upn: Option<String>,
    /// The tenant.
    pub tenant_id: Option<String>,
    /// The resource behind a managed identity.
    pub managed_identity: Option<String>,
    /// When it was active, first and last.
    pub active: Option<Span>,
    /// How many records there are of it.
    pub records: usize,
    /// How many of them are reads of certificates and secrets.
    pub reads: usize,
    /// How many were refused.
    pub refused: usize,
    /// How many names it read.
    pub names: usize,
    /// From when on it is compared with what was before.
    pub compared_from: Option<Timestamp>,
    /// With what it worked.
    pub habits: Vec<Habit>,
}

impl Person {
    pub(super) fn of(
        key: Arc<str>,
        identity: Identity,
        names: &BTreeMap<String, String>,
        events: &[&Event],
        compared_from: Option<Timestamp>,
        habits: Vec<Habit>,
    ) -> Self {
        let known = |id: &Option<String>| names.get(&id.as_deref()?.trim().to_ascii_lowercase()).cloned();
        let app_name = known(&identity.app_id).or_else(|| identity.app_name().map(str::to_owned));
        let times = || events.iter().filter_map(|event| event.time);
        let read: BTreeSet<_> = events.iter().filter_map(|event| Some(&event.read.as_ref()?.name)).collect();
        Self {
            name: known(&identity.object_id).unwrap_or_else(|| name(&identity, app_name.as_deref())),
            object_id: identity.object_id.clone(),
            app_id: identity.app_id.clone(),
            upn: identity.upn.clone(),
            tenant_id: identity.tenant_id.clone(),
            managed_identity: identity.managed_identity_resource.clone(),
            active: times().min().zip(times().max()).map(|(first, last)| Span { first, last }),
            records: events.len(),
            reads: events.iter().filter(|event| event.step == Step::Read).count(),
            refused: events.iter().filter(|event| event.step == Step::Refused).count(),
            names: read.len(),
            key,
            identity,
            app_name,
            compared_from,
            habits,
        }
    }

    /// Whether it was seen before the moment from which it is compared.
    #[must_use]
    pub fn is_known_before(&self) -> bool {
        self.habits.iter().any(|habit| habit.before > 0)
    }
}

/// The user, else the managed identity, the application, the object or the address.
fn name(identity: &Identity, app_name: Option<&str>) -> String {
    let by = |kind: &str, id: &Option<String>| id.as_ref().map(|id| format!("{kind} {id}"));
    let best = identity.upn.as_deref().or_else(|| identity.managed_identity_name()).or(app_name).map(str::to_owned);
    best.or_else(|| by("application", &identity.app_id))
        .or_else(|| by("object", &identity.object_id))
        .or_else(|| by("nobody named, from", &identity.caller_address))
        .unwrap_or_else(|| "nobody named".to_owned())
}
