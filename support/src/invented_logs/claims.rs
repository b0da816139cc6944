//! The claims of a token, as each log writes them down.

use super::{
    clock::Moment,
    estate::TENANT,
    object::Object,
    people::{Identity, Sort},
};

/// Where the long names of claims begin.
const SOAP: &str = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims";
/// Where Microsoft's own begin.
const MICROSOFT: &str = "http://schemas.microsoft.com/identity/claims";

/// In a vault's audit log, data plane: short names.
pub(crate) fn on_data_plane(who: &Identity<'_>) -> Object {
    let claim = Object::new().text("oid", who.oid).text("appid", who.appid);
    match who.sort {
        Sort::Person { upn, .. } => claim
            .text("scp", "user_impersonation")
            .text("appidacr", "0")
            .json("xms_az_nwperimid", "[]")
            .text("upn", upn)
            .text("ipaddr", who.ip)
            .text("unique_name", upn)
            .text("amr", "pwd,mfa"),
        Sort::Principal { acr, .. } => claim.text("appidacr", acr).json("xms_az_nwperimid", "[]").text("idtyp", "app"),
        Sort::Managed { resource } => {
            claim.text("appidacr", "2").text("xms_mirid", resource).json("xms_az_nwperimid", "[]").text("idtyp", "app")
        }
    }
}

/// In a vault's audit log, control plane: long names.
pub(crate) fn on_control_plane(who: &Identity<'_>) -> Object {
    let claim = Object::new().text(&format!("{MICROSOFT}/objectidentifier"), who.oid);
    match who.sort {
        Sort::Person { upn, .. } => claim.text(&format!("{SOAP}/upn"), upn).text(&format!("{SOAP}/name"), upn),
        _ => claim,
    }
    .text("appid", who.appid)
}

/// In the Activity Log: long names, and more of the token.
pub(crate) fn in_activity_log(at: Moment, who: &Identity<'_>) -> Object {
    let issued = at.seconds() - 900;
    let claims = Object::new()
        .text("aud", "https://management.core.windows.net/")
        .text("iss", &format!("https://sts.windows.net/{TENANT}/"))
        .text("iat", &issued.to_string())
        .text("nbf", &issued.to_string())
        .text("exp", &(issued + 4_500).to_string());
    let claims = match who.sort {
        Sort::Person { upn, name } => claims
            .text("http://schemas.microsoft.com/claims/authnmethodsreferences", "pwd,mfa")
            .text("appid", who.appid)
            .text("appidacr", "2")
            .text("ipaddr", who.ip)
            .text("name", name)
            .text(&format!("{MICROSOFT}/scope"), "user_impersonation")
            .text(&format!("{SOAP}/name"), upn)
            .text(&format!("{SOAP}/upn"), upn),
        Sort::Principal { acr, .. } => claims.text("appid", who.appid).text("appidacr", acr),
        Sort::Managed { resource } => claims.text("appid", who.appid).text("appidacr", "2").text("xms_mirid", resource),
    };
    claims
        .text(&format!("{MICROSOFT}/objectidentifier"), who.oid)
        .text(&format!("{MICROSOFT}/tenantid"), TENANT)
        .text("ver", "1.0")
}
