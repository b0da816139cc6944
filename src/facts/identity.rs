//! Who made a call, from the claims that Azure writes into a record.

use std::net::{IpAddr, SocketAddr};

use crate::decode::Record;
use crate::json::{Kind, Object, Value, quoted};

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
const MANAGED_IDENTITY_RESOURCE: &[&str] = &["xms_mirid"];

impl Identity {
    /// Reads the caller of a record: `identity.claim` (Key Vault), `identity.claims` (Activity Log), or `claims`
    /// (REST form), short and long claim names alike.
    #[must_use]
    pub fn of(record: &Record<'_>) -> Self {
        let [identity, claims] = ["identity", "claims"].map(|name| record.object_text(name));
        let claims = Claims::of(identity.as_deref(), claims.as_deref());
        let upn = claims.first(UPN).filter(|name| name.contains('@'));
        let caller = text(record.get("caller")).filter(|name| name.contains('@'));
        Self {
            object_id: claims.first(OBJECT_ID),
            app_id: claims.first(APP_ID),
            upn: upn.or(caller),
            tenant_id: text(record.get("tenantId")).or_else(|| claims.first(TENANT_ID)),
            managed_identity_resource: claims.first(MANAGED_IDENTITY_RESOURCE),
            caller_address: text(record.get("callerIpAddress")).map(|address| without_port(&address)),
        }
    }
}

impl Identity {
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
}

/// The objects that may hold claims, in the order in which they are asked; each is read from its own text, because
/// Managed HSM and some forwarders write the identity as a string of JSON.
struct Claims<'t>(Vec<Object<'t>>);

impl<'t> Claims<'t> {
    fn of(identity: Option<&'t str>, claims: Option<&'t str>) -> Self {
        let [identity, claims] = [identity, claims].map(|text| Object::parse(text?).ok());
        let nested = |name| object(identity.as_ref()?.get(name));
        Self([nested("claim"), nested("claims"), claims].into_iter().flatten().collect())
    }

    fn first(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.0.iter().find_map(|claims| text(claims.get(name))))
    }
}

fn object(value: Option<Value<'_>>) -> Option<Object<'_>> {
    let value = value.filter(|value| value.kind() == Kind::Object)?;
    Object::parse(value.raw()).ok()
}

fn text(value: Option<Value<'_>>) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_of_the_claims_name_the_caller() {
        let data_plane = r#"{"identity":{"claim":{"oid":"o-1","appid":"a-1","upn":"ada@example.com"}},"callerIpAddress":"192.0.2.7:443"}"#;
        let activity = r#"{"identity":{"claims":{"http://schemas.microsoft.com/identity/claims/objectidentifier":"o-1",
            "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn":"ada@example.com","appid":"a-1"}},
            "callerIpAddress":"192.0.2.7"}"#;

        let identities = [data_plane, activity].map(|record| Identity::of(&Record::parse(record).unwrap()));

        assert_eq!(identities[0], identities[1]);
        assert_eq!(identities[0].upn.as_deref(), Some("ada@example.com"));
        assert_eq!(identities[0].caller_address.as_deref(), Some("192.0.2.7"));
    }

    #[test]
    fn an_identity_written_as_a_string_is_read_as_well() {
        let record =
            r#"{"identity":"{\"claim\":{\"oid\":\"o-1\",\"xms_mirid\":\"/x/sites/web\"}}","claims":"no JSON"}"#;

        let identity = Identity::of(&Record::parse(record).unwrap());

        assert_eq!(identity.object_id.as_deref(), Some("o-1"));
        assert_eq!(identity.managed_identity_resource.as_deref(), Some("/x/sites/web"));
    }

    #[test]
    fn the_key_is_one_for_an_identity_and_another_for_every_other() {
        let key = |record: &str| Identity::of(&Record::parse(record).unwrap()).key();

        assert_eq!(key(r#"{"identity":{"claim":{"oid":"O-1","appid":"a"}}}"#), r#"object "o-1""#);
        assert_eq!(
            key(r#"{"identity":{"claim":{"oid":"o-1"}},"tenantId":"t","callerIpAddress":"192.0.2.7"}"#),
            r#"object "o-1""#
        );
        assert_eq!(key(r#"{"identity":{"claim":{"appid":"a"}},"tenantId":"t"}"#), r#"application "a" of tenant "t""#);
        assert_eq!(key(r#"{"callerIpAddress":"192.0.2.7:443"}"#), r#"address "192.0.2.7" of tenant """#);
        assert_eq!(key("{}"), r#"address "" of tenant """#);
    }

    #[test]
    fn addresses_lose_their_port_and_nothing_else() {
        let cases = [
            ("192.0.2.7", "192.0.2.7"),
            ("192.0.2.7:443", "192.0.2.7"),
            ("[2001:db8::7]:443", "2001:db8::7"),
            ("2001:db8::7", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("a private endpoint", "a private endpoint"),
        ];
        for (given, expected) in cases {
            assert_eq!(without_port(given), expected);
        }
    }
}
