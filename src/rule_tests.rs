//! `test`: the `Tests` in the rules' YAML, run as Panther's own tool runs them.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::config::{Faults, Settings};
use crate::decode::Record;
use crate::hidden::sanitized;
use crate::rules::metadata::MetadataError;
use crate::rules::{ALL, Logic, Parameters, Rule, panther};

/// Why a rule's tests could not be run.
#[derive(Debug, thiserror::Error)]
pub enum RuleTestError {
    /// The file cannot be read.
    #[error("cannot read {}: {error}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file is not a rule's YAML.
    #[error("{name} is no rule in Panther's form: {error}")]
    Yaml {
        /// The file, or the rule's name.
        name: String,
        /// Where and why.
        error: String,
    },
    /// The rule is not one of this program.
    #[error("{name} has the RuleID {id}, and no rule of this program has it")]
    UnknownRule {
        /// The file.
        name: String,
        /// Its `RuleID`.
        id: String,
    },
    /// The rule's metadata cannot be used.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// The verdicts cannot be written.
    #[error("cannot write the verdicts: {0}")]
    Output(#[from] io::Error),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Yaml {
    #[serde(rename = "RuleID")]
    rule_id: String,
    #[serde(default)]
    tests: Vec<Test>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Test {
    name: String,
    expected_result: bool,
    log: serde_json::Value,
    #[serde(default)]
    mocks: Vec<Mock>,
}

/// Panther's mock of something outside of the record; here of a setting, by its name.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mock {
    object_name: String,
    return_value: String,
}

/// Runs the tests of the files, or of all rules if none is named; returns whether all passed.
///
/// # Errors
/// [`RuleTestError`] if tests cannot be run at all.
pub fn run(files: &[PathBuf], out: &mut dyn Write) -> Result<bool, RuleTestError> {
    if files.is_empty() {
        return run_rules(ALL, out);
    }
    let mut verdicts = Verdicts::default();
    for file in files {
        verdicts.run(ALL, &file.display().to_string(), &read(file)?, out)?;
    }
    verdicts.conclude(out)
}

/// Runs the tests in the YAML of these rules; returns whether all passed.
///
/// # Errors
/// [`RuleTestError`] if tests cannot be run at all.
pub fn run_rules(rules: &[&'static Logic], out: &mut dyn Write) -> Result<bool, RuleTestError> {
    let mut verdicts = Verdicts::default();
    for logic in rules {
        verdicts.run(rules, logic.name, logic.yaml, out)?;
    }
    verdicts.conclude(out)
}

fn read(path: &Path) -> Result<String, RuleTestError> {
    std::fs::read_to_string(path).map_err(|error| RuleTestError::Read { path: path.to_owned(), error })
}

#[derive(Default)]
struct Verdicts {
    passed: u64,
    failed: u64,
}

impl Verdicts {
    fn run(
        &mut self,
        rules: &[&'static Logic],
        name: &str,
        text: &str,
        out: &mut dyn Write,
    ) -> Result<(), RuleTestError> {
        let yaml: Yaml = serde_saphyr::from_str(text)
            .map_err(|error| RuleTestError::Yaml { name: name.to_owned(), error: first_line(&error.to_string()) })?;
        let rule = rule_of(rules, &yaml.rule_id, name)?;
        for test in yaml.tests {
            let verdict = verdict(&rule, &test);
            let passed = verdict == Ok(test.expected_result);
            let outcome = match verdict {
                Ok(true) => "match".to_owned(),
                Ok(false) => "no match".to_owned(),
                Err(error) => format!("rule error: {error}"),
            };
            let verdict = if passed { "PASS" } else { "FAIL" };
            writeln!(out, "{verdict} {}: {}", rule.logic.name, sanitized(&format!("{} ({outcome})", test.name)))?;
            *(if passed { &mut self.passed } else { &mut self.failed }) += 1;
        }
        Ok(())
    }

    fn conclude(&self, out: &mut dyn Write) -> Result<bool, RuleTestError> {
        writeln!(out, "{} passed, {} failed", self.passed, self.failed)?;
        Ok(self.failed == 0)
    }
}

/// The parser's message without the excerpt below it.
fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().to_owned()
}

fn rule_of(rules: &[&'static Logic], id: &str, name: &str) -> Result<Rule, RuleTestError> {
    for logic in rules {
        let rule = Rule::load(logic)?;
        if rule.metadata.id == id {
            return Ok(rule);
        }
    }
    Err(RuleTestError::UnknownRule { name: name.to_owned(), id: id.to_owned() })
}

fn verdict(rule: &Rule, test: &Test) -> Result<bool, String> {
    let text = test.log.to_string();
    let record = Record::parse(&text).map_err(|error| error.to_string())?;
    let parameters = parameters(&test.mocks).map_err(|error| error.to_string())?;
    panther::run(rule, &parameters, &record).map(|detection| detection.is_some()).map_err(|error| error.to_string())
}

/// The parameters of the settings that a test names; all others are unset.
fn parameters(mocks: &[Mock]) -> Result<Parameters, Faults> {
    let value = |name: &str| mocks.iter().find(|mock| mock.object_name == name).map(|mock| mock.return_value.clone());
    Settings::read(&value).map(|settings| settings.parameters)
}
