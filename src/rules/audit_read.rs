//! A successful read of a certificate or secret in Key Vault's audit log: the verdict that two rules share.

use crate::facts::{Facts, VaultAccess};
use crate::json::{Kind, Value};
use crate::key_vault::ObjectKind;

use super::RuleError;

/// The operations that hand out a certificate or a secret, in upper case.
pub(super) const OPERATIONS: &[&str] =
    &["CERTIFICATEGET", "CERTIFICATEBACKUP", "CERTIFICATEGETDELETED", "SECRETGET", "SECRETBACKUP"];

/// A read, and what it handed out by the operation's name.
#[derive(Debug)]
pub(super) struct AuditRead<'f> {
    /// Certificate or secret.
    pub(super) kind: ObjectKind,
    /// Of which vault, and under which name.
    pub(super) access: &'f VaultAccess,
}

impl<'f> AuditRead<'f> {
    /// Reads a record; `None` if it is not from a vault's audit log, is not a read, or was refused.
    ///
    /// # Errors
    /// Where the record may be a read, and a field that decides has a type that says nothing.
    pub(super) fn of(facts: &'f Facts<'_>) -> Result<Option<Self>, RuleError> {
        let Some(operation) = facts.get("operationName") else { return Ok(None) };
        let operation = operation.as_str().ok_or_else(|| RuleError::not_a_string(operation.kind(), "upper"))?;
        let Some(known) = OPERATIONS.iter().find(|known| known.eq_ignore_ascii_case(&operation)) else {
            return Ok(None);
        };
        if !facts.record().category().eq_ignore_ascii_case("AuditEvent") {
            return Ok(None);
        }
        let kind = if known.starts_with("CERTIFICATE") { ObjectKind::Certificate } else { ObjectKind::Secret };
        let access = facts.access();
        let is_read = access.vault.is_some() && succeeded(facts, access.http_status.as_deref())?;
        Ok(is_read.then_some(Self { kind, access }))
    }
}

/// Whether the vault gave out what was asked for. `resultType` is `Success` for refused calls, too, so it is not asked.
fn succeeded(facts: &Facts<'_>, http_status: Option<&str>) -> Result<bool, RuleError> {
    let Some(status) = http_status.and_then(|status| Value::parse(status).ok()) else {
        let signature = facts.get("resultSignature").and_then(Value::as_str).unwrap_or_default();
        return Ok(signature.trim().eq_ignore_ascii_case("OK"));
    };
    let number: Option<f64> = match status.kind() {
        Kind::Int | Kind::Float => status.raw().parse().ok(),
        Kind::String => status.as_str().and_then(|text| text.trim().parse().ok()),
        kind => return Err(RuleError::not_a_string(kind, "isdigit")),
    };
    Ok(number.is_some_and(|number| (200.0..300.0).contains(&number)))
}
