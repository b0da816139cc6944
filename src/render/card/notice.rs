//! An alert message as far as a card shows it.
//!
//! A message may be of a later minor version, and may have been cut: all but its id and title may be missing, or of
//! another kind than expected. All text is as untrusted as the log that it came from.

use serde::Deserialize;

use super::CardFault;
use super::lenient::{Lenient, List, Text};
use crate::hidden::is_plain_id;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Notice {
    schema_version: Text,
    pub(super) alert_id: Text,
    title: Lenient<Option<String>>,
    pub(super) severity: Text,
    pub(super) drill: Lenient<bool>,
    pub(super) incident: Lenient<Option<Incident>>,
    pub(super) created_at: Text,
    pub(super) rule: Lenient<Rule>,
    pub(super) window: Lenient<Window>,
    pub(super) alert_context: Lenient<Context>,
    pub(super) entities: Lenient<Entities>,
    pub(super) records: List<Entry>,
}

/// The incident that an alert belongs to; without a step it only joins it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Incident {
    pub(super) id: Text,
    pub(super) step: Lenient<Option<u64>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Rule {
    pub(super) id: Text,
    pub(super) name: Text,
    pub(super) description: Text,
    pub(super) runbook: Text,
    /// The level of a rule that others wrote, in Sigma.
    pub(super) level: Text,
    /// What its author knows to match, and to be no attack.
    #[serde(rename = "falsePositives")]
    pub(super) false_positives: List<String>,
    pub(super) mitre: List<Coverage>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Coverage {
    pub(super) tactic: Lenient<Named>,
    pub(super) technique: Lenient<Named>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Named {
    pub(super) id: Text,
    pub(super) name: Text,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Window {
    pub(super) minutes: Lenient<u64>,
    pub(super) match_count: Lenient<Option<u64>>,
    pub(super) first_record_time: Text,
    pub(super) last_record_time: Text,
}

/// What the rules' alert contexts name; each rule has some of it.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Context {
    pub(super) keyvault_name: Text,
    pub(super) certificate_name: Text,
    pub(super) object_kind: Text,
    pub(super) object_name: Text,
    pub(super) read_objects: List<String>,
    pub(super) read_count: Lenient<usize>,
    pub(super) vault_count: Lenient<usize>,
    pub(super) vaults: List<String>,
    pub(super) private_key: Lenient<Option<PrivateKey>>,
    pub(super) refused_count: Lenient<u64>,
    pub(super) first_read_time: Text,
    pub(super) last_read_time: Text,
    pub(super) log_delay_seconds: Lenient<Option<u64>>,
    pub(super) stopped: Lenient<Option<bool>>,
    pub(super) outcome: Text,
    pub(super) tenant_id: Text,
    pub(super) caller_upn: Text,
    pub(super) caller_object_id: Text,
    pub(super) caller_app_id: Text,
    pub(super) caller_app_name: Text,
    pub(super) caller_managed_identity: Text,
    pub(super) caller_ip: Text,
    pub(super) client_info: Text,
    /// How the read compares with the identity's others, in words.
    pub(super) verdict: Text,
    /// What is new in it, in words.
    pub(super) unfamiliar: Text,
    pub(super) usual: Lenient<Option<Usual>>,
}

/// What is usual for the identity.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Usual {
    pub(super) since: Text,
    pub(super) reads_a_day: Lenient<u64>,
    pub(super) addresses: List<String>,
    pub(super) clients: List<String>,
    pub(super) vault_count: Lenient<u64>,
    pub(super) roams: List<String>,
}

/// Of how many objects a private key may have left; `read_objects` has them in this order.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct PrivateKey {
    pub(super) likely: Lenient<usize>,
    pub(super) wrapped: Lenient<usize>,
    pub(super) unknown: Lenient<usize>,
    pub(super) no: Lenient<usize>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Entities {
    pub(super) ip: List<Entity>,
    pub(super) azure_resource: List<Entity>,
    pub(super) account: List<Entity>,
    pub(super) cloud_application: List<Entity>,
}

/// An entity of any kind; each kind has some of it.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Entity {
    pub(super) address: Text,
    pub(super) resource_id: Text,
    pub(super) upn: Text,
    pub(super) object_id: Text,
    pub(super) tenant_id: Text,
    pub(super) app_id: Text,
}

/// A record that the alert stands for, as far as it names what was read.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Entry {
    pub(super) record: Lenient<RecordIds>,
}

/// The resource id of a record, by its names in the forms of records.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct RecordIds {
    #[serde(rename = "resourceId")]
    pub(super) of_hub: Text,
    #[serde(rename = "ResourceId")]
    pub(super) of_table: Text,
    #[serde(rename = "_ResourceId")]
    pub(super) of_workspace: Text,
}

impl Notice {
    /// Reads an alert message.
    pub(super) fn read(message: &str) -> Result<Self, CardFault> {
        let message = message.trim_start_matches('\u{feff}').trim_start();
        // serde would read a list as the members in their order.
        let object = Some(message).filter(|message| message.starts_with('{')).ok_or(CardFault::NotAnObject)?;
        let notice: Self = serde_json::from_str(object).map_err(|_| CardFault::NotAnObject)?;
        match notice.schema_version.split('.').next().unwrap_or_default().trim() {
            "1" if is_plain_id(&notice.alert_id) && notice.title.is_some() => Ok(notice),
            "1" | "" => Err(CardFault::NoAlert),
            _ => Err(CardFault::LaterVersion),
        }
    }

    /// The resource ids of what was read, of the entities first.
    pub(super) fn resource_ids(&self) -> impl Iterator<Item = &str> {
        let of_entities = self.entities.azure_resource.iter().map(|resource| resource.resource_id.as_str());
        let of_records = self.records.iter().flat_map(|entry| {
            [&entry.record.of_hub, &entry.record.of_table, &entry.record.of_workspace].map(|id| id.as_str())
        });
        of_entities.chain(of_records).filter(|id| !id.trim().is_empty())
    }

    /// The title; one of blanks is poor, but its alert is one.
    pub(super) fn title(&self) -> &str {
        self.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or("An alert without a title")
    }
}
