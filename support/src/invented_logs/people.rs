//! Who appears in the logs. Every id is invented, but for the public application ids of
//! Microsoft's own services; every address is from a documentation range. Those who move are in `movers`.

/// What kind of account an identity is, with the claims that only that kind has.
#[derive(Clone, Copy)]
pub(crate) enum Sort<'a> {
    /// A person who signed in.
    Person {
        /// The user principal name.
        upn: &'a str,
        /// The display name.
        name: &'a str,
    },
    /// An application with a secret (`1`) or a certificate or federation (`2`).
    Principal {
        /// The `appidacr` claim.
        acr: &'a str,
        /// The display name.
        name: &'a str,
    },
    /// A managed identity.
    Managed {
        /// The resource that it belongs to (`xms_mirid`).
        resource: &'a str,
    },
}

/// One account, the address that it calls from and the program that it calls with.
#[derive(Clone, Copy)]
pub(crate) struct Identity<'a> {
    /// Object id.
    pub(crate) oid: &'a str,
    /// Application id.
    pub(crate) appid: &'a str,
    /// Address of the caller.
    pub(crate) ip: &'a str,
    /// User agent (`clientInfo`).
    pub(crate) agent: &'a str,
    /// Person, principal or managed identity.
    pub(crate) sort: Sort<'a>,
}

/// The portal's key vault pages (a public application id).
const PORTAL: &str = "3686488a-04fc-4d8a-b967-61f98ec41efe";
/// The office's public address.
const OFFICE: &str = "198.51.100.10";
/// A browser, as the portal passes it on.
const BROWSER: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Gecko/20100101 Firefox/135.0";

/// The App Service resource provider (a public application id): copies web certificates.
pub(crate) const APP_SERVICE: Identity<'static> = Identity {
    oid: "3981193c-c935-4d40-bf10-1777a6fa14e5",
    appid: "abfa0a7c-a6b6-4736-8310-5855508787cd",
    ip: "192.0.2.140",
    agent: "azsdk-net-Security.KeyVault.Secrets/4.6.0 (.NET 8.0.13; Microsoft Windows 10.0.20348)",
    sort: Sort::Principal { acr: "2", name: "App Service" },
};
/// The booking application: 30 secrets at each start.
pub(crate) const BOOKING_API: Identity<'static> = Identity {
    oid: "8c625621-2923-441a-8d47-219ccfae927b",
    appid: "0ab08610-9fc9-4da0-b50a-c8fc22006eae",
    ip: "192.0.2.21",
    agent: "azsdk-net-Security.KeyVault.Secrets/4.7.0 (.NET 8.0.13; Debian GNU/Linux 12)",
    sort: Sort::Managed {
        resource: "/subscriptions/9864f9b0-d7f4-4858-8d09-f4316072234a/resourcegroups/rg-booking-prod/providers/Microsoft.Web/sites/hollin-booking-api",
    },
};
/// The web front end: its own few secrets at each start.
pub(crate) const WEB_FRONT: Identity<'static> = Identity {
    oid: "436a1d9e-c4a6-48e6-90c1-5a316f03032e",
    appid: "225ee169-0f41-45b3-b794-62223086f20a",
    ip: "192.0.2.22",
    agent: "azsdk-js-keyvault-secrets/4.9.0 core-rest-pipeline/1.18.2 Node/20.18.3",
    sort: Sort::Managed {
        resource: "/subscriptions/9864f9b0-d7f4-4858-8d09-f4316072234a/resourcegroups/rg-web-prod/providers/Microsoft.Web/sites/hollin-web-front",
    },
};
/// The payment worker: its own few secrets at each start.
pub(crate) const PAY_WORKER: Identity<'static> = Identity {
    oid: "c623889e-2932-4577-acfd-709baf5966bc",
    appid: "5cf14f77-bc59-4344-8ebd-5ff4dd696992",
    ip: "192.0.2.23",
    agent: "azsdk-java-security-keyvault-secrets/4.9.2 (17.0.14; Linux; 5.15.0)",
    sort: Sort::Managed {
        resource: "/subscriptions/9864f9b0-d7f4-4858-8d09-f4316072234a/resourcegroups/rg-pay-prod/providers/Microsoft.App/containerApps/hollin-pay-worker",
    },
};
/// Storage accounts encrypted with a key of the vault: wrap and unwrap all day long.
pub(crate) const STORAGE: Identity<'static> = Identity {
    oid: "a2eac4e3-0d83-47b5-bdbc-67254050ec4b",
    appid: "f7f3b006-934b-4bcc-84be-b11db48e863e",
    ip: "192.0.2.80",
    agent: "storage-encryption/2.3",
    sort: Sort::Managed {
        resource: "/subscriptions/9864f9b0-d7f4-4858-8d09-f4316072234a/resourcegroups/rg-data-prod/providers/Microsoft.Storage/storageAccounts/hollindata",
    },
};
/// Policy Insights (a public application id): looks at the vaults' settings, never inside.
pub(crate) const POLICY: Identity<'static> = Identity {
    oid: "a4d630f4-6990-44e5-87a3-1905a175db74",
    appid: "8cae6e77-e04e-42ce-b5cb-50d82bce26b1",
    ip: "192.0.2.150",
    agent: "policy-scan/1.0",
    sort: Sort::Principal { acr: "2", name: "Policy Insights" },
};
/// The deployment pipeline, first build agent: a certificate at each deployment.
pub(crate) const PIPELINE: Identity<'static> = Identity {
    oid: "0303a40a-a8a5-4e80-abd7-165cfc8f5fe5",
    appid: "40dfb70a-5789-4c13-aa3f-a963bc21abfd",
    ip: "192.0.2.60",
    agent: "AZURECLI/2.69.0 azsdk-python-keyvault-certificates/4.9.0 Python/3.12.8",
    sort: Sort::Principal { acr: "2", name: "hollin-pipeline" },
};
/// The deployment pipeline, second build agent.
pub(crate) const PIPELINE_2: Identity<'static> = Identity { ip: "192.0.2.61", ..PIPELINE };
/// The reporting job: two secrets of one vault, each morning.
pub(crate) const REPORTING: Identity<'static> = Identity {
    oid: "9e868a44-7191-41ed-9194-af235c67590c",
    appid: "2dc54dd4-df2f-41a4-a68d-f5902e77ae21",
    ip: "198.51.100.40",
    agent: "azsdk-python-keyvault-secrets/4.9.0 Python/3.11.11 (Linux-5.15.0-x86_64)",
    sort: Sort::Principal { acr: "1", name: "hollin-reporting" },
};
/// Whoever holds the reporting job's stolen secret: same ids, strange address and program.
pub(crate) const THIEF: Identity<'static> =
    Identity { ip: "203.0.113.66", agent: "python-requests/2.32.3", ..REPORTING };
/// Runs the platform; the one person who looks at certificates most weeks.
pub(crate) const MARA: Identity<'static> = Identity {
    oid: "4ce8aecc-7b00-4ae3-af49-d9ac244bfbc0",
    appid: PORTAL,
    ip: "2001:db8:40::17",
    agent: BROWSER,
    sort: Sort::Person { upn: "mara.lindqvist@example.com", name: "Mara Lindqvist" },
};
/// Runs the web shop.
pub(crate) const TOBIAS: Identity<'static> = Identity {
    oid: "ea1731ee-7302-4712-b2c8-e3825393c3ed",
    ip: OFFICE,
    sort: Sort::Person { upn: "tobias.renner@example.com", name: "Tobias Renner" },
    ..MARA
};
/// Develops the booking application.
pub(crate) const INES: Identity<'static> = Identity {
    oid: "c922544b-0e78-48ad-aa45-9aec32aff679",
    ip: OFFICE,
    sort: Sort::Person { upn: "ines.okafor@example.com", name: "Ines Okafor" },
    ..MARA
};
/// Everyone who works in the portal.
pub(crate) const STAFF: [Identity<'static>; 3] = [MARA, TOBIAS, INES];
/// What `--help` prints about the cast.
pub const CAST: &str = "\
Hollin Ferries is invented. Who reads what, day by day:
  App Service       tls-web and tls-booking of the production vaults, every few hours
  hollin-booking-api  all 30 secrets of hollin-booking-prod, at each start
  hollin-web-front, hollin-pay-worker  8 secrets of their own vaults, at each start
  hollin-pipeline   the tls- certificate of what is deployed, from two build agents
  a settings job for each vault  two secrets of that vault, each hour
  hollin-reporting  two secrets of hollin-data-prod, each morning
  storage, Policy Insights  keys and vault settings only
  Mara, Tobias, Ines  the portal, in office hours

In the month some move, and nobody steals anything:
  hollin-releases   three secrets at each run, from a hosted runner of another network each time
  Jorun, Caleb      the portal, in the office and on the phone
  Nadia             the portal, over the three exits of a VPN
  hollin-loyalty-api  8 secrets at each start, by four addresses in two networks
  hollin-crew-roster  8 secrets at each start; deployed anew on day 17, with another identity
  hollin-freight-import  two secrets each hour; another client library from day 18 on
  the isles' subscription  its vaults, jobs and people from day 20 on

And what should not be: hollin-reporting's identity from 203.0.113.66,
  day:    02:13 to 02:24, six certificates of two vaults and 30 secrets of four
  month:  day 19, 02:41 to 02:47, the certificates and secrets of fifty vaults";
