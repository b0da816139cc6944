//! What people do in office hours: the portal, virtual machines, storage keys, roles.

use super::{
    activity::Step,
    audit::Target,
    book::Book,
    clock::Moment,
    estate::Vault,
    people::{Identity, STAFF},
    routine::CERTIFICATE_READ,
};

impl Book {
    /// Someone opens a vault in the portal and looks at its lists.
    pub(crate) fn portal_visit(&mut self, at: Moment, who: &Identity<'_>, vault: Vault) {
        self.audit(at, who, vault, "VaultGet", Target::Settings);
        let lists = [("SecretList", "secrets"), ("CertificateList", "certificates"), ("KeyList", "keys")];
        let (operation, list) = *self.dice.pick(&lists);
        let status = if self.dice.below(9) == 0 { 403 } else { 200 };
        let listed = at.plus_ms(2_300);
        self.answered(listed, who, vault, operation, Target::List(list), status);
        if list == "secrets" && status == 200 {
            self.look_at_secret(at.plus_ms(8_000), who, vault);
        }
    }

    /// Someone looks at one of a vault's secrets; now and then at one that is gone.
    pub(crate) fn look_at_secret(&mut self, at: Moment, who: &Identity<'_>, vault: Vault) {
        let name = *self.dice.pick(vault.secrets());
        let (name, status) = match self.dice.below(12) {
            0 => ("sql-old", 404),
            _ => (name, 200),
        };
        let secret = Target::One("secrets", name, "");
        self.answered(at, who, vault, "SecretGet", secret, status);
    }

    /// Someone opens one certificate: a match for the detection.
    pub(crate) fn certificate_visit(&mut self, at: Moment, who: &Identity<'_>, vault: Vault, name: &str) {
        let scope = format!("{}/certificates/{name}", vault.id());
        self.audit(at, who, vault, "CertificateList", Target::List("certificates"));
        let opened = at.plus_ms(4_000);
        let certificate = Target::One("certificates", name, "");
        self.audit(opened, who, vault, "CertificateGet", certificate);
        self.activity(opened, who, CERTIFICATE_READ, &scope, Step::Succeeded);
    }

    /// A virtual machine is started or put away.
    pub(crate) fn machine(&mut self, at: Moment, who: &Identity<'_>, vault: Vault) {
        let actions =
            ["Microsoft.Compute/virtualMachines/start/action", "Microsoft.Compute/virtualMachines/deallocate/action"];
        let action = *self.dice.pick(&actions);
        let number = self.dice.between(1, 4);
        let machine = format!("providers/Microsoft.Compute/virtualMachines/{}-vm-{number}", vault.system());
        let scope = format!("{}/{machine}", vault.group());
        let steps = [Step::Start, Step::Accept, Step::Success];
        self.steps(at, who, action, &scope, &steps);
    }

    /// The keys of a storage account are listed.
    pub(crate) fn storage_keys(&mut self, at: Moment, who: &Identity<'_>, vault: Vault) {
        let action = "Microsoft.Storage/storageAccounts/listKeys/action";
        let account = format!("Microsoft.Storage/storageAccounts/hollin{}", vault.system());
        let scope = format!("{}/providers/{account}", vault.group());
        self.steps(at, who, action, &scope, &[Step::Start, Step::Success]);
    }

    /// Someone is given a role on a vault; now and then it is refused.
    pub(crate) fn role(&mut self, at: Moment, who: &Identity<'_>, vault: Vault) {
        let action = "Microsoft.Authorization/roleAssignments/write";
        let assignment = self.dice.guid();
        let provider = "providers/Microsoft.Authorization/roleAssignments";
        let scope = format!("{}/{provider}/{assignment}", vault.id());
        let end = match self.dice.below(5) {
            0 => Step::Failed,
            _ => Step::Success,
        };
        self.steps(at, who, action, &scope, &[Step::Start, end]);
    }

    /// One thing that somebody does.
    pub(crate) fn errand(&mut self, at: Moment, vaults: &[Vault]) {
        let (who, vault) = (*self.dice.pick(&STAFF), *self.dice.pick(vaults));
        match self.dice.below(10) {
            0..4 => self.portal_visit(at, &who, vault),
            4..6 => self.machine(at, &who, vault),
            6..8 => self.storage_keys(at, &who, vault),
            8 => self.role(at, &who, vault),
            _ => self.someone_signs_in(at),
        }
    }

    /// Someone signs in; now and then the password is wrong at first.
    pub(crate) fn someone_signs_in(&mut self, at: Moment) {
        let who = *self.dice.pick(&STAFF);
        if self.dice.below(8) == 0 {
            self.sign_in(at, &who, 50126);
        }
        self.sign_in(at.plus_ms(12_000), &who, 0);
    }
}
