//! Who and what an alert is about, as flat values that Sentinel and Defender map without parsing.

use serde::Serialize;

use crate::facts::Facts;
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
    /// Reads the entities of one record.
    #[must_use]
    pub fn of(facts: &Facts<'_>) -> Self {
        let identity = facts.identity();
        let text = |name| facts.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let account = Account {
            object_id: identity.object_id.clone(),
            upn: identity.upn.clone(),
            tenant_id: identity.tenant_id.clone(),
        };
        let is_known = account.object_id.is_some() || account.upn.is_some();
        Self {
            ip: identity.caller_address.iter().map(|address| Ip { address: address.clone() }).collect(),
            azure_resource: text("resourceId")
                .map(|id| AzureResource { resource_id: id.into_owned() })
                .into_iter()
                .collect(),
            account: is_known.then_some(account).into_iter().collect(),
            cloud_application: identity.app_id.iter().map(|id| CloudApplication { app_id: id.clone() }).collect(),
        }
    }

    /// Adds what another match names, up to ten of each kind.
    pub fn merge(&mut self, other: Self) {
        merge(&mut self.ip, other.ip);
        merge(&mut self.azure_resource, other.azure_resource);
        merge(&mut self.account, other.account);
        merge(&mut self.cloud_application, other.cloud_application);
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

fn merge<T: PartialEq>(all: &mut Vec<T>, more: Vec<T>) {
    for entity in more {
        if all.len() < MAX_OF_A_KIND && !all.contains(&entity) {
            all.push(entity);
        }
    }
}
