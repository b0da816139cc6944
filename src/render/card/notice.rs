//! What a card tells of an alert, read from the message by people's questions: what, where, who, when, how many.
//!
//! A message may be of a later minor version or may have been cut, so all but its id and title may be missing.

use super::CardFault;
use crate::json::{Kind, Object, Value, for_each_element};
use crate::resource_id::segment_after;
use crate::severity::Severity;

/// How many entities of a kind are read; an alert has ten at most.
const MAX_OF_A_KIND: usize = 10;

/// The parts of an alert that a card shows; all text is as untrusted as the log that it came from.
#[derive(Debug, Default)]
pub(super) struct Notice {
    pub(super) alert_id: String,
    pub(super) title: String,
    pub(super) severity: Option<Severity>,
    /// Whether it stands for an invented theft.
    pub(super) is_drill: bool,
    pub(super) rule_id: String,
    pub(super) description: String,
    pub(super) runbook: String,
    /// Tactics and techniques, each as id and name.
    pub(super) mitre: Vec<[(String, String); 2]>,
    pub(super) created_at: String,
    pub(super) first_time: String,
    pub(super) last_time: String,
    pub(super) match_count: Option<u64>,
    pub(super) minutes: u64,
    pub(super) vaults: Vec<String>,
    pub(super) certificates: Vec<String>,
    pub(super) secrets: Vec<String>,
    /// The first names out of a dump, and how many there are in all.
    pub(super) objects: Vec<String>,
    pub(super) object_count: usize,
    pub(super) addresses: Vec<String>,
    pub(super) users: Vec<String>,
    pub(super) managed_identities: Vec<String>,
    pub(super) object_ids: Vec<String>,
    pub(super) applications: Vec<String>,
    pub(super) resource_ids: Vec<String>,
    pub(super) tenant_id: Option<String>,
}

impl Notice {
    /// Reads an alert message.
    pub(super) fn read(message: &str) -> Result<Self, CardFault> {
        let alert = Object::parse(message.trim_start_matches('\u{feff}')).map_err(|_| CardFault::NotAnObject)?;
        let version = text(&alert, "schemaVersion").unwrap_or_default();
        if version.split('.').next() != Some("1") {
            return Err(if version.is_empty() { CardFault::NoAlert } else { CardFault::LaterVersion });
        }
        let alert_id = text(&alert, "alertId").filter(|id| is_id(id)).ok_or(CardFault::NoAlert)?;
        alert.get("title").and_then(Value::as_str).ok_or(CardFault::NoAlert)?;
        // A title of blanks is poor, but its alert is one.
        let title = text(&alert, "title").unwrap_or_else(|| "An alert without a title".to_owned());
        let mut notice = Self { alert_id, title, ..Self::default() };
        notice.severity = text(&alert, "severity").and_then(|severity| Severity::parse(&severity));
        notice.is_drill = alert.get("drill").is_some_and(|drill| drill.raw() == "true");
        notice.created_at = text(&alert, "createdAt").unwrap_or_default();
        notice.read_rule(&object(&alert, "rule"));
        notice.read_window(&object(&alert, "window"));
        let context = object(&alert, "alertContext");
        notice.read_context(&context);
        notice.read_entities(&object(&alert, "entities"));
        if notice.addresses.is_empty() {
            // Panther's placeholder for an address that the log does not name says less than nothing.
            notice.addresses.extend(text(&context, "caller_ip").filter(|address| !address.starts_with('<')));
        }
        Ok(notice)
    }

    fn read_rule(&mut self, rule: &Object<'_>) {
        let named = |name| text(rule, name).unwrap_or_default();
        self.rule_id = named("id");
        self.description = named("description");
        self.runbook = named("runbook");
        self.mitre = objects(rule, "mitre")
            .iter()
            .map(|pair| {
                ["tactic", "technique"].map(|part| {
                    let part = object(pair, part);
                    (text(&part, "id").unwrap_or_default(), text(&part, "name").unwrap_or_default())
                })
            })
            .collect();
    }

    fn read_window(&mut self, window: &Object<'_>) {
        let number = |name| window.get(name).and_then(|number| number.raw().parse().ok());
        self.match_count = number("matchCount");
        self.minutes = number("minutes").unwrap_or_default();
        self.first_time = text(window, "firstRecordTime").unwrap_or_default();
        self.last_time = text(window, "lastRecordTime").unwrap_or_default();
    }

    /// What the rules' contexts name; each rule has some of it.
    fn read_context(&mut self, context: &Object<'_>) {
        self.vaults.extend(text(context, "keyvault_name"));
        strings(context, "vaults").iter().for_each(|vault| add_name(&mut self.vaults, Some(vault)));
        self.certificates.extend(text(context, "certificate_name"));
        self.objects = strings(context, "read_objects");
        let count = context.get("read_count").and_then(|count| count.raw().parse().ok());
        self.object_count = self.objects.len().max(count.unwrap_or_default());
        let is_secret = text(context, "object_kind").is_some_and(|kind| kind == "secret");
        if is_secret && self.certificates.is_empty() && self.objects.is_empty() {
            self.secrets.extend(text(context, "object_name"));
        }
        self.tenant_id = text(context, "tenant_id");
        let identity = text(context, "caller_managed_identity");
        // The id of the resource that has the identity; its last part is the name that people know.
        self.managed_identities.extend(identity.and_then(|id| Some(id.rsplit('/').next()?.to_owned())));
        self.applications.extend(text(context, "caller_app_name"));
    }

    fn read_entities(&mut self, entities: &Object<'_>) {
        let each =
            |kind, name| -> Vec<_> { objects(entities, kind).iter().filter_map(|entity| text(entity, name)).collect() };
        self.addresses = each("ip", "address");
        self.resource_ids = each("azureResource", "resourceId");
        self.users = each("account", "upn");
        self.object_ids = each("account", "objectId");
        self.applications.extend(each("cloudApplication", "appId"));
        if self.tenant_id.is_none() {
            self.tenant_id = each("account", "tenantId").into_iter().next();
        }
        for id in &self.resource_ids {
            add_name(&mut self.vaults, segment_after(id, "vaults"));
            add_name(&mut self.certificates, segment_after(id, "certificates"));
        }
    }
}

/// Azure's names have no case.
fn add_name(names: &mut Vec<String>, name: Option<&str>) {
    let Some(name) = name.filter(|name| !name.is_empty()) else { return };
    if !names.iter().any(|known| known.eq_ignore_ascii_case(name)) {
        names.push(name.to_owned());
    }
}

/// An id goes into logs as it is, so it must be of a form that does no harm there.
fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn text(object: &Object<'_>, name: &str) -> Option<String> {
    object.get(name)?.as_str().map(std::borrow::Cow::into_owned).filter(|text| !text.trim().is_empty())
}

fn object<'a>(parent: &Object<'a>, name: &str) -> Object<'a> {
    let child = parent.get(name).filter(|child| child.kind() == Kind::Object);
    child.and_then(|child| Object::parse(child.raw()).ok()).unwrap_or_default()
}

/// The first strings of an array.
fn strings(parent: &Object<'_>, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut add = |element: Value<'_>| {
        if found.len() < MAX_OF_A_KIND {
            found.extend(element.as_str().map(std::borrow::Cow::into_owned));
        }
    };
    if let Some(array) = parent.get(name) {
        // What is no array has no elements.
        let _none = for_each_element(array.raw(), &mut add);
    }
    found
}

fn objects<'a>(parent: &Object<'a>, name: &str) -> Vec<Object<'a>> {
    let mut found = Vec::new();
    let mut add = |element: Value<'a>| {
        if found.len() < MAX_OF_A_KIND
            && let Ok(object) = Object::parse(element.raw())
        {
            found.push(object);
        }
    };
    if let Some(array) = parent.get(name) {
        // What is no array has no elements.
        let _none = for_each_element(array.raw(), &mut add);
    }
    found
}
