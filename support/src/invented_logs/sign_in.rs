//! The sign-in logs of the tenant.

use super::{
    book::{Book, Log, Record},
    clock::Moment,
    estate::TENANT,
    object::Object,
    people::{Identity, Sort},
};

/// How many numbers of the dice are in a record.
const ROLLS: usize = 5;

impl Book {
    /// A sign-in, with its error code: 0 is success.
    pub(crate) fn sign_in(&mut self, at: Moment, who: &Identity<'_>, code: u32) {
        if self.is_brief {
            self.dice.skip(ROLLS);
            return;
        }
        let at = self.fraction(at);
        let correlation = self.dice.guid();
        let (category, shown) = match who.sort {
            Sort::Person { name, .. } => ("SignInLogs", name),
            Sort::Principal { name, .. } => ("ServicePrincipalSignInLogs", name),
            Sort::Managed { resource } => ("ManagedIdentitySignInLogs", last(resource)),
        };
        let failure = reason(code);
        let line = Object::new()
            .text("time", &at.text())
            .text("resourceId", &format!("/tenants/{TENANT}/providers/Microsoft.aadiam"))
            .text("operationName", "Sign-in activity")
            .text("operationVersion", "1.0")
            .text("category", category)
            .text("tenantId", TENANT)
            .text("resultType", &code.to_string())
            .text("resultSignature", "None")
            .maybe("resultDescription", failure)
            .json("durationMs", "0")
            .text("callerIpAddress", who.ip)
            .text("correlationId", &correlation)
            .text("identity", shown)
            .json("Level", "4")
            .text("location", "IE")
            .object("properties", self.details(at, who, code, &correlation))
            .finish();
        self.put(Record { at, log: Log::SignIn, vault: None, line });
    }

    fn details(&mut self, at: Moment, who: &Identity<'_>, code: u32, correlation: &str) -> Object {
        let status = Object::new().json("errorCode", &code.to_string()).maybe("failureReason", reason(code));
        let details = Object::new()
            .text("id", &self.dice.guid())
            .text("createdDateTime", &at.format("%Y-%m-%dT%H:%M:%S%.7f+00:00"));
        let details = match who.sort {
            Sort::Person { upn, name } => details
                .text("userDisplayName", name)
                .text("userPrincipalName", upn)
                .text("userId", who.oid)
                .text("appDisplayName", "Azure Portal")
                .text("clientAppUsed", "Browser")
                .text("authenticationRequirement", "multiFactorAuthentication"),
            Sort::Principal { name, .. } => {
                details.text("servicePrincipalId", who.oid).text("servicePrincipalName", name)
            }
            Sort::Managed { resource } => {
                details.text("servicePrincipalId", who.oid).text("servicePrincipalName", last(resource))
            }
        };
        details
            .text("appId", who.appid)
            .text("ipAddress", who.ip)
            .text("userAgent", who.agent)
            .text("resourceDisplayName", "Azure Key Vault")
            .text("correlationId", correlation)
            .text("conditionalAccessStatus", "notApplied")
            .object("status", status)
            .text("riskState", "none")
            .json("isInteractive", interactive(who))
    }
}

/// The last part of a resource id.
fn last(resource: &str) -> &str {
    resource.rsplit('/').next().unwrap_or_default()
}

fn interactive(who: &Identity<'_>) -> &'static str {
    match who.sort {
        Sort::Person { .. } => "true",
        _ => "false",
    }
}

fn reason(code: u32) -> Option<&'static str> {
    match code {
        0 => None,
        50126 => Some("The password was wrong."),
        _ => Some("The sign-in was broken off."),
    }
}
