//! One Sigma rule, ready to run.

use rsigma_eval::{CompiledRule, RuleFieldSet, compile_rule};
use rsigma_parser::{Detection, Level, Modifier, SigmaCollection, SigmaRule as Parsed};

use super::LogSource;
use super::literals::literals;
use crate::hidden::sanitized;
use crate::severity::Severity;

/// What its author says of a rule, and what runs.
#[derive(Debug, Clone)]
pub struct SigmaRule {
    /// Its id; its title where it has none.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it detects.
    pub description: String,
    /// How bad an alert is, by its level.
    pub severity: Severity,
    /// Its level, as Sigma names it.
    pub level: &'static str,
    /// Its tags, those of ATT&CK among them.
    pub tags: Vec<String>,
    /// Where one reads more.
    pub references: Vec<String>,
    /// What is known to match and to be no attack.
    pub false_positives: Vec<String>,
    /// The file that it stands in.
    pub file: String,
    /// The line on which it begins.
    pub line: usize,
    /// The logs that it reads.
    pub sources: Vec<LogSource>,
    /// Texts of which one is in every record that matches; `None` if there need be none.
    pub literals: Option<Vec<String>>,
    pub(super) compiled: CompiledRule,
    parsed: Box<Parsed>,
}

/// Why a rule that was read cannot run, and the key of its YAML that says so.
pub(super) struct Refusal {
    pub(super) key: &'static str,
    pub(super) reason: String,
}

impl SigmaRule {
    /// Makes a rule that was read ready to run.
    pub(super) fn of(parsed: Parsed, file: &str, line: usize) -> Result<Self, Refusal> {
        let sources = LogSource::named(&parsed.logsource);
        if sources.is_empty() {
            return Err(refusal("logsource", NO_LOG));
        }
        if parsed.detection.timeframe.is_some() {
            return Err(refusal("timeframe", "counts over a time within a rule; write it as a correlation"));
        }
        if parsed.detection.named.values().any(has_placeholder) {
            return Err(refusal(
                "detection",
                "has placeholders (expand), for which there are no values here; write them out",
            ));
        }
        let compiled = compile_rule(&parsed).map_err(|error| refusal("detection", &error.to_string()))?;
        let plain = |texts: &[String]| texts.iter().map(|text| sanitized(text)).collect::<Vec<_>>();
        let title = sanitized(&parsed.title);
        Ok(Self {
            id: parsed.id.as_deref().map_or_else(|| title.clone(), sanitized),
            title,
            description: parsed.description.clone().unwrap_or_default(),
            severity: severity(parsed.level),
            level: parsed.level.unwrap_or(Level::Medium).as_str(),
            tags: plain(&parsed.tags),
            references: plain(&parsed.references),
            false_positives: plain(&parsed.falsepositives),
            file: file.to_owned(),
            line,
            sources,
            literals: literals(&compiled),
            compiled,
            parsed: Box::new(parsed),
        })
    }

    /// Whether a name is the rule's id or title, in any case.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.id.eq_ignore_ascii_case(name) || self.title.eq_ignore_ascii_case(name)
    }

    /// The fields that the rule asks for.
    pub(super) fn fields(&self) -> Vec<String> {
        let mut collection = SigmaCollection::new();
        collection.rules.push((*self.parsed).clone());
        RuleFieldSet::collect(&collection, &[], false).names().map(str::to_owned).collect()
    }
}

const NO_LOG: &str = "reads a log that never comes here; what comes is product azure with the service activitylogs, auditlogs, \
                      signinlogs, riskdetection, pim or keyvault";

fn refusal(key: &'static str, reason: &str) -> Refusal {
    Refusal { key, reason: reason.to_owned() }
}

/// Sigma's levels; a rule without one is of the middle.
fn severity(level: Option<Level>) -> Severity {
    match level {
        Some(Level::Informational) => Severity::Info,
        Some(Level::Low) => Severity::Low,
        Some(Level::Medium) | None => Severity::Medium,
        Some(Level::High) => Severity::High,
        Some(Level::Critical) => Severity::Critical,
    }
}

fn has_placeholder(detection: &Detection) -> bool {
    match detection {
        Detection::AllOf(items) => items.iter().any(|item| item.field.has_modifier(Modifier::Expand)),
        Detection::AnyOf(all) | Detection::And(all) => all.iter().any(has_placeholder),
        Detection::ArrayMatch { body, .. } => has_placeholder(body),
        Detection::Conditional { named, .. } => named.values().any(has_placeholder),
        Detection::Keywords(_) => false,
    }
}
