//! What should not be there: a stolen application secret, used from a strange address.

use super::{
    activity::Step,
    audit::Target,
    book::Book,
    clock::Moment,
    estate::{BOOKING, DATA, OPS, PAY, Vault},
    people::THIEF,
    routine::CERTIFICATE_READ,
};

impl Book {
    /// The night of the sample day, from 02:13: six certificates of two vaults within four
    /// minutes, then the lists and thirty secrets of four vaults, first those that hold the
    /// private keys of certificates.
    pub(crate) fn night(&mut self, at: Moment) {
        self.sign_in(at, &THIEF, 0);
        let mut read = at.plus_ms(40_000);
        for vault in [PAY, BOOKING] {
            self.enter(read, vault);
            for name in vault.certificates() {
                read = read.plus_ms(31_000);
                self.take_certificate(read, vault, &name);
            }
        }
        let mut read = at.plus_ms(6 * 60_000);
        for (vault, count) in [(PAY, 8), (BOOKING, 12), (DATA, 6), (OPS, 4)] {
            self.enter(read, vault);
            let certificates = vault.certificates();
            let all = certificates.iter().map(String::as_str);
            let all = all.chain(vault.secrets().iter().copied());
            let names: Vec<&str> = all.take(count).collect();
            self.read_secrets(read.plus_ms(5_000), &THIEF, vault, &names);
            read = read.plus_ms(95_000);
        }
    }

    /// The dump of the made-up month: certificates and secrets of many vaults.
    pub(crate) fn dump(&mut self, at: Moment, vaults: &[Vault]) {
        self.sign_in(at, &THIEF, 0);
        let mut at = at.plus_ms(3_000);
        for vault in vaults {
            self.enter(at, *vault);
            for (number, name) in (2..).zip(vault.certificates()) {
                let read = at.plus_ms(1_000 * number);
                self.take_certificate(read, *vault, &name);
                self.read_secrets(read, &THIEF, *vault, &[&name]);
            }
            self.read_secrets(at.plus_ms(2_000), &THIEF, *vault, vault.secrets());
            at = at.plus_ms(6_600);
        }
    }

    /// The vault's challenge, then its lists.
    fn enter(&mut self, at: Moment, vault: Vault) {
        self.challenge(at, &THIEF, vault, "secrets");
        for (operation, list) in [("CertificateList", "certificates"), ("SecretList", "secrets")] {
            self.audit(at.plus_ms(1_000), &THIEF, vault, operation, Target::List(list));
        }
    }

    /// One certificate: a match for the detection, and its trace in the vault's own log.
    fn take_certificate(&mut self, at: Moment, vault: Vault, name: &str) {
        let scope = format!("{}/certificates/{name}", vault.id());
        let certificate = Target::One("certificates", name, "");
        self.activity(at, &THIEF, CERTIFICATE_READ, &scope, Step::Success);
        self.audit(at, &THIEF, vault, "CertificateGet", certificate);
    }
}
