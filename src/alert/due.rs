//! What the windows say of an alert that is due.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::counted::Counted;
use crate::incident::Incident;
use crate::json::{quoted, to_text};
use crate::rules::metadata::Metadata;
use crate::severity::Severity;
use crate::usual::{Novelty, Portrait};

/// About how many bytes a portrait takes.
const WEIGHT_OF_PORTRAIT: usize = 1_024;

/// What an alert says besides its records.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Due {
    /// What it counts.
    #[serde(default, skip_serializing_if = "Counted::is_empty")]
    pub counted: Counted,
    /// The incident that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<Incident>,
    /// The last step that it stands for, where it stands for later ones, too: only in a replay.
    #[serde(skip)]
    pub last_step: Option<u32>,
    /// Whether the incident's own card stands for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub has_no_card: bool,
    /// What is new in its record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub novelty: Option<Novelty>,
    /// What is usual for the identity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub portrait: Option<Box<Portrait>>,
}

impl Due {
    /// What an alert's context says of the identity, as JSON: what is new, when it was first seen, what is usual.
    #[must_use]
    pub fn entries(&self) -> Vec<(&'static str, Cow<'static, str>)> {
        let mut entries = Vec::new();
        entries.extend(self.novelty.map(|novelty| ("unfamiliar", quoted(&novelty.words()).into())));
        if let Some(portrait) = &self.portrait {
            entries.push(("first_seen", to_text(&portrait.first_seen).into()));
            entries.push(("usual", to_text(&portrait.usual).into()));
            entries.extend(portrait.verdict.as_ref().map(|verdict| ("verdict", quoted(verdict).into())));
        }
        entries
    }

    /// How severe the alert of a rule is: what the settings say, else what is new, else the rule's own; a theft that goes on from
    /// somewhere new, or by something new, is critical.
    #[must_use]
    pub fn severity(&self, rule: &Metadata) -> Severity {
        let step = self.incident.and_then(|incident| incident.step).max(self.last_step);
        let is_later_step = step.is_some_and(|step| step > 1);
        let is_unlike = self.portrait.as_ref().is_some_and(|portrait| portrait.is_unlike());
        match self.novelty {
            _ if rule.is_severity_set => rule.severity,
            Some(novelty) => novelty.severity(),
            // What a Sigma correlation says of itself stands.
            None if is_later_step && is_unlike && rule.count.is_none() => Severity::Critical,
            None => rule.severity,
        }
    }

    /// About how many bytes it takes.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.counted.weight() + if self.portrait.is_some() { WEIGHT_OF_PORTRAIT } else { 0 }
    }
}
