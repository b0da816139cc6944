//! Whom an investigation is about.

use std::net::IpAddr;

use crate::facts::Identity;
use crate::network::Network;

/// Identities by their ids and names, and addresses.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Object ids, application ids and user principal names, in any case.
    pub identities: Vec<String>,
    /// Addresses and networks as they were written, each with what it covers.
    pub networks: Vec<(String, Network)>,
}

impl Wanted {
    /// Whether nobody is asked for.
    #[must_use]
    pub fn is_nobody(&self) -> bool {
        self.identities.is_empty() && self.networks.is_empty()
    }

    /// Adds an identity by the best that it is known by: object id, else application id, else address.
    pub fn add(&mut self, identity: &Identity) {
        if let Some(id) = identity.object_id.as_ref().or(identity.app_id.as_ref()) {
            if !self.identities.iter().any(|known| known.eq_ignore_ascii_case(id)) {
                self.identities.push(id.clone());
            }
        } else if let Some(address) = &identity.caller_address
            && let Ok(network) = address.parse()
            && !self.networks.iter().any(|(known, _)| known == address)
        {
            self.networks.push((address.clone(), network));
        }
    }

    /// Whether an identity is asked for.
    #[must_use]
    pub fn is(&self, identity: &Identity) -> bool {
        let ids = [&identity.object_id, &identity.app_id, &identity.upn];
        let is_named = ids.into_iter().flatten().any(|id| self.names(id));
        is_named || self.covers(identity.caller_address.as_deref())
    }

    /// Whether an id or a name is asked for.
    fn names(&self, id: &str) -> bool {
        let id = id.trim();
        let is_same = |known: &String| {
            known.eq_ignore_ascii_case(id) || !id.is_ascii() && known.to_lowercase() == id.to_lowercase()
        };
        self.identities.iter().any(is_same)
    }

    fn covers(&self, address: Option<&str>) -> bool {
        let address = || address?.trim().parse::<IpAddr>().ok();
        !self.networks.is_empty()
            && address().is_some_and(|address| self.networks.iter().any(|(_, network)| network.contains(address)))
    }

    /// The ids and addresses that no identity of a list has.
    pub fn missing_in<'w>(&'w self, found: &[&Identity]) -> impl Iterator<Item = &'w str> {
        let has_id = |id: &String| {
            let one = Self { identities: vec![id.clone()], networks: Vec::new() };
            found.iter().any(|identity| one.is(identity))
        };
        self.identities.iter().filter(move |id| !has_id(id)).map(String::as_str).collect::<Vec<_>>().into_iter()
    }
}
