//! What machines do by themselves, over and over.

use super::{
    activity::Step,
    audit::Target,
    book::Book,
    clock::Moment,
    dice,
    estate::Vault,
    people::{APP_SERVICE, BOOKING_API, Identity, POLICY, REPORTING, STORAGE, Sort},
};

/// The operation that the detection looks for, in the case of the documentation.
pub(crate) const CERTIFICATE_READ: &str = "Microsoft.KeyVault/vaults/certificates/read";

impl Book {
    /// An application starts and loads the secrets of its vault, one after the other.
    pub(crate) fn application_start(&mut self, at: Moment, who: &Identity<'_>, vault: Vault) {
        self.sign_in(at, who, 0);
        self.challenge(at.plus_ms(900), who, vault, "secrets");
        self.read_secrets(at.plus_ms(2_000), who, vault, vault.secrets());
    }

    /// The booking application starts: all thirty secrets.
    pub(crate) fn booking_start(&mut self, at: Moment) {
        self.application_start(at, &BOOKING_API, super::estate::BOOKING);
    }

    /// Reads secrets at about three in a second.
    pub(crate) fn read_secrets(&mut self, at: Moment, who: &Identity<'_>, vault: Vault, names: &[&str]) {
        let mut at = at;
        for name in names {
            self.audit(at, who, vault, "SecretGet", Target::One("secrets", name, ""));
            at = at.plus_ms(self.dice.between(200, 450));
        }
    }

    /// App Service looks whether a web certificate is still the same.
    pub(crate) fn certificate_sync(&mut self, at: Moment, vault: Vault) {
        let [tls, ..] = vault.certificates();
        self.read_certificate(at, &APP_SERVICE, vault, &tls);
    }

    /// A certificate and then the secret of the same name, which holds the private key.
    pub(crate) fn read_certificate(&mut self, at: Moment, who: &Identity<'_>, vault: Vault, name: &str) {
        let certificate = Target::One("certificates", name, "");
        self.audit(at, who, vault, "CertificateGet", certificate);
        self.read_secrets(at.plus_ms(1_200), who, vault, &[name]);
    }

    /// A deployment: one certificate read that succeeds, among the rest.
    pub(crate) fn deployment(&mut self, at: Moment, agent: &Identity<'_>, vault: Vault) {
        let [tls, ..] = vault.certificates();
        let name = format!("release-{}", self.dice.between(1_000, 9_999));
        let group = vault.group();
        let release = format!("{group}/providers/Microsoft.Resources/deployments/{name}");
        let certificate = format!("{}/certificates/{tls}", vault.id());
        let site = format!("{group}/providers/Microsoft.Web/sites/hollin-{}", vault.system());
        let (begin, end) = (&[Step::Start, Step::Accept], &[Step::Success]);
        self.sign_in(at, agent, 0);
        self.steps(at, agent, "Microsoft.Resources/deployments/write", &release, begin);
        let read = at.plus_ms(9_000);
        self.steps(read, agent, CERTIFICATE_READ, &certificate, &[Step::Start, Step::Success]);
        self.challenge(read, agent, vault, "certificates");
        self.read_certificate(read.plus_ms(1_100), agent, vault, &tls);
        let site_steps = &[Step::Start, Step::Success];
        self.steps(at.plus_ms(20_000), agent, "Microsoft.Web/sites/write", &site, site_steps);
        let done = at.plus_ms(45_000);
        self.steps(done, agent, "Microsoft.Resources/deployments/write", &release, end);
    }

    /// A storage account asks for its key, and has something wrapped or unwrapped.
    pub(crate) fn key_use(&mut self, at: Moment, vault: Vault) {
        let name = "storage-encryption";
        let (operation, after) = match self.dice.below(5) {
            0 => ("KeyGet", ""),
            1 => ("KeyWrap", "/wrapkey"),
            _ => ("KeyUnwrap", "/unwrapkey"),
        };
        self.audit(at, &STORAGE, vault, operation, Target::One("keys", name, after));
    }

    /// A policy service looks at a vault's settings.
    pub(crate) fn policy_scan(&mut self, at: Moment, vault: Vault) {
        self.audit(at, &POLICY, vault, "VaultGet", Target::Settings);
    }

    /// A vault's settings job reads two secrets. Each vault has a job of its own.
    pub(crate) fn refresh(&mut self, at: Moment, vault: Vault) {
        let resource = format!("{}/providers/Microsoft.Web/sites/{}-settings", vault.group(), vault.name());
        let job = Identity {
            oid: &dice::guid_of(&format!("{resource} object")),
            appid: &dice::guid_of(&format!("{resource} application")),
            ip: "2001:db8:20::31",
            agent: "azsdk-go-azsecrets/v1.3.1 (go1.23.6; linux)",
            sort: Sort::Managed { resource: &resource },
        };
        self.read_secrets(at, &job, vault, &["sql-main", "redis-cache"]);
    }

    /// The reporting job reads the two secrets that are its own.
    pub(crate) fn reporting(&mut self, at: Moment, vault: Vault) {
        self.sign_in(at, &REPORTING, 0);
        self.challenge(at.plus_ms(1_000), &REPORTING, vault, "secrets");
        let names = ["sql-reader", "metrics-push"];
        self.read_secrets(at.plus_ms(2_000), &REPORTING, vault, &names);
    }
}
