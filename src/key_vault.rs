//! Vaults and the objects in them, from the addresses and resource ids that Azure writes into its logs.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

/// A vault and, where the address goes further, an object in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultAddress {
    /// The vault's name in lower case: the first label of its host name, and the name in its resource id.
    pub vault: String,
    /// The object.
    pub object: Option<VaultObject>,
}

/// A certificate, secret or key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VaultObject {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name as written.
    pub name: String,
    /// Its version, where one is named.
    pub version: Option<String>,
}

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectKind {
    /// `/certificates/…` and `/deletedcertificates/…`.
    Certificate,
    /// `/secrets/…` and `/deletedsecrets/…`.
    Secret,
    /// `/keys/…` and `/deletedkeys/…`.
    Key,
}

/// What may follow an object's name in an address and is not a version.
const ACTIONS: &[&str] = &["backup", "pending", "policy", "recover", "restore", "rotate", "rotationpolicy", "versions"];
/// The longest text that is looked at: a name has 127 characters, and a query is cut off before.
const MAX_LEN: usize = 4096;

impl ObjectKind {
    /// The kind as the alert context spells it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Certificate => "certificate",
            Self::Secret => "secret",
            Self::Key => "key",
        }
    }

    fn of_segment(segment: &str) -> Option<Self> {
        match segment.to_ascii_lowercase().as_str() {
            "certificates" | "deletedcertificates" => Some(Self::Certificate),
            "secrets" | "deletedsecrets" => Some(Self::Secret),
            "keys" | "deletedkeys" => Some(Self::Key),
            _ => None,
        }
    }
}

impl VaultAddress {
    /// Reads `properties.id` or `properties.requestUri` of an audit event: any case, with or without port, version,
    /// trailing slash, action and query. `None` for addresses of other services, the control plane and Managed HSM.
    #[must_use]
    pub fn of_uri(uri: &str) -> Option<Self> {
        let uri = uri.trim();
        let uri = uri.split_once("://").map_or(uri, |(_, rest)| rest);
        let uri = uri.split(['?', '#']).next().filter(|uri| uri.len() <= MAX_LEN)?;
        let (authority, path) = uri.split_once('/').unwrap_or((uri, ""));
        let mut segments = path.split('/').filter(|segment| !segment.is_empty());
        let kind = segments.next();
        // `https://control-….vaultcore.azure.net/subscriptions/…` is the control plane, and no vault of that name.
        if kind.is_some_and(|segment| segment.eq_ignore_ascii_case("subscriptions")) {
            return None;
        }
        let vault = vault_of_host(authority)?;
        Some(Self { vault, object: kind.and_then(|kind| VaultObject::of(kind, segments)) })
    }

    /// Reads the resource id of a vault or of something in it, in any case.
    #[must_use]
    pub fn of_resource_id(resource_id: &str) -> Option<Self> {
        let segments: Vec<_> = resource_id.trim().split('/').filter(|segment| !segment.is_empty()).collect();
        // Both words together, because a resource group may have the name of either.
        let provider = segments.windows(2).position(|pair| {
            pair.iter().zip(["Microsoft.KeyVault", "vaults"]).all(|(segment, word)| segment.eq_ignore_ascii_case(word))
        })?;
        let mut segments = segments.into_iter().skip(provider + 2);
        let vault = segments.next()?.to_ascii_lowercase();
        let kind = segments.next();
        Some(Self { vault, object: kind.and_then(|kind| VaultObject::of(kind, segments)) })
    }
}

impl VaultObject {
    fn of<'a>(kind: &str, mut rest: impl Iterator<Item = &'a str>) -> Option<Self> {
        let kind = ObjectKind::of_segment(kind)?;
        let name = unescaped(rest.next()?);
        // `/secrets/versions/…` and the like do not exist in a resource id or an object's address, so only what
        // follows the name can be an action.
        let version = rest.next().filter(|next| !ACTIONS.iter().any(|action| next.eq_ignore_ascii_case(action)));
        Some(Self { kind, name, version: version.map(unescaped) })
    }
}

/// The vault of `kv-web.vault.azure.net:443`, in any national cloud, with or without a private link.
fn vault_of_host(authority: &str) -> Option<String> {
    let host = authority.rsplit('@').next()?;
    let host = host.split(':').next()?.to_ascii_lowercase();
    let (vault, domain) = host.split_once('.')?;
    let is_key_vault = domain.split('.').any(|label| matches!(label, "vault" | "vaultcore"));
    (is_key_vault && !vault.is_empty()).then(|| vault.to_owned())
}

/// Resolves `%74`: a client may spell a name so in the request, and the name is the same.
fn unescaped(segment: &str) -> String {
    let mut parts = segment.split('%');
    let mut name = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.split_at_checked(2);
        let escaped = digits.and_then(|(digits, rest)| Some((u8::from_str_radix(digits, 16).ok()?, rest)));
        match escaped.filter(|(character, _)| character.is_ascii_graphic()) {
            Some((character, rest)) => {
                name.push(char::from(character));
                name += rest;
            }
            None => {
                name.push('%');
                name += part;
            }
        }
    }
    name
}
