//! Honest identities that do not stay as they are: what is usual for them changes, and nobody steals anything.
//!
//! Their addresses are of documentation ranges, but for hosted runners: three /24 of those are too few for a new one each run, so
//! theirs are of the benchmarking range 198.18.0.0/15 (RFC 2544), which nobody uses on the internet either.

use super::people::{Identity, MARA, Sort};

/// The release pipeline on hosted runners: another machine, and so another network, each run.
pub(crate) const RUNNERS: Identity<'static> = Identity {
    oid: "5b1d3f64-70c2-4b0a-9d53-0f0f6a3f9a41",
    appid: "7c0e2a19-8a44-4f0e-b1f6-2f6b9c1d7e58",
    ip: "198.18.0.1",
    agent: "AZURECLI/2.69.0 azsdk-python-keyvault-secrets/4.9.0 Python/3.12.9",
    sort: Sort::Principal { acr: "2", name: "hollin-releases" },
};
/// Is on call one week, with a phone.
pub(crate) const JORUN: Identity<'static> = Identity {
    oid: "b9a4c7de-5f0b-4c39-8a63-3d1c9b7e2f06",
    ip: "198.51.100.10",
    sort: Sort::Person { upn: "jorun.haugen@example.com", name: "Jorun Haugen" },
    ..MARA
};
/// Is on call the other week, with a phone.
pub(crate) const CALEB: Identity<'static> = Identity {
    oid: "0e7f6b35-2c88-4d14-9f2e-6a50d8c4b173",
    sort: Sort::Person { upn: "caleb.moreau@example.com", name: "Caleb Moreau" },
    ..JORUN
};
/// What a phone calls itself.
pub(crate) const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 Version/18.3 Mobile/15E148 Safari/604.1";
/// Where Jorun's phone comes from: its carrier, another exit of it, and now and then a train.
pub(crate) const JORUN_PHONE: [&str; 3] = ["2001:db8:7100::4a", "2001:db8:7101::4a", "2001:db8:7150::9"];
/// Where Caleb's phone comes from.
pub(crate) const CALEB_PHONE: [&str; 3] = ["2001:db8:7200::c1", "2001:db8:7201::c1", "2001:db8:7250::9"];
/// Works from home over a VPN.
pub(crate) const NADIA: Identity<'static> = Identity {
    oid: "d2c85e17-94ab-4e60-b7d8-51f3a0c6e92b",
    sort: Sort::Person { upn: "nadia.petrov@example.com", name: "Nadia Petrov" },
    ..MARA
};
/// The exits of the VPN, in turn.
pub(crate) const VPN: [&str; 3] = ["2001:db8:8000::21", "2001:db8:8001::21", "2001:db8:8002::21"];
/// The loyalty application: each of its connections leaves by any address of a pool.
pub(crate) const LOYALTY_API: Identity<'static> = Identity {
    oid: "4f93d0a8-1b6e-47c5-8e2d-c07a5b91f634",
    appid: "a86b15f3-e0d7-4392-9c4b-7d2e60f8a15c",
    ip: "192.0.2.34",
    agent: "azsdk-net-Security.KeyVault.Secrets/4.7.0 (.NET 8.0.13; Debian GNU/Linux 12)",
    sort: Sort::Managed {
        resource: "/subscriptions/9864f9b0-d7f4-4858-8d09-f4316072234a/resourcegroups/rg-loyalty-prod/providers/Microsoft.App/containerApps/hollin-loyalty-api",
    },
};
/// The pool: four addresses in two networks.
pub(crate) const POOL: [&str; 4] = ["192.0.2.34", "192.0.2.35", "198.51.100.134", "198.51.100.135"];
/// The crew roster with its system-assigned identity.
pub(crate) const CREW_ROSTER: Identity<'static> = Identity {
    oid: "83e0c5d2-6f7a-4b19-a4c8-90d1e7b2f35a",
    appid: "16d9f4b7-c3a2-4e85-b06f-e8a75c20d941",
    ip: "192.0.2.36",
    agent: "azsdk-js-keyvault-secrets/4.9.0 core-rest-pipeline/1.18.2 Node/20.18.3",
    sort: Sort::Managed {
        resource: "/subscriptions/9864f9b0-d7f4-4858-8d09-f4316072234a/resourcegroups/rg-crew-prod/providers/Microsoft.Web/sites/hollin-crew-roster",
    },
};
/// The same application deployed anew: it has another identity, and is where it was.
pub(crate) const CREW_ROSTER_ANEW: Identity<'static> = Identity {
    oid: "f57b2a90-d8e4-4c61-93b7-2e06c9d5a184",
    appid: "c94e7d06-5a1f-4b38-8d72-b3f0a6e1529d",
    ..CREW_ROSTER
};
/// From which day on it has it.
pub(crate) const ANEW: i64 = 17;
/// The freight importer with the client library that it began with.
pub(crate) const FREIGHT_IMPORT: Identity<'static> = Identity {
    oid: "6a08e3c9-f14d-45b2-b95a-d7c3802f6e1b",
    appid: "e3d50b72-9c86-4a1e-8f04-5b9d2c71a6f8",
    ip: "192.0.2.37",
    agent: "python/3.9.21 (Linux-5.15.0-x86_64-with-glibc2.31) msrest/0.6.21 azure-keyvault/1.1.0",
    sort: Sort::Principal { acr: "1", name: "hollin-freight-import" },
};
/// The same with the library that took its place.
pub(crate) const FREIGHT_IMPORT_UPGRADED: Identity<'static> =
    Identity { agent: "azsdk-python-keyvault-secrets/4.9.0 Python/3.12.9 (Linux-6.1.0-x86_64)", ..FREIGHT_IMPORT };
/// From which day on it has it.
pub(crate) const UPGRADED: i64 = 18;
/// The ticket office of the company that was bought; reads from an address of its own.
pub(crate) const ISLES_TICKETS: Identity<'static> = Identity {
    oid: "2d6f91b4-a7c0-4835-9e1d-c58b03f7a2e6",
    appid: "98a3c0e5-4b7d-4f26-a1d9-60e2f5b8c713",
    ip: "2001:db8:6000::15",
    agent: "azsdk-java-security-keyvault-secrets/4.9.2 (17.0.14; Linux; 5.15.0)",
    sort: Sort::Managed {
        resource: "/subscriptions/3b7e0f52-c1d8-4a96-8e43-f09a6d2b71c5/resourcegroups/rg-tickets-isles/providers/Microsoft.App/containerApps/isles-tickets",
    },
};
/// Came with it.
pub(crate) const SIGRID: Identity<'static> = Identity {
    oid: "57c2e8a1-0d9f-4b63-8c75-e4a1f3d60b92",
    ip: "2001:db8:6001::8",
    sort: Sort::Person { upn: "sigrid.tait@example.com", name: "Sigrid Tait" },
    ..MARA
};
