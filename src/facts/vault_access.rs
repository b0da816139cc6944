//! What was accessed in which vault, from a record of either log.

use std::borrow::Cow;
use std::sync::Arc;

use crate::decode::Record;
use crate::json::{Object, Value};
use crate::key_vault::{VaultAddress, VaultObject};

/// One access to a vault; `None` for what the record does not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VaultAccess {
    /// The vault's name in lower case.
    pub vault: Option<String>,
    /// Whether the resource id names something else than a vault.
    pub is_elsewhere: bool,
    /// The object.
    pub object: Option<VaultObject>,
    /// The object's name in its vault, in lower case and without its kind, as what counts names counts it: `vault/name`.
    pub name_in_vault: Arc<str>,
    /// The JSON text of the vault's HTTP status.
    pub http_status: Option<String>,
    /// The caller's program, as it calls itself, up to the first `/`: the whole is long, and [`client_info`](Self::client_info)
    /// reads it for alerts alone.
    pub client: Option<Box<str>>,
}

impl VaultAccess {
    /// Reads a record. The resource id names the vault; if it names another kind of resource, there is no vault. Only if it
    /// is missing, the addresses in the audit event are used instead, or the vault's name in a table.
    #[must_use]
    pub fn of(record: &Record<'_>) -> Self {
        let properties = record.object_text("properties");
        Self::read(&Details::of(record, properties.as_deref()))
    }

    /// Reads what a record says.
    pub(super) fn read(details: &Details<'_>) -> Self {
        let address = |value: Option<Value<'_>>| VaultAddress::of_uri(&value?.as_str()?);
        let id = address(details.id);
        // Most records have the object in both.
        let is_whole = id.as_ref().is_some_and(|address| address.object.is_some());
        let request = if is_whole { None } else { address(details.request_uri) };
        let addresses = [id, request];

        let resource_id = details.resource_id.and_then(Value::as_str);
        let resource = resource_id.as_deref().map(VaultAddress::of_resource_id);
        let named = || Some(details.resource?.as_str()?.trim().to_ascii_lowercase()).filter(|name| !name.is_empty());
        let vault = match &resource {
            Some(resource) => resource.as_ref().map(|resource| resource.vault.clone()),
            None => addresses.iter().flatten().next().map(|address| address.vault.clone()).or_else(named),
        };
        let is_elsewhere = resource.as_ref().is_some_and(Option::is_none);
        let object = addresses.into_iter().chain(resource).flatten().find_map(|address| address.object);
        Self {
            is_elsewhere,
            http_status: details.http_status.map(|status| status.raw().to_owned()),
            client: details.client_info.and_then(Value::as_str).map(|client| Self::family(&client).into()),
            ..Self::of_object(vault, object)
        }
    }

    /// An access to a vault, and to an object in it, of which nothing else is known.
    #[must_use]
    pub fn of_object(vault: Option<String>, object: Option<VaultObject>) -> Self {
        let name = object.as_ref().map_or_else(String::new, |object| object.name.to_ascii_lowercase());
        let name_in_vault = format!("{}/{name}", vault.as_deref().unwrap_or_default()).into();
        Self { vault, object, name_in_vault, ..Self::default() }
    }

    /// The caller's program, as it calls itself; it is long, so it is not kept for each match.
    #[must_use]
    pub fn client_info(record: &Record<'_>) -> Option<String> {
        let properties = record.object_text("properties");
        Details::of(record, properties.as_deref()).client_info.and_then(Value::as_str).map(Cow::into_owned)
    }

    /// A program's own name, without its version and what it runs on.
    #[must_use]
    pub fn family(client: &str) -> &str {
        client.split_once('/').map_or(client, |(family, _)| family).trim()
    }

    /// Whether the vault forbade the access, by its status; `None` where the record has no status.
    ///
    /// The first request of a client that has not signed in yet is answered with 401 and names nobody, so it is not forbidden.
    #[must_use]
    pub fn is_forbidden(&self) -> Option<bool> {
        Some(self.http_status.as_deref()?.trim_matches('"').trim() == "403")
    }

    /// The object's name.
    #[must_use]
    pub fn object_name(&self) -> Option<&str> {
        self.object.as_ref().map(|object| object.name.as_str())
    }
}

/// What a record says of what it accessed: all that [`VaultAccess::read`] reads.
#[derive(Debug, Clone, Copy)]
pub(super) struct Details<'v> {
    id: Option<Value<'v>>,
    request_uri: Option<Value<'v>>,
    http_status: Option<Value<'v>>,
    client_info: Option<Value<'v>>,
    /// The id of a resource, or of what holds resources.
    resource_id: Option<Value<'v>>,
    /// The vault's name, where there is none.
    resource: Option<Value<'v>>,
}

impl<'v> Details<'v> {
    /// Of a record, whose `properties` have this text.
    pub(super) fn of(record: &Record<'v>, properties: Option<&'v str>) -> Self {
        let properties = properties.and_then(|text| Object::parse(text).ok()).unwrap_or_default();
        let detail = |name| detail(record, &properties, name);
        let resource_id = record.get("resourceId").filter(|id| id.as_str().is_some_and(|id| is_resource_id(&id)));
        Self {
            id: detail("id"),
            request_uri: detail("requestUri"),
            http_status: detail("httpStatusCode"),
            client_info: detail("clientInfo"),
            resource_id,
            resource: if resource_id.is_none() { record.get("resource") } else { None },
        }
    }

    /// All of them.
    pub(super) fn values(&self) -> [Option<Value<'v>>; 6] {
        let Self { id, request_uri, http_status, client_info, resource_id, resource } = *self;
        [id, request_uri, http_status, client_info, resource_id, resource]
    }
}

/// A field of `properties`; the tables of Log Analytics have the same ones at the top.
fn detail<'v>(record: &Record<'v>, properties: &Object<'v>, name: &str) -> Option<Value<'v>> {
    properties.get(name).or_else(|| record.get(name)).filter(|value| !value.is_blank())
}

/// Whether a text is the id of a resource, or of what holds resources; another text names neither a vault nor anything else.
fn is_resource_id(text: &str) -> bool {
    text.trim().starts_with('/')
}
