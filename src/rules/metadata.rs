//! What a rule's YAML says of it, in Panther's own keys.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

use super::mitre;
use crate::json::{raw_value, to_text};
use crate::severity::Severity;
use crate::sigma::{Count, SigmaRule};

/// The YAML of the rules in this folder as JSON, by their names in the `RULES` setting; `build.rs` makes it.
const AT_BUILD: &str = include_str!(concat!(env!("OUT_DIR"), "/rules.json"));

/// The period in minutes of a rule that names none (Panther's default).
const DEFAULT_DEDUP_PERIOD_MINUTES: u32 = 60;

/// What the alerts of Sigma rules count.
const SIGMA_SUMMARY: &[&str] = &["resourceId", "callerIpAddress", "operationName", "resultType"];

/// How many pairs of tactic and technique a Sigma rule has at the most.
const MAX_PAIRS: usize = 12;

/// A rule's metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata {
    /// Panther's `RuleID`.
    pub id: Arc<str>,
    /// Panther's `Severity`.
    pub severity: Severity,
    /// Whether the settings say the severity.
    pub is_severity_set: bool,
    /// Panther's `DedupPeriodMinutes`.
    pub dedup_period_minutes: u32,
    /// Panther's `SummaryAttributes`: fields whose values an alert counts.
    pub summary_attributes: Vec<String>,
    /// What a Sigma correlation counts; the settings of windows do not apply to it.
    pub count: Option<Count>,
    /// What an alert says about the rule.
    pub about: About,
}

/// The `rule` object of an alert message: the same in each of a rule's alerts, so its JSON is made once.
#[derive(Debug, Clone)]
pub struct About {
    /// The rule's id.
    pub id: String,
    /// The rule's name for people.
    pub name: String,
    /// Where one reads more about what the rule detects.
    pub reference: String,
    json: Box<RawValue>,
}

#[derive(Serialize)]
struct AboutJson<'a> {
    id: &'a str,
    name: &'a str,
    description: &'a str,
    runbook: &'a str,
    reference: &'a str,
    tags: &'a [String],
    mitre: &'a [Coverage],
    #[serde(flatten)]
    sigma: Option<SigmaJson<'a>>,
}

/// What Sigma's authors say besides.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SigmaJson<'a> {
    level: &'a str,
    references: &'a [String],
    false_positives: &'a [String],
}

impl PartialEq for About {
    fn eq(&self, other: &Self) -> bool {
        self.json.get() == other.json.get()
    }
}

impl Eq for About {}

impl Serialize for About {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

/// One pair of ATT&CK tactic and technique.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Coverage {
    tactic: mitre::Entry,
    technique: mitre::Entry,
}

/// Why a rule's YAML cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MetadataError {
    /// It is not YAML of Panther's form.
    #[error("the rule's YAML cannot be read: {0}")]
    Yaml(String),
    /// A severity that Panther does not have.
    #[error("Severity `{0}` must be Info, Low, Medium, High or Critical")]
    Severity(String),
    /// An entry of `Reports` that is not `TACTIC:TECHNIQUE` with names known to `rules/mitre.rs`.
    #[error("MITRE ATT&CK entry `{0}` is not a tactic and a technique named in rules/mitre.rs")]
    Mitre(String),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Yaml {
    #[serde(rename = "RuleID")]
    rule_id: String,
    display_name: String,
    severity: String,
    description: String,
    #[serde(default)]
    reports: Reports,
    #[serde(default)]
    tags: Vec<String>,
    #[serde(default)]
    runbook: String,
    #[serde(default)]
    reference: String,
    #[serde(default)]
    summary_attributes: Vec<String>,
    dedup_period_minutes: Option<u32>,
}

#[derive(Deserialize, Default)]
struct Reports {
    #[serde(rename = "MITRE ATT&CK", default)]
    mitre: Vec<String>,
}

impl Metadata {
    /// The metadata of the rule of this name, read when the program was built; `None` for a rule that came from elsewhere.
    #[must_use]
    pub fn at_build(name: &str) -> Option<Self> {
        let rules: BTreeMap<&str, &RawValue> = serde_json::from_str(AT_BUILD).ok()?;
        Self::of(serde_json::from_str(rules.get(name)?.get()).ok()?).ok()
    }

    /// Reads a rule's YAML; its `Tests` are left alone.
    ///
    /// # Errors
    /// [`MetadataError`] names the key that is wrong.
    pub fn parse(yaml: &str) -> Result<Self, MetadataError> {
        Self::of(serde_saphyr::from_str(yaml).map_err(|error| MetadataError::Yaml(error.to_string()))?)
    }

    fn of(yaml: Yaml) -> Result<Self, MetadataError> {
        let severity = Severity::parse(&yaml.severity).ok_or_else(|| MetadataError::Severity(yaml.severity.clone()))?;
        let mitre = yaml.reports.mitre.iter().map(|entry| Coverage::parse(entry)).collect::<Result<Vec<_>, _>>()?;
        let about = AboutJson {
            id: &yaml.rule_id,
            name: &yaml.display_name,
            description: &yaml.description,
            runbook: &yaml.runbook,
            reference: &yaml.reference,
            tags: &yaml.tags,
            mitre: &mitre,
            sigma: None,
        };
        let json = raw_value(to_text(&about));
        Ok(Self {
            id: yaml.rule_id.as_str().into(),
            severity,
            is_severity_set: false,
            dedup_period_minutes: yaml.dedup_period_minutes.unwrap_or(DEFAULT_DEDUP_PERIOD_MINUTES),
            summary_attributes: yaml.summary_attributes,
            count: None,
            about: About { id: yaml.rule_id, name: yaml.display_name, reference: yaml.reference, json },
        })
    }
}

impl Metadata {
    /// What is known of a Sigma rule. Its tags do not say which technique is of which tactic, so each stands with each.
    #[must_use]
    pub fn of_sigma(rule: &SigmaRule) -> Self {
        let attack: Vec<_> = rule.tags.iter().filter_map(|tag| mitre::of_tag(tag)).collect();
        let (tactics, techniques): (Vec<_>, Vec<_>) = attack.into_iter().partition(mitre::Entry::is_tactic);
        let with_each =
            |tactic: mitre::Entry| techniques.iter().map(move |technique| (tactic.clone(), technique.clone()));
        let pairs = tactics.into_iter().flat_map(with_each).take(MAX_PAIRS);
        let mitre: Vec<_> = pairs.map(|(tactic, technique)| Coverage { tactic, technique }).collect();
        let reference = rule.references.first().map_or("", String::as_str);
        let about = AboutJson {
            id: &rule.id,
            name: &rule.title,
            description: &rule.description,
            runbook: "",
            reference,
            tags: &rule.tags,
            mitre: &mitre,
            sigma: Some(SigmaJson {
                level: rule.level,
                references: &rule.references,
                false_positives: &rule.false_positives,
            }),
        };
        let json = raw_value(to_text(&about));
        Self {
            id: rule.id.as_str().into(),
            severity: rule.severity,
            is_severity_set: false,
            dedup_period_minutes: rule.count.map_or(DEFAULT_DEDUP_PERIOD_MINUTES, |count| count.minutes),
            count: rule.count,
            summary_attributes: SIGMA_SUMMARY.iter().map(|attribute| (*attribute).to_owned()).collect(),
            about: About { id: rule.id.clone(), name: rule.title.clone(), reference: reference.to_owned(), json },
        }
    }
}

impl Coverage {
    fn parse(entry: &str) -> Result<Self, MetadataError> {
        let unknown = || MetadataError::Mitre(entry.to_owned());
        let (tactic, technique) = entry.split_once(':').ok_or_else(unknown)?;
        Ok(Self {
            tactic: mitre::find(tactic).ok_or_else(unknown)?,
            technique: mitre::find(technique).ok_or_else(unknown)?,
        })
    }
}
