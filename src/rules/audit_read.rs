//! A successful read of a certificate or secret in Key Vault's audit log, for the rules that read it: the verdict, the alert
//! context, and names for the title.

use std::borrow::Cow;

use crate::facts::{Facts, Identity, VaultAccess};
use crate::json::{Kind, Value, quoted};
use crate::key_vault::ObjectKind;

use super::RuleError;
use super::panther::ContextEntry;

/// The operations that hand out a certificate or a secret, in upper case.
pub(super) const OPERATIONS: &[&str] =
    &["CERTIFICATEGET", "CERTIFICATEBACKUP", "CERTIFICATEGETDELETED", "SECRETGET", "SECRETBACKUP"];

/// The longest name in a title.
const MAX_NAME_CHARS: usize = 80;

/// A read, and what it handed out by the operation's name.
#[derive(Debug)]
pub(super) struct AuditRead<'f> {
    /// Certificate or secret.
    pub(super) kind: ObjectKind,
    /// Of which vault, and under which name.
    pub(super) access: &'f VaultAccess,
    /// Whether the record does not say if the vault gave it out.
    pub(super) is_outcome_unknown: bool,
}

/// How a call ended.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Allowed,
    Refused,
    Unknown,
}

impl<'f> AuditRead<'f> {
    /// Reads a record; `None` if it is not from a vault's audit log, is not a read, or was refused. A read of which the
    /// record does not say how it ended counts: a forwarder that drops the status must not silence the rule.
    ///
    /// # Errors
    /// Where the record may be a read, and a field that decides is missing or has a type that says nothing.
    pub(super) fn of(facts: &'f Facts<'_>) -> Result<Option<Self>, RuleError> {
        let Some(operation) = facts.get("operationName") else { return Ok(None) };
        let operation = operation.as_str().ok_or_else(|| RuleError::not_a_string(operation.kind(), "upper"))?;
        let Some(known) = OPERATIONS.iter().find(|known| known.eq_ignore_ascii_case(&operation)) else {
            return Ok(None);
        };
        let access = facts.access();
        let outcome = if is_of_vault(facts, access)? { outcome(facts)? } else { Outcome::Refused };
        let kind = if known.starts_with("CERTIFICATE") { ObjectKind::Certificate } else { ObjectKind::Secret };
        let is_outcome_unknown = outcome == Outcome::Unknown;
        Ok((outcome != Outcome::Refused).then_some(Self { kind, access, is_outcome_unknown }))
    }
}

/// Whether a record is a read that the vault forbade.
pub(super) fn is_refused(facts: &Facts<'_>) -> bool {
    let is_read = facts
        .get("operationName")
        .and_then(Value::as_str)
        .is_some_and(|operation| OPERATIONS.iter().any(|known| known.eq_ignore_ascii_case(&operation)));
    let by_text = || facts.word("resultSignature").is_some_and(|word| word.eq_ignore_ascii_case("Forbidden"));
    is_read
        && facts.access().is_forbidden().unwrap_or_else(by_text)
        && is_of_vault(facts, facts.access()).unwrap_or_default()
}

/// Whether a record with the name of such an operation is from the audit log of a vault. Its category says so, or else its
/// vault: no other log has these names.
fn is_of_vault(facts: &Facts<'_>, access: &VaultAccess) -> Result<bool, RuleError> {
    if access.is_elsewhere {
        return Ok(false);
    }
    let category = facts.record.category();
    let (is_audit, is_blank) = (category.eq_ignore_ascii_case("AuditEvent"), category.trim().is_empty());
    match &access.vault {
        _ if is_audit => Ok(true),
        Some(_) if is_blank => Ok(true),
        Some(_) => Err(RuleError::Undetermined { because: "its category is another log's" }),
        None => Err(RuleError::Undetermined { because: "it names no vault" }),
    }
}

/// How the call ended by its status, else by the text for it. `resultType` is `Success` for refused calls, too, so only
/// another one says something.
fn outcome(facts: &Facts<'_>) -> Result<Outcome, RuleError> {
    if let Some(status) = facts.access().http_status.as_deref().map(Value::checked) {
        let number: Option<f64> = match status.kind() {
            Kind::Int | Kind::Float => status.raw().parse().ok(),
            Kind::String => status.as_str().and_then(|text| text.trim().parse().ok()),
            kind => return Err(RuleError::not_a_string(kind, "isdigit")),
        };
        // Other text is no status, so the one beside it is asked; another number says nothing at all.
        if let Some(number) = number.filter(|number| number.is_finite()) {
            return match number as i64 {
                200..300 => Ok(Outcome::Allowed),
                100..600 => Ok(Outcome::Refused),
                _ => Err(RuleError::Undetermined { because: "its status is no HTTP status" }),
            };
        }
    }
    let text = |name| facts.word(name).unwrap_or_default().to_ascii_lowercase();
    Ok(match (text("resultSignature").as_str(), text("resultType").as_str()) {
        ("ok", _) => Outcome::Allowed,
        ("", "" | "success" | "succeeded") => Outcome::Unknown,
        _ => Outcome::Refused,
    })
}

/// Panther's `alert_context()` of the rules that read either log: what, where, how it ended, and who; null where the record
/// does not say.
#[expect(clippy::unnecessary_wraps, reason = "the signature of a rule's function")]
pub(super) fn context<'a>(facts: &Facts<'a>) -> Result<Vec<ContextEntry<'a>>, RuleError> {
    let (access, identity) = (facts.access(), facts.identity());
    let object = access.object.as_ref();
    let is_certificate = object.is_some_and(|object| object.kind == ObjectKind::Certificate);
    let is_outcome_unknown = AuditRead::of(facts).is_ok_and(|read| read.is_some_and(|read| read.is_outcome_unknown));
    let mut entries = vec![
        field(facts, "resource_id", "resourceId"),
        text("keyvault_name", access.vault.as_deref()),
        text("object_kind", object.map(|object| object.kind.as_str())),
        text("object_name", access.object_name()),
        text("object_version", object.and_then(|object| object.version.as_deref())),
        text("certificate_name", access.object_name().filter(|_| is_certificate)),
        field(facts, "operation_name", "operationName"),
        ("http_status", access.http_status.clone().unwrap_or_else(null).into()),
        field(facts, "result_signature", "resultSignature"),
        field(facts, "result_type", "resultType"),
    ];
    entries.extend(caller(identity));
    entries.extend([
        text("client_info", VaultAccess::client_info(&facts.record).as_deref()),
        field(facts, "correlation_id", "correlationId"),
        field(facts, "location", "location"),
        text("tenant_id", identity.tenant_id.as_deref()),
    ]);
    entries.extend(is_outcome_unknown.then(|| text("outcome", Some("unknown"))));
    Ok(entries)
}

/// Who made a call, and from where.
pub(super) fn caller(identity: &Identity) -> [ContextEntry<'static>; 7] {
    [
        text("caller_upn", identity.upn.as_deref()),
        text("caller_object_id", identity.object_id.as_deref()),
        text("caller_app_id", identity.app_id.as_deref()),
        text("caller_app_name", identity.app_name()),
        text("caller_managed_identity", identity.managed_identity_resource.as_deref()),
        text("caller_ip", identity.caller_address.as_deref()),
        text("caller_ip_scope", identity.ip_scope()),
    ]
}

/// A field as it came.
pub(super) fn field<'a>(facts: &Facts<'a>, key: &'static str, name: &str) -> ContextEntry<'a> {
    (key, facts.get(name).map_or_else(|| null().into(), |value| Cow::Borrowed(value.raw())))
}

/// A text, or null.
pub(super) fn text<'a>(key: &'static str, text: Option<&str>) -> ContextEntry<'a> {
    (key, text.map_or_else(null, quoted).into())
}

fn null() -> String {
    "null".to_owned()
}

/// Whom a title names: the user, else the managed identity, the application, the object, or the address.
pub(super) fn caller_name(identity: &Identity) -> String {
    let kinds = [
        identity.upn.as_deref().map(plain),
        identity.managed_identity_name().map(|name| format!("managed identity {}", plain(name))),
        identity.app_name().map(str::to_owned),
        identity.app_id.as_deref().map(|id| format!("application {}", plain(id))),
        identity.object_id.as_deref().map(|id| format!("object {}", plain(id))),
        identity.caller_address.as_deref().map(plain),
    ];
    kinds.into_iter().flatten().next().unwrap_or_else(|| "UNKNOWN".to_owned())
}

/// A name with `?` for brackets, quotes, white space and everything outside ASCII, which Azure does not allow in
/// names of vaults, objects and users: a name can then neither end its brackets nor look like another.
pub(super) fn plain(name: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-@#:+/!$%&'~^".contains(c);
    let mut plain: String = name.chars().take(MAX_NAME_CHARS).map(|c| if allowed(c) { c } else { '?' }).collect();
    if name.chars().nth(MAX_NAME_CHARS).is_some() {
        plain.push('…');
    }
    plain
}
