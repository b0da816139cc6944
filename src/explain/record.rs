//! One record, and what each rule says of it.

use std::io::{self, Write};

use super::{built_in, now_of};
use crate::alert::Match;
use crate::config::Settings;
use crate::decode::{Record, RecordKind};
use crate::expected::ExpectedAccess;
use crate::facts::{Facts, RecordTime};
use crate::hidden::sanitized;
use crate::json::{Value, to_text};
use crate::pipeline::{Evaluation, Pipeline};
use crate::rules::{Rule, RuleError, panther};
use crate::sigma::Condition;
use crate::windows::{Period, WindowKey};

/// What the verdicts come from.
pub(super) struct Explained<'e> {
    pub(super) pipeline: &'e Pipeline,
    pub(super) settings: &'e Settings,
    pub(super) expected: &'e ExpectedAccess,
    pub(super) evaluation: &'e Evaluation,
}

impl Explained<'_> {
    /// Writes what each rule says of a record, those that match first.
    pub(super) fn write(&self, at: &str, record: Record<'_>, index: usize, out: &mut dyn Write) -> io::Result<()> {
        let facts = Facts::of(record);
        let kind = RecordKind::of(&facts.record);
        let time = RecordTime::of(&facts.record);
        let operation = facts.get("operationName").and_then(Value::as_str).unwrap_or_default();
        let time_given = time.as_ref().map_or("without a time", |time| time.given.as_str());
        let what = format!("{at}, record {index}: {kind}, {operation}, {time_given}");
        writeln!(out, "{}", sanitized(&what))?;
        let matching = |rule: &Rule| self.found(rule, index);
        let is_one = |found: &&Match| found.record.source.record_index == Some(index);
        for found in self.evaluation.matches.iter().filter(is_one) {
            writeln!(out, "\nMATCH {}", sanitized(&about(&found.rule)))?;
            let conditions = self.conditions(&found.rule, &facts, kind);
            self.write_conditions(&found.rule, &facts, &conditions, out)?;
            self.write_fate(found, out)?;
        }
        let sigma = self.pipeline.sigma();
        let verdict = sigma.map(|sigma| sigma.verdict(&facts.record, kind)).unwrap_or_default();
        // A rule that a correlation counts raises no alert of its own.
        let by_number = |number: &usize| Some(sigma?.rules().get(*number)?.id.as_str());
        let counted: Vec<_> = verdict.found.matching.iter().filter_map(by_number).collect();
        let mut elsewhere = 0;
        for rule in self.pipeline.rules().filter(|rule| matching(rule).is_none()) {
            let conditions = self.conditions(rule, &facts, kind);
            // The first says of which log the record has to be.
            if rule.is_sigma() && conditions.first().is_none_or(|condition| !condition.holds) {
                elsewhere += 1;
                continue;
            }
            let heading = if counted.contains(&&*rule.metadata.id) { "MATCH, and only counted," } else { "no match" };
            writeln!(out, "\n{heading} {}", sanitized(&about(rule)))?;
            self.write_conditions(rule, &facts, &conditions, out)?;
        }
        if elsewhere > 0 {
            writeln!(out, "\n{elsewhere} more Sigma rules read other logs, and are not asked")?;
        }
        for fault in sigma.into_iter().flat_map(|sigma| sigma.sentences()) {
            writeln!(out, "\noff: {}", sanitized(&fault))?;
        }
        Ok(())
    }

    /// The match of a rule with this record.
    fn found(&self, rule: &Rule, index: usize) -> Option<&Match> {
        let is_it = |found: &&Match| {
            found.rule.metadata.id == rule.metadata.id && found.record.source.record_index == Some(index)
        };
        self.evaluation.matches.iter().find(is_it)
    }

    /// What a rule asks of the record.
    fn conditions(&self, rule: &Rule, facts: &Facts<'_>, kind: RecordKind) -> Vec<Condition> {
        if !rule.is_sigma() {
            return built_in::conditions(rule, facts, self.pipeline.parameters());
        }
        let explained = self.pipeline.sigma().and_then(|sigma| {
            let number = sigma.rules().iter().position(|known| *known.id == *rule.metadata.id)?;
            sigma.explain(number, &facts.record, kind)
        });
        explained.unwrap_or_default()
    }

    fn write_conditions(
        &self,
        rule: &Rule,
        facts: &Facts<'_>,
        conditions: &[Condition],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        conditions.iter().try_for_each(|each| write(each, out))?;
        if rule.is_sigma() {
            return Ok(());
        }
        if let Err(error) = panther::run(rule, self.pipeline.parameters(), facts) {
            let kind = if matches!(error, RuleError::Undetermined { .. }) { "undetermined" } else { "an error" };
            writeln!(out, "  {kind}: {}", sanitized(&error.to_string()))?;
        }
        if !self.settings.rules.iter().any(|logic| logic.name == rule.logic.name) {
            writeln!(out, "  the rule is off: RULES does not name it")?;
        }
        Ok(())
    }

    /// Which window a match joins, and what silences it.
    fn write_fate(&self, found: &Match, out: &mut dyn Write) -> io::Result<()> {
        let rule = &found.rule;
        let Period { minutes, threshold } = Period::of(rule, self.pipeline.parameters(), self.settings.dedup_minutes);
        let key = to_text(&WindowKey::new(&rule.metadata.id, &found.dedup));
        let window = match (minutes, threshold) {
            (0, _) => "no window: each match is an alert".to_owned(),
            (_, 0 | 1) => format!("the first match of {minutes} minutes alerts, and later ones add to it"),
            _ => format!("{threshold} distinct values in {minutes} minutes alert"),
        };
        writeln!(out, "  window: {}: {window} (key {})", sanitized(&found.dedup), key.trim_matches('"'))?;
        if rule.logic.learns {
            writeln!(out, "  it alerts only where the read is unlike what the identity did before")?;
        }
        let now = now_of(found.record.time.as_ref().map(|time| time.moment));
        match self.expected.covering(found.subject(), now) {
            Some(covering) => writeln!(out, "  silenced by expected access: {}", sanitized(covering.reason)),
            None => writeln!(out, "  no expected access silences it"),
        }
    }
}

fn about(rule: &Rule) -> String {
    let severity = rule.metadata.severity.as_str();
    if rule.is_sigma() {
        format!("Sigma: {} ({severity}), {}", rule.metadata.about.name, rule.metadata.id)
    } else {
        format!("{} ({severity})", rule.logic.name)
    }
}

fn write(condition: &Condition, out: &mut dyn Write) -> io::Result<()> {
    let (indent, mark) = ("  ".repeat(condition.depth + 1), if condition.holds { "yes" } else { "NO " });
    writeln!(out, "{indent}{mark} {}", sanitized(&condition.text))
}
