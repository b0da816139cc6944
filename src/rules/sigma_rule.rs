//! What becomes of the matches of Sigma rules: the same for each of them.
//!
//! # What it detects
//! What the rule's author says: which records match is asked of all Sigma rules at once, by [`SigmaRules`].
//!
//! # Why it matters
//! The field writes its detections in Sigma, and a new one needs no release.
//!
//! # Fires on
//! One alert for each rule and identity in a window. It is a card like any other, and no incident's card stands for it.
//!
//! # Known blind spots
//! Those of the rule: a rule that names a field as no record has it never matches.
//!
//! [`SigmaRules`]: crate::sigma::SigmaRules

use std::sync::Arc;

use crate::facts::Facts;
use crate::sigma::SigmaRule;

use super::audit_read::{caller_name, field, text};
use super::metadata::Metadata;
use super::panther::ContextEntry;
use super::{Incidents, Logic, Rule, RuleError};

/// What all Sigma rules have in common.
pub const LOGIC: Logic = Logic {
    name: "Sigma",
    yaml: "",
    // Which records a Sigma rule reads, and what broken ones could hide, differs by rule: `sigma` says it.
    reads: &[],
    operations: &[],
    matches: |_, _| Ok(false),
    title,
    dedup: Some(|facts| facts.identity().key()),
    unique: None,
    access: |facts| Arc::clone(facts.access()),
    threshold: |_| 1,
    context,
    describe: None,
    incidents: Incidents::None,
    learns: false,
};

impl Rule {
    /// A Sigma rule, as far as its alerts go.
    #[must_use]
    pub fn of_sigma(rule: &SigmaRule) -> Self {
        Self { metadata: Metadata::of_sigma(rule), logic: &LOGIC }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the signature of a rule's function")]
fn title(metadata: &Metadata, facts: &Facts<'_>) -> Result<String, RuleError> {
    Ok(format!("{} by [{}]", metadata.about.name, caller_name(facts.identity())))
}

/// Who did what, where, and how it ended; null where the record does not say.
#[expect(clippy::unnecessary_wraps, reason = "the signature of a rule's function")]
fn context<'a>(facts: &Facts<'a>) -> Result<Vec<ContextEntry<'a>>, RuleError> {
    let identity = facts.identity();
    Ok(vec![
        field(facts, "resource_id", "resourceId"),
        text("keyvault_name", facts.access().vault.as_deref()),
        field(facts, "operation_name", "operationName"),
        text("category", Some(&*facts.record.category())),
        field(facts, "result_type", "resultType"),
        field(facts, "result_signature", "resultSignature"),
        field(facts, "result_description", "resultDescription"),
        text("caller_upn", identity.upn.as_deref()),
        text("caller_object_id", identity.object_id.as_deref()),
        text("caller_app_id", identity.app_id.as_deref()),
        text("caller_app_name", identity.app_name()),
        text("caller_managed_identity", identity.managed_identity_resource.as_deref()),
        text("caller_ip", identity.caller_address.as_deref()),
        text("caller_ip_scope", identity.ip_scope()),
        field(facts, "correlation_id", "correlationId"),
        text("tenant_id", identity.tenant_id.as_deref()),
    ])
}
