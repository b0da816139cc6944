//! The audit log of a vault. `resultType` is always `Success`, as in Azure: whether a call succeeded is in
//! `httpStatusCode`.

use super::{
    book::{Book, Log, Record},
    claims,
    clock::Moment,
    dice,
    estate::{TENANT, Vault},
    object::Object,
    people::{Identity, Sort},
};

/// How many numbers of the dice are in a record.
const ROLLS: usize = 4;

/// What a call was about.
#[derive(Clone, Copy)]
pub(crate) enum Target<'a> {
    /// The vault's settings, over the control plane.
    Settings,
    /// A list of `certificates`, `secrets` or `keys`.
    List(&'a str),
    /// One object: the collection, its name, and what comes after it (`/wrapkey`).
    One(&'a str, &'a str, &'a str),
}

impl Book {
    /// A call that the vault answered with 200.
    pub(crate) fn audit(&mut self, at: Moment, who: &Identity<'_>, vault: Vault, operation: &str, target: Target<'_>) {
        self.answered(at, who, vault, operation, target, 200);
    }

    /// A call and the vault's answer.
    pub(crate) fn answered(
        &mut self,
        at: Moment,
        who: &Identity<'_>,
        vault: Vault,
        operation: &str,
        target: Target<'_>,
        status: u16,
    ) {
        if self.is_brief && !is_in_brief(at, who, operation) {
            self.dice.skip(ROLLS);
            return;
        }
        let claim = match target {
            Target::Settings => claims::on_control_plane(who),
            _ => claims::on_data_plane(who),
        };
        let asked = properties(who, vault, target, status);
        self.audited(at, who.ip, vault, operation, status, Some(claim), asked);
    }

    /// The 401 in which a vault names the place to sign in.
    pub(crate) fn challenge(&mut self, at: Moment, who: &Identity<'_>, vault: Vault, first: &str) {
        let asked = Object::new()
            .text("id", &format!("{}/", vault.url()))
            .text("clientInfo", who.agent)
            .json("httpStatusCode", "401")
            .text("requestUri", &uri(vault, Target::List(first), who))
            .text("tlsVersion", "TLS1_3");
        self.audited(at, who.ip, vault, "Authentication", 401, None, asked);
    }

    #[expect(clippy::too_many_arguments, reason = "one for each part of a record")]
    fn audited(
        &mut self,
        at: Moment,
        ip: &str,
        vault: Vault,
        operation: &str,
        status: u16,
        claim: Option<Object>,
        asked: Object,
    ) {
        let at = self.fraction(at);
        let correlation = self.dice.guid();
        let (signature, description) = outcome(status);
        let head = Object::new()
            .text("time", &at.text())
            .text("category", "AuditEvent")
            .text("operationName", operation)
            .text("resultType", "Success")
            .maybe("resultDescription", description)
            .text("correlationId", &correlation)
            .text("callerIpAddress", ip);
        let head = match claim {
            Some(claim) => head.object("identity", Object::new().object("claim", claim)),
            None => head,
        };
        let line = head
            .object("properties", asked)
            .text("resourceId", &vault.id().to_uppercase())
            .text("operationVersion", version(operation))
            .text("resultSignature", signature)
            .text("durationMs", &self.dice.between(6, 240).to_string())
            .finish();
        self.put(Record { at, log: Log::Audit, vault: Some(vault), line });
    }
}

/// Whether a call is written down in brief: a read, and of the reads that come back each hour those of one.
fn is_in_brief(at: Moment, who: &Identity<'_>, operation: &str) -> bool {
    let is_job = matches!(who.sort, Sort::Managed { resource } if resource.ends_with("-settings"));
    matches!(operation, "SecretGet" | "CertificateGet") && (!is_job || at.format("%H") == "00")
}

/// The words for a status, and a sentence where the call failed.
fn outcome(status: u16) -> (&'static str, Option<&'static str>) {
    match status {
        401 => ("Unauthorized", None),
        403 => ("Forbidden", Some("The caller holds no role for this here.")),
        404 => ("Not Found", Some("Nothing of this name is in the vault.")),
        _ => ("OK", None),
    }
}

/// The version of the interface that an operation belongs to.
fn version(operation: &str) -> &'static str {
    match operation {
        "VaultGet" => "2023-07-01",
        _ => "7.5",
    }
}

/// The address that was called.
fn uri(vault: Vault, target: Target<'_>, who: &Identity<'_>) -> String {
    let url = vault.url();
    let portal = matches!(who.sort, Sort::Person { .. });
    match target {
        Target::Settings => format!("https://management.azure.com{}?api-version=2023-07-01", vault.id()),
        Target::List(list) if portal => format!("{url}/{list}?api-version=7.5&maxresults=25"),
        Target::List(list) => format!("{url}/{list}?api-version=7.5"),
        Target::One(list, name, "") => format!("{url}/{list}/{name}/?api-version=7.5"),
        Target::One(list, name, after) => {
            let current = vault.version(name);
            format!("{url}/{list}/{name}/{current}{after}?api-version=7.5")
        }
    }
}

/// What the vault says about a call.
fn properties(who: &Identity<'_>, vault: Vault, target: Target<'_>, status: u16) -> Object {
    let url = vault.url();
    let allowed = status != 403;
    let id = match target {
        Target::Settings => Some(format!("{url}/")),
        Target::List(_) => None,
        Target::One(list, name, _) if status == 200 => Some(format!("{url}/{list}/{name}/{}", vault.version(name))),
        Target::One(list, name, _) => Some(format!("{url}/{list}/{name}")),
    };
    let asked = Object::new()
        .maybe("id", id.as_deref())
        .text("clientInfo", who.agent)
        .json("httpStatusCode", &status.to_string())
        .text("requestUri", &uri(vault, target, who));
    match target {
        Target::Settings => asked.object("properties", settings()),
        _ => {
            let role = dice::fingerprint(&format!("{}/{}", who.oid, vault.name()));
            asked
                .json("isRbacAuthorized", if allowed { "true" } else { "false" })
                .maybe("appliedAssignmentId", allowed.then_some(&role))
                .text("tlsVersion", "TLS1_3")
        }
    }
}

/// The vault's settings, as a read of them is logged.
fn settings() -> Object {
    let sku = Object::new().text("Family", "A").text("Name", "standard").json("Capacity", "null");
    Object::new()
        .object("sku", sku)
        .text("tenantId", TENANT)
        .json("networkAcls", "null")
        .json("enableSoftDelete", "true")
        .json("softDeleteRetentionInDays", "90")
        .json("enableRbacAuthorization", "true")
}
