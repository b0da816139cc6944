//! Who made a call, from the claims that Azure writes into a record.

use std::net::{IpAddr, SocketAddr};

use super::entra;
use crate::decode::Record;
use crate::json::{Object, Value, embedded_object, quoted};

/// The caller of one record; `None` for what the record does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    /// The object id of the user or service principal.
    pub object_id: Option<String>,
    /// The application (client) id.
    pub app_id: Option<String>,
    /// The user principal name.
    pub upn: Option<String>,
    /// The tenant.
    pub tenant_id: Option<String>,
    /// The resource behind a managed identity.
    pub managed_identity_resource: Option<String>,
    /// The caller's address, without a port; as written where it is no address.
    pub caller_address: Option<String>,
}

const OBJECT_ID: &[&str] = &["oid", "http://schemas.microsoft.com/identity/claims/objectidentifier"];
const APP_ID: &[&str] = &["appid", "azp", "applicationId"];
const UPN: &[&str] = &[
    "upn",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
    "unique_name",
    "preferred_username",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
];
const TENANT_ID: &[&str] = &["tid", "http://schemas.microsoft.com/identity/claims/tenantid"];
const CALLER_ADDRESS: &[&str] = &["ipaddr"];
const MANAGED_IDENTITY_RESOURCE: &[&str] = &["xms_mirid"];

/// Ids of applications that are in every tenant, in lower case, with their names.
const KNOWN_APPLICATIONS: &[(&str, &str)] = &[
    ("04b07795-8ddb-461a-bbee-02f9e1bf7b46", "Azure CLI"),
    ("1950a258-227b-4e31-a9cf-717495945fc2", "Azure PowerShell"),
    ("3686488a-04fc-4d8a-b967-61f98ec41efe", "Azure portal, Key Vault"),
    ("509e4652-da8d-478d-a730-e9d4a1996ca4", "Azure Resource Graph"),
    ("8cae6e77-e04e-42ce-b5cb-50d82bce26b1", "Azure Policy Insights"),
    ("abfa0a7c-a6b6-4736-8310-5855508787cd", "Azure App Service"),
];

impl Identity {
    /// The fields of a record that say who made the call; in any log but Entra's nothing else is read.
    pub(super) const FIELDS: [&str; 5] = ["identity", "claims", "caller", "tenantId", "callerIpAddress"];

    /// Reads the caller of a record: `identity.claim` (Key Vault), `identity.claims` (Activity Log), or `claims`
    /// (REST form), short and long claim names alike, each as an object or as JSON in a string.
    #[must_use]
    pub fn of(record: &Record<'_>) -> Self {
        let identity = record.object_text("identity");
        let identity = identity.as_deref().and_then(|text| Object::parse(text).ok());
        let nested = |name| embedded_object(identity.as_ref()?.get(name)?);
        let texts = [nested("claim"), nested("claims"), record.object_text("claims")];
        let mut claims = Claims(texts.iter().flatten().filter_map(|text| Object::parse(text).ok()).collect());
        // An identity without either member may be the claims themselves.
        if texts.iter().all(Option::is_none) {
            claims.0.extend(identity.clone());
        }
        let upn = claims.first(UPN).filter(|name| name.contains('@'));
        let caller = text(record.get("caller")).filter(|name| name.contains('@'));
        let mut read = Self {
            object_id: claims.first(OBJECT_ID),
            app_id: claims.first(APP_ID),
            upn: upn.or(caller),
            tenant_id: text(record.get("tenantId")).or_else(|| claims.first(TENANT_ID)),
            managed_identity_resource: claims.first(MANAGED_IDENTITY_RESOURCE),
            caller_address: text(record.get("callerIpAddress"))
                .or_else(|| claims.first(CALLER_ADDRESS))
                .map(|address| without_port(&address)),
        };
        entra::complete(&mut read, record);
        read
    }

    /// Who it is, as a key: equal for all calls of one identity, different for any two.
    ///
    /// An object id is one principal of one tenant, so the tenant adds nothing to it; and as Key Vault's own log
    /// leaves the tenant out where the Activity Log has it, it would keep the two logs apart. An application id
    /// and an address mean something in a tenant only.
    #[must_use]
    pub fn key(&self) -> String {
        let lower = |text: &Option<String>| quoted(&text.as_deref().unwrap_or_default().to_ascii_lowercase());
        if self.object_id.is_some() {
            return format!("object {}", lower(&self.object_id));
        }
        let (kind, text) = match (&self.app_id, &self.caller_address) {
            (app_id @ Some(_), _) => ("application", app_id),
            (None, address) => ("address", address),
        };
        format!("{kind} {} of tenant {}", lower(text), lower(&self.tenant_id))
    }

    /// Fills in what another record says of the same caller.
    pub fn join(&mut self, other: &Self) {
        let fill = |own: &mut Option<String>, other: &Option<String>| {
            if own.is_none() {
                own.clone_from(other);
            }
        };
        fill(&mut self.object_id, &other.object_id);
        fill(&mut self.app_id, &other.app_id);
        fill(&mut self.upn, &other.upn);
        fill(&mut self.tenant_id, &other.tenant_id);
        fill(&mut self.managed_identity_resource, &other.managed_identity_resource);
        fill(&mut self.caller_address, &other.caller_address);
    }

    /// Whether the record names an identity, and not just an address.
    #[must_use]
    pub fn is_named(&self) -> bool {
        self.object_id.is_some() || self.app_id.is_some()
    }

    /// The name of a managed identity: the last part of its resource's id.
    #[must_use]
    pub fn managed_identity_name(&self) -> Option<&str> {
        self.managed_identity_resource.as_deref()?.trim_end_matches('/').rsplit('/').next()
    }

    /// A readable name of an application that is in every tenant. It is for readers and suppresses no alert: attackers use
    /// the same command line tools.
    #[must_use]
    pub fn app_name(&self) -> Option<&'static str> {
        let app_id = self.app_id.as_deref()?.trim();
        KNOWN_APPLICATIONS.iter().find(|(id, _)| id.eq_ignore_ascii_case(app_id)).map(|(_, name)| *name)
    }

    /// Whether the caller's address says where on the Internet the caller was: `public` if so, `private` for a call through
    /// a private endpoint, `local` for the machine itself or its link, `not an address` for any other text.
    #[must_use]
    pub fn ip_scope(&self) -> Option<&'static str> {
        let Ok(ip) = self.caller_address.as_deref()?.trim().parse::<IpAddr>() else { return Some("not an address") };
        let ip = ip.to_canonical();
        Some(if is_private(ip) {
            "private"
        } else if is_local(ip) || ip.is_unspecified() {
            "local"
        } else {
            "public"
        })
    }
}

/// Whether an address is of a private network (RFC 1918, RFC 4193) or of a carrier's (RFC 6598: 100.64.0.0/10).
pub(crate) fn is_private(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_private() || matches!(ip.octets(), [100, 64..128, ..]),
        IpAddr::V6(ip) => ip.is_unique_local(),
    }
}

/// Whether an address is of the machine itself, or of its link.
pub(crate) fn is_local(ip: IpAddr) -> bool {
    ip.is_loopback()
        || match ip {
            IpAddr::V4(ip) => ip.is_link_local(),
            IpAddr::V6(ip) => ip.is_unicast_link_local(),
        }
}

/// The objects that may hold claims, in the order in which they are asked.
struct Claims<'t>(Vec<Object<'t>>);

impl Claims<'_> {
    fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.0.iter().find_map(|claims| text(claims.get(name))))
    }
}

/// A text that says something.
pub(super) fn text(value: Option<Value<'_>>) -> Option<String> {
    value?.as_str().map(std::borrow::Cow::into_owned).filter(|text| !text.trim().is_empty())
}

/// `192.0.2.7:443` and `[2001:db8::7]:443` lose their port; everything else stays as it is.
fn without_port(address: &str) -> String {
    let address = address.trim();
    if let Ok(socket) = address.parse::<SocketAddr>() {
        return socket.ip().to_string();
    }
    let bare = address.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(address);
    bare.parse::<IpAddr>().map_or_else(|_| address.to_owned(), |ip| ip.to_string())
}
