//! What the company owns: its vaults and what lies in them.

use super::dice;

/// The tenant.
pub(crate) const TENANT: &str = "b77151ac-f281-4884-978b-3c7dfe47c17f";
/// The production subscription.
pub(crate) const PRODUCTION: &str = "9864f9b0-d7f4-4858-8d09-f4316072234a";
/// The subscription of everything else.
const WORKSHOP: &str = "cf1e6fe0-ea35-45d8-9452-eb02b7bad85c";

/// The subscription of a company that was bought, known from day 20 of the month on.
const ISLES: &str = "3b7e0f52-c1d8-4a96-8e43-f09a6d2b71c5";

/// The systems of the company; each has a vault in each environment.
const SYSTEMS: [&str; 14] = [
    "web", "booking", "pay", "ops", "data", "build", "crew", "freight", "loyalty", "ports", "fuel", "mail", "search",
    "maps",
];
/// The environments.
const ENVIRONMENTS: [&str; 4] = ["prod", "test", "dev", "drill"];
/// What secrets are called; a vault holds the first few, the booking vault all of them.
const SECRETS: [&str; 30] = [
    "sql-main",
    "sql-reader",
    "redis-cache",
    "queue-sender",
    "queue-reader",
    "search-index",
    "mail-relay",
    "metrics-push",
    "card-gateway",
    "card-webhook",
    "sms-gateway",
    "map-tiles",
    "weather-feed",
    "tide-tables",
    "port-authority",
    "customs-api",
    "loyalty-api",
    "crew-roster",
    "fuel-prices",
    "image-store",
    "report-store",
    "backup-store",
    "session-salt",
    "token-signing",
    "csrf-salt",
    "feature-flags",
    "partner-north",
    "partner-south",
    "partner-isles",
    "audit-export",
];

/// One key vault.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Vault {
    system: &'static str,
    environment: &'static str,
}

/// The web shop's vault.
pub(crate) const WEB: Vault = production("web");
/// The booking application's vault.
pub(crate) const BOOKING: Vault = production("booking");
/// The payment worker's vault.
pub(crate) const PAY: Vault = production("pay");
/// The platform's vault.
pub(crate) const OPS: Vault = production("ops");
/// The data platform's vault.
pub(crate) const DATA: Vault = production("data");
/// The build agents' vault.
pub(crate) const BUILD: Vault = production("build");

/// The crew roster's vault.
pub(crate) const CREW: Vault = production("crew");
/// The freight importer's vault.
pub(crate) const FREIGHT: Vault = production("freight");
/// The loyalty application's vault.
pub(crate) const LOYALTY: Vault = production("loyalty");

/// The production vault of a system.
const fn production(system: &'static str) -> Vault {
    Vault { system, environment: "prod" }
}

/// All 56 vaults, production first.
pub(crate) fn vaults() -> Vec<Vault> {
    let of = |environment| SYSTEMS.map(|system| Vault { system, environment });
    ENVIRONMENTS.into_iter().flat_map(of).collect()
}

/// The vaults of the company that was bought: none of [`vaults`].
pub(crate) fn onboarded() -> [Vault; 4] {
    ["tickets", "lounge", "cargo", "piers"].map(|system| Vault { system, environment: "isles" })
}

impl Vault {
    /// The vault's name.
    pub(crate) fn name(self) -> String {
        format!("hollin-{}-{}", self.system, self.environment)
    }

    /// The name of the system that the vault is for.
    pub(crate) fn system(self) -> &'static str {
        self.system
    }

    /// The subscription that the vault is in.
    pub(crate) fn subscription(self) -> &'static str {
        match self.environment {
            "prod" => PRODUCTION,
            "isles" => ISLES,
            _ => WORKSHOP,
        }
    }

    /// The resource group's id, in the case that people write.
    pub(crate) fn group(self) -> String {
        let (subscription, system, environment) = (self.subscription(), self.system, self.environment);
        format!("/subscriptions/{subscription}/resourceGroups/rg-{system}-{environment}")
    }

    /// The vault's resource id, in the case that people write.
    pub(crate) fn id(self) -> String {
        let (group, name) = (self.group(), self.name());
        format!("{group}/providers/Microsoft.KeyVault/vaults/{name}")
    }

    /// The address of the vault's data plane.
    pub(crate) fn url(self) -> String {
        format!("https://{}.vault.azure.net", self.name())
    }

    /// The vault's three certificates.
    pub(crate) fn certificates(self) -> [String; 3] {
        ["tls", "sign", "mtls"].map(|purpose| format!("{purpose}-{}", self.system))
    }

    /// The vault's secrets, without those that belong to a certificate.
    pub(crate) fn secrets(self) -> &'static [&'static str] {
        match self.system {
            "booking" => &SECRETS,
            _ => SECRETS.first_chunk::<8>().map_or(&[], |few| few.as_slice()),
        }
    }

    /// The current version of an object: always the same for the same object.
    pub(crate) fn version(self, object: &str) -> String {
        dice::fingerprint(&format!("{}/{object}", self.name()))
    }
}
