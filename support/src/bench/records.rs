//! Single records in the mix that a company's hub carries.

use jiff::civil::date;

use crate::invented_logs::activity::Step;
use crate::invented_logs::audit::Target;
use crate::invented_logs::book::Book;
use crate::invented_logs::clock::Moment;
use crate::invented_logs::estate::{self, Vault};
use crate::invented_logs::people::{Identity, MARA, PAY_WORKER, PIPELINE, Sort, WEB_FRONT};

/// The rule's operation, as the documentation writes it.
const READ: &str = "Microsoft.KeyVault/vaults/certificates/read";
/// Calls that have nothing to do with certificates, by far the most of what a vault logs.
const CALLS: [(&str, &str, &str); 4] = [
    ("SecretGet", "secrets", ""),
    ("KeyWrap", "keys", "/wrapkey"),
    ("KeyUnwrap", "keys", "/unwrapkey"),
    ("KeyGet", "keys", ""),
];
/// What people and pipelines do to resources.
const ACTIONS: [&str; 4] = [
    "Microsoft.Web/sites/write",
    "Microsoft.Storage/storageAccounts/listKeys/action",
    "Microsoft.Resources/deployments/write",
    "Microsoft.KeyVault/vaults/write",
];
/// Someone whose name, and so whose records, are not all ASCII.
const ZOE: Identity<'static> =
    Identity { sort: Sort::Person { upn: "zoë.müller@example.com", name: "Zoë Müller-Łukasz 佐藤" }, ..MARA };
/// A pipeline whose user agent does not contain "certificates", so that near misses are only where they are meant.
const DEPLOYMENT: Identity<'static> = Identity { agent: "AZURECLI/2.69.0 (DEB) Python/3.12.8", ..PIPELINE };
const CAST: [Identity<'static>; 5] = [WEB_FRONT, PAY_WORKER, DEPLOYMENT, MARA, ZOE];
/// Parts of the Azure SDK in a user agent; because of them records differ in length, as real ones do.
const AGENT_PARTS: [&str; 4] = [
    " azsdk-net-Identity/1.13.2 (.NET 8.0.13; Debian GNU/Linux 12 (bookworm))",
    " azsdk-python-core/1.32.0 Python/3.12.8 (Linux-6.1.0-x86_64-with-glibc2.36)",
    " core-rest-pipeline/1.18.2 Node/20.18.3 OS/(x64-Linux-6.1.0)",
    " Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Safari/537.36",
];

/// What a record is to the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sense {
    /// It has another operation.
    Other,
    /// It has another operation, with "certificates" in it.
    NearMiss,
    /// It has the rule's operation with a result that is not wanted.
    WrongResult,
    /// It matches.
    Match,
}

/// A source of records, the same ones each time.
pub(super) struct Records {
    book: Book,
    vaults: Vec<Vault>,
    number: u64,
}

impl Records {
    /// The records that belong to a seed.
    pub(super) fn new(seed: u64) -> Self {
        Self { book: Book::new(seed), vaults: estate::vaults(), number: 0 }
    }

    /// The next record that has this sense, as one line of JSON.
    pub(super) fn next(&mut self, sense: Sense) -> String {
        self.number += 1;
        // A few hundred a second, within one hour.
        let at = Moment::on(date(2026, 3, 2), 8, 0, 0).plus_ms(self.number * 3);
        let vault = *self.book.dice.pick(&self.vaults);
        let who = *self.book.dice.pick(&CAST);
        let agent = self.agent(who.agent);
        let who = Identity { agent: &agent, ..who };
        match sense {
            Sense::Other => self.other(at, &who, vault),
            Sense::NearMiss => {
                let [name, ..] = vault.certificates();
                self.book.audit(at, &who, vault, "CertificateGet", Target::One("certificates", &name, ""));
            }
            Sense::WrongResult | Sense::Match => {
                let [name, ..] = vault.certificates();
                let scope = format!("{}/certificates/{name}", vault.id());
                let steps = match sense {
                    Sense::Match => [Step::Success, Step::Succeeded],
                    _ => [Step::Failed, Step::Lower],
                };
                let step = *self.book.dice.pick(&steps);
                self.book.activity(at, &who, READ, &scope, step);
            }
        }
        self.book.take().pop().map(|record| record.line).expect("each call makes a record")
    }

    fn other(&mut self, at: Moment, who: &Identity<'_>, vault: Vault) {
        match self.book.dice.below(100) {
            0..62 => {
                let (operation, list, after) = *self.book.dice.pick(&CALLS);
                let name = *self.book.dice.pick(vault.secrets());
                self.book.audit(at, who, vault, operation, Target::One(list, name, after));
            }
            62..82 => {
                let action = *self.book.dice.pick(&ACTIONS);
                self.book.activity(at, who, action, &vault.id(), Step::Success);
            }
            _ => self.book.sign_in(at, who, 0),
        }
    }

    fn agent(&mut self, client: &str) -> String {
        let parts = self.book.dice.below(10);
        (0..parts).fold(client.to_owned(), |agent, _| agent + *self.book.dice.pick(&AGENT_PARTS))
    }
}
