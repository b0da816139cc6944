//! Who read: one identity, by the name that people know, and by the ids that commands and pages ask for.

use super::notice::Notice;
use crate::facts::Identity;

/// What kind of identity it is, as far as the alert says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    User,
    ServicePrincipal,
    ManagedIdentity,
    /// A user or a service principal.
    Unknown,
}

/// The identity that an alert is about.
#[derive(Debug)]
pub(super) struct Who {
    pub(super) kind: Kind,
    /// Its ids; where the alert stands for several identities, the address alone.
    pub(super) identity: Identity,
    /// The application's name, where the record or the list of well-known ones has it.
    pub(super) app_name: Option<String>,
    /// How many other accounts the alert stands for.
    pub(super) others: usize,
    name: Option<String>,
}

impl Who {
    pub(super) fn of(notice: &Notice) -> Self {
        let context = &notice.alert_context;
        let accounts = accounts(notice);
        let account = accounts.first().copied().unwrap_or_default();
        let mut identity = Identity {
            object_id: text([context.caller_object_id.as_str(), account.object_id]),
            app_id: text([&context.caller_app_id].into_iter().chain(app_ids(notice)).map(|id| id.as_str())),
            upn: text([context.caller_upn.as_str(), account.upn]),
            tenant_id: text([context.tenant_id.as_str()]),
            managed_identity_resource: text([context.caller_managed_identity.as_str()]),
            caller_address: text(addresses(notice).into_iter().take(1)),
        };
        let app_name = text([context.caller_app_name.as_str(), identity.app_name().unwrap_or_default()]);
        let resource = identity.managed_identity_name().map(str::to_owned);
        let by_id = |kind, id: &Option<String>| id.as_ref().map(|id| format!("{kind} {id}"));
        let kind = match (&identity.upn, &resource, &identity.app_id) {
            (Some(_), ..) => Kind::User,
            (None, Some(_), _) => Kind::ManagedIdentity,
            // Users sign in through the well-known applications, too.
            (None, None, Some(_)) if identity.app_name().is_none() => Kind::ServicePrincipal,
            _ => Kind::Unknown,
        };
        let known = identity.upn.clone().or(resource).or_else(|| app_name.clone());
        let name = known.or_else(|| by_id("application", &identity.app_id));
        let name = name.or_else(|| by_id("object", &identity.object_id));
        let others = accounts.len().saturating_sub(1);
        if others > 0 {
            identity = Identity { caller_address: identity.caller_address, ..Identity::default() };
        }
        Self { kind, identity, app_name, others, name }
    }

    /// The name and the kind, as a sentence begins with them.
    pub(super) fn name(&self) -> String {
        let Some(name) = &self.name else { return "Somebody whom the log does not name".to_owned() };
        let kind = match self.kind {
            Kind::User => " (user)",
            Kind::ServicePrincipal => " (service principal)",
            Kind::ManagedIdentity => " (managed identity)",
            Kind::Unknown => "",
        };
        match self.others {
            0 => format!("{name}{kind}"),
            1 => format!("{name}{kind} and 1 other"),
            others => format!("{name}{kind} and {others} others"),
        }
    }
}

/// An account, as far as the alert names it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Account<'n> {
    pub(super) upn: &'n str,
    pub(super) object_id: &'n str,
}

/// Each account once, whether one entity has its ids or several have them.
pub(super) fn accounts(notice: &Notice) -> Vec<Account<'_>> {
    let context = &notice.alert_context;
    let of_context = Account { upn: &context.caller_upn, object_id: &context.caller_object_id };
    let of_entities =
        notice.entities.account.iter().map(|account| Account { upn: &account.upn, object_id: &account.object_id });
    let mut distinct: Vec<Account<'_>> = Vec::new();
    for account in std::iter::once(of_context).chain(of_entities) {
        let same = |left: &str, right: &str| !left.trim().is_empty() && left.eq_ignore_ascii_case(right);
        let known =
            distinct.iter_mut().find(|known| same(known.object_id, account.object_id) || same(known.upn, account.upn));
        match known {
            Some(known) if known.upn.trim().is_empty() => known.upn = account.upn,
            Some(known) if known.object_id.trim().is_empty() => known.object_id = account.object_id,
            Some(_) => {}
            None if account.upn.trim().is_empty() && account.object_id.trim().is_empty() => {}
            None => distinct.push(account),
        }
    }
    distinct
}

/// The ids of the applications.
pub(super) fn app_ids(notice: &Notice) -> impl Iterator<Item = &super::lenient::Text> {
    notice.entities.cloud_application.iter().map(|application| &application.app_id)
}

/// Where the calls came from, the first match's address first. Panther's placeholder for an address that the log does not name
/// says less than nothing.
pub(super) fn addresses(notice: &Notice) -> Vec<&str> {
    let of_entities = notice.entities.ip.iter().map(|ip| ip.address.as_str());
    let of_context = std::iter::once(notice.alert_context.caller_ip.as_str());
    distinct(of_context.filter(|address| !address.starts_with('<')).chain(of_entities))
}

/// The texts that are not blank, each once: names in Azure have no case.
pub(super) fn distinct<'n>(texts: impl IntoIterator<Item = &'n str>) -> Vec<&'n str> {
    let mut distinct: Vec<&str> = Vec::new();
    for text in texts {
        if !text.trim().is_empty() && !distinct.iter().any(|known| known.eq_ignore_ascii_case(text)) {
            distinct.push(text);
        }
    }
    distinct
}

/// The first text that is not blank.
fn text<'n>(texts: impl IntoIterator<Item = &'n str>) -> Option<String> {
    texts.into_iter().find(|text| !text.trim().is_empty()).map(str::to_owned)
}
