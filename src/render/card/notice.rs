//! An alert message as far as a card shows it.
//!
//! A message may be of a later minor version, and may have been cut: all but its id and title may be missing, or of
//! another kind than expected. All text is as untrusted as the log that it came from.

use std::ops::Deref;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use serde_json::value::RawValue;

use super::CardFault;
use crate::hidden::is_plain_id;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Notice {
    schema_version: Text,
    pub(super) alert_id: Text,
    title: Lenient<Option<String>>,
    pub(super) severity: Text,
    pub(super) drill: Lenient<bool>,
    pub(super) created_at: Text,
    pub(super) rule: Lenient<Rule>,
    pub(super) window: Lenient<Window>,
    pub(super) alert_context: Lenient<Context>,
    pub(super) entities: Lenient<Entities>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Rule {
    pub(super) id: Text,
    pub(super) description: Text,
    pub(super) runbook: Text,
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
    pub(super) vaults: List<String>,
    pub(super) certificate_name: Text,
    pub(super) object_kind: Text,
    pub(super) object_name: Text,
    pub(super) read_objects: List<String>,
    pub(super) read_count: Lenient<usize>,
    pub(super) outcome: Text,
    pub(super) tenant_id: Text,
    pub(super) caller_ip: Text,
    pub(super) caller_managed_identity: Text,
    pub(super) caller_app_name: Text,
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

    /// The title; one of blanks is poor, but its alert is one.
    pub(super) fn title(&self) -> &str {
        self.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or("An alert without a title")
    }
}

/// A value that counts as missing if it is of another kind than expected.
#[derive(Default)]
pub(super) struct Lenient<T>(T);

pub(super) type Text = Lenient<String>;
pub(super) type List<T> = Lenient<Vec<Lenient<T>>>;

impl<'de, T: DeserializeOwned + Default> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = <&RawValue>::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str(value.get()).unwrap_or_default()))
    }
}

impl<T> Deref for Lenient<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
