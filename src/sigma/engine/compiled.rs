//! A rule that was read, made ready to run.

use rsigma_eval::{CompiledRule, RuleFieldSet, compile_rule};
use rsigma_parser::{Detection, LogSource as Named, Modifier, SigmaCollection, SigmaRule as Parsed};

use super::correlation::Counting;
use super::literals::literals;
use super::said::Said;
use crate::sigma::{LogSource, SigmaRule};

/// What the engine runs of a rule.
#[derive(Debug, Clone)]
pub(in crate::sigma) enum Compiled {
    /// It matches records.
    Rule {
        /// The rule.
        rule: Box<CompiledRule>,
        /// The fields that it asks for.
        fields: Vec<String>,
        /// The names by which correlations know it.
        names: Vec<String>,
    },
    /// It counts matches of other rules.
    Count(Counting),
}

/// The services of `product: azure`.
const SERVICES: &[(&str, LogSource)] = &[
    ("activitylogs", LogSource::ActivityLog),
    ("keyvault", LogSource::KeyVaultAudit),
    ("auditlogs", LogSource::EntraAudit),
    ("pim", LogSource::EntraAudit),
    ("signinlogs", LogSource::EntraSignIns),
    ("riskdetection", LogSource::EntraRisk),
];

/// Why a rule that was read cannot run, and the key of its YAML that says so.
pub(super) struct Refusal {
    pub(super) key: &'static str,
    pub(super) reason: String,
}

/// Makes a rule that was read ready to run.
pub(super) fn compiled(parsed: &Parsed, file: &str, line: usize) -> Result<SigmaRule, Refusal> {
    let sources = of_log(&parsed.logsource);
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
    let compiled = compile_rule(parsed).map_err(|error| refusal("detection", &error.to_string()))?;
    let literals = literals(&compiled);
    let names = [&parsed.id, &parsed.name].into_iter().flatten().cloned().collect();
    let compiled = Compiled::Rule { rule: Box::new(compiled), names, fields: fields(parsed) };
    let said = Said {
        id: parsed.id.as_deref(),
        title: &parsed.title,
        description: parsed.description.as_deref(),
        level: parsed.level,
        tags: &parsed.tags,
        references: &parsed.references,
        false_positives: &parsed.falsepositives,
    };
    Ok(said.rule((file, line), sources, literals, compiled))
}

/// The fields that a rule asks for.
fn fields(parsed: &Parsed) -> Vec<String> {
    let mut collection = SigmaCollection::new();
    collection.rules.push(parsed.clone());
    RuleFieldSet::collect(&collection, &[], false).names().map(str::to_owned).collect()
}

const NO_LOG: &str = "reads a log that never comes here; what comes is product azure with the service activitylogs, auditlogs, \
                      signinlogs, riskdetection, pim or keyvault";

pub(super) fn refusal(key: &'static str, reason: &str) -> Refusal {
    Refusal { key, reason: reason.to_owned() }
}

/// The logs that a rule asks for; none where they never come here. A rule without a service reads all logs of Azure.
fn of_log(named: &Named) -> Vec<LogSource> {
    let is_azure = named.product.as_deref().is_some_and(|product| product.eq_ignore_ascii_case("azure"));
    if !is_azure || named.category.is_some() || !named.custom.is_empty() {
        return Vec::new();
    }
    let Some(service) = &named.service else { return LogSource::ALL.to_vec() };
    let known = SERVICES.iter().filter(|(name, _)| name.eq_ignore_ascii_case(service));
    known.map(|(_, source)| *source).collect()
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
