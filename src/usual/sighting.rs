//! One read as far as it says who reads what, from where and with which program.

use std::net::IpAddr;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::facts::{Identity, VaultAccess, is_local, is_private};

/// The longest name of anything, in characters; what is longer is told apart by its beginning.
const MAX_CHARS: usize = 96;
/// What stands for what a record does not say: a value of its own.
const MISSING: &str = "none";

/// A read of a certificate or a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Sighting {
    /// Who reads: [`Identity::key`].
    pub identity: Arc<str>,
    /// The identity's tenant; empty where the record does not say it.
    pub tenant: Arc<str>,
    /// Whether it is a person, and no application.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_person: bool,
    /// The vault.
    pub vault: Arc<str>,
    /// The address range: /24 or /48, all private ones as one.
    pub address: Arc<str>,
    /// The client's own words up to the first `/`.
    pub client: Arc<str>,
    /// For how many days reads only teach.
    pub learn_days: u32,
    /// How many reads of the identity there were since the last that was told, this one included.
    pub reads: u32,
}

impl Sighting {
    /// Makes it of what a record says.
    #[must_use]
    pub fn of(key: &Arc<str>, identity: &Identity, access: &VaultAccess, learn_days: u32) -> Self {
        Self {
            identity: Arc::clone(key),
            tenant: bounded(&identity.tenant_id.as_deref().unwrap_or_default().to_ascii_lowercase()),
            is_person: identity.upn.is_some(),
            vault: named(access.vault.as_deref().unwrap_or_default()),
            address: named(&range(identity.caller_address.as_deref().unwrap_or_default())),
            client: named(access.client.as_deref().unwrap_or_default()),
            learn_days,
            reads: 1,
        }
    }

    /// Whether the record says an address.
    pub(super) fn has_address(&self) -> bool {
        &*self.address != MISSING
    }

    /// What of the identity the read may teach, in one text.
    #[must_use]
    pub fn what(&self) -> Arc<str> {
        format!("{} {} {}", self.vault, self.address, self.client).into()
    }

    /// Whether reads at a time only teach, where learning began at `since`.
    pub(super) fn is_learning(&self, since: Timestamp, time: Timestamp) -> bool {
        time < self.learning_until(since)
    }

    /// Until when reads only teach, where learning began at `since`.
    pub(super) fn learning_until(&self, since: Timestamp) -> Timestamp {
        let days = SignedDuration::from_hours(24 * i64::from(self.learn_days));
        since.checked_add(days).unwrap_or(Timestamp::MAX)
    }
}

/// The range of an address, by which addresses of one network are one; other text as it is.
fn range(address: &str) -> String {
    match address.trim().parse::<IpAddr>().map(|address| address.to_canonical()) {
        Ok(ip) if is_private(ip) || is_local(ip) => "private".to_owned(),
        Ok(IpAddr::V4(ip)) => {
            let [a, b, c, _] = ip.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        Ok(IpAddr::V6(ip)) => {
            let [a, b, c, ..] = ip.segments();
            format!("{}/48", std::net::Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
        Err(_) => address.trim().to_owned(),
    }
}

fn named(text: &str) -> Arc<str> {
    if text.is_empty() { MISSING.into() } else { bounded(text) }
}

fn bounded(text: &str) -> Arc<str> {
    // A character has a byte at least.
    let end = if text.len() <= MAX_CHARS { None } else { text.char_indices().nth(MAX_CHARS) };
    text.split_at(end.map_or(text.len(), |(end, _)| end)).0.into()
}
