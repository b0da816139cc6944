//! Who and what an alert is about, as flat values that Sentinel and Defender map without parsing.

use serde::Serialize;

use crate::facts::{Facts, Identity};
use crate::json::Value;

/// How many of each kind an alert names.
const MAX_OF_A_KIND: usize = 10;

/// The entities of an alert's matches, each named once.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Entities {
    ip: Vec<Ip>,
    azure_resource: Vec<AzureResource>,
    account: Vec<Account>,
    cloud_application: Vec<CloudApplication>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Ip {
    address: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct AzureResource {
    resource_id: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct Account {
    object_id: Option<String>,
    upn: Option<String>,
    tenant_id: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
struct CloudApplication {
    app_id: String,
}

impl Entities {
    /// Adds what a record names, up to ten of each kind.
    pub fn add(&mut self, facts: &Facts<'_>) {
        let Identity { object_id, upn, tenant_id, caller_address, app_id, .. } = &**facts.identity();
        if let Some(address) = caller_address {
            add(&mut self.ip, |known| known.address == *address, || Ip { address: address.clone() });
        }
        if let Some(id) = facts.get("resourceId").and_then(Value::as_str).filter(|id| !id.is_empty()) {
            let is_it = |known: &AzureResource| known.resource_id == id;
            add(&mut self.azure_resource, is_it, || AzureResource { resource_id: id.to_string() });
        }
        if object_id.is_some() || upn.is_some() {
            let is_it =
                |known: &Account| (&known.object_id, &known.upn, &known.tenant_id) == (object_id, upn, tenant_id);
            let account = || Account { object_id: object_id.clone(), upn: upn.clone(), tenant_id: tenant_id.clone() };
            add(&mut self.account, is_it, account);
        }
        if let Some(app_id) = app_id {
            let application = || CloudApplication { app_id: app_id.clone() };
            add(&mut self.cloud_application, |known| known.app_id == *app_id, application);
        }
    }

    /// The addresses of the calls.
    pub fn addresses(&self) -> impl Iterator<Item = &str> {
        self.ip.iter().map(|ip| ip.address.as_str())
    }

    /// The object ids of the callers.
    pub fn object_ids(&self) -> impl Iterator<Item = &str> {
        self.account.iter().filter_map(|account| account.object_id.as_deref())
    }

    /// The user principal names of the callers.
    pub fn upns(&self) -> impl Iterator<Item = &str> {
        self.account.iter().filter_map(|account| account.upn.as_deref())
    }

    /// The application ids of the callers.
    pub fn app_ids(&self) -> impl Iterator<Item = &str> {
        self.cloud_application.iter().map(|application| application.app_id.as_str())
    }

    /// Calls `change` with every text.
    pub fn for_each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        self.ip.iter_mut().for_each(|ip| change(&mut ip.address));
        self.azure_resource.iter_mut().for_each(|resource| change(&mut resource.resource_id));
        for account in &mut self.account {
            [&mut account.object_id, &mut account.upn, &mut account.tenant_id]
                .into_iter()
                .flatten()
                .for_each(&mut *change);
        }
        self.cloud_application.iter_mut().for_each(|application| change(&mut application.app_id));
    }
}

/// Adds an entity that is not known yet, if there is room.
fn add<T>(all: &mut Vec<T>, is_it: impl Fn(&T) -> bool, entity: impl FnOnce() -> T) {
    if all.len() < MAX_OF_A_KIND && !all.iter().any(is_it) {
        all.push(entity());
    }
}
