//! One record of somebody who is asked for.

use std::sync::Arc;

use jiff::Timestamp;

use super::sign_in::SignIn;
use super::step::Step;
use crate::counted::NamedRead;
use crate::decode::RecordKind;
use crate::facts::{Facts, RecordTime, VaultAccess};
use crate::json::Value;
use crate::key_vault::VaultObject;
use crate::rules::{Incidents, Parameters, RuleError, certificate_dump};
use crate::source::Place;

/// The name of Key Vault's own log.
pub(super) const KEY_VAULT_AUDIT: &str = "Key Vault audit";

/// What one record says, without its text.
#[derive(Debug, Clone)]
pub struct Event {
    /// When it was, where that can be read.
    pub time: Option<Timestamp>,
    /// Where the record stands.
    pub place: Place,
    /// Its number among everything in that line or event, from 0.
    pub index: usize,
    /// Where the same record stands as well.
    pub also_at: Vec<Place>,
    /// Who made the call, as a key.
    pub person: Arc<str>,
    /// Which log it is from.
    pub log: &'static str,
    /// What it is in the way of a theft.
    pub step: Step,
    /// The operation as the log names it.
    pub operation: String,
    /// How it ended, as the log says it.
    pub outcome: String,
    /// The vault.
    pub vault: Option<String>,
    /// The object.
    pub object: Option<VaultObject>,
    /// What was handed out.
    pub read: Option<NamedRead>,
    /// The caller's address.
    pub address: Option<String>,
    /// The caller's program, as it calls itself.
    pub client: Option<String>,
}

impl Event {
    /// Reads a record by its facts, and what a sign-in log says; also why it may be a read and nothing says so.
    pub(super) fn of(
        facts: &Facts<'_>,
        sign_in: Option<SignIn>,
        parameters: &Parameters,
        person: Arc<str>,
        (place, index): (Place, usize),
    ) -> (Self, Option<RuleError>) {
        let operation = facts.get("operationName").and_then(Value::as_str).unwrap_or_default().into_owned();
        let identity = facts.identity();
        let time = RecordTime::of(&facts.record).map(|time| time.moment);
        if let Some(SignIn { client, outcome, .. }) = sign_in {
            let event = Self {
                time,
                place,
                index,
                also_at: Vec::new(),
                person,
                log: "sign-in",
                step: Step::SignIn,
                operation,
                outcome,
                vault: None,
                object: None,
                read: None,
                address: identity.caller_address.clone(),
                client,
            };
            return (event, None);
        }
        // The rule that counts names knows a read in either log, and a refusal.
        let rule = &certificate_dump::LOGIC;
        let (is_read, fault) = match (rule.matches)(facts, parameters) {
            Ok(is_read) => (is_read, None),
            Err(fault) => (false, Some(fault)),
        };
        let access = facts.access();
        let is_refused = matches!(rule.incidents, Incidents::Open(is_refused) if is_refused(facts))
            || access.is_forbidden().unwrap_or_default();
        let event = Self {
            time,
            place,
            index,
            also_at: Vec::new(),
            person,
            log: log_of(RecordKind::of(&facts.record)),
            step: match (is_read, is_refused) {
                (true, _) => Step::Read,
                (false, true) => Step::Refused,
                (false, false) => Step::of(&operation),
            },
            operation,
            outcome: outcome(facts),
            vault: access.vault.clone(),
            object: access.object.clone(),
            read: rule.unique.filter(|_| is_read).map(|unique| unique(facts, parameters)),
            address: identity.caller_address.clone(),
            client: VaultAccess::client_info(&facts.record),
        };
        (event, fault)
    }

    /// The object's kind and name, or nothing.
    #[must_use]
    pub fn object_name(&self) -> &str {
        self.object.as_ref().map_or("", |object| &object.name)
    }
}

fn log_of(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::KeyVaultAudit => KEY_VAULT_AUDIT,
        RecordKind::ActivityLog => "Activity Log",
        RecordKind::Other => "other",
    }
}

/// The status, else the text for it.
fn outcome(facts: &Facts<'_>) -> String {
    let status = facts.access().http_status.as_deref().map(|status| status.trim_matches('"').to_owned());
    let text = |name| facts.get(name).filter(|value| !value.is_blank())?.as_str().map(std::borrow::Cow::into_owned);
    status.or_else(|| text("resultSignature")).or_else(|| text("resultType")).unwrap_or_default()
}
