//! `test`: the `Tests` in the rules' YAML, run as Panther's own tool runs them, and those beside Sigma rules.

mod sigma;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::config::{Faults, Settings, SigmaPlace};
use crate::decode::Record;
use crate::facts::Facts;
use crate::hidden::sanitized;
use crate::rules::metadata::MetadataError;
use crate::rules::{ALL, Logic, Rule, RuleError, panther};
use crate::sigma_files::NoRules;

/// Why a rule's tests could not be run.
#[derive(Debug, thiserror::Error)]
pub enum RuleTestError {
    /// The file cannot be read.
    #[error("cannot read {0}: {1}")]
    Read(String, io::Error),
    /// The file or the rule of this name has no YAML of a rule; the text says where and why.
    #[error("{0} is no rule in Panther's form: {1}")]
    Yaml(String, String),
    /// A file that cannot be read, and why.
    #[error("cannot read {0}: {1}")]
    Unreadable(String, String),
    /// A file of tests beside a Sigma rule.
    #[error("{0} holds no tests in Panther's form (Name, ExpectedResult, Log): {1}")]
    Tests(String, String),
    /// Settings that cannot be used.
    #[error("the settings are not usable: {0}")]
    Settings(#[from] Faults),
    /// A folder of Sigma rules.
    #[error("the Sigma rules cannot be tested: {0}")]
    Sigma(#[from] NoRules),
    /// The file has a `RuleID` that no rule of this program has.
    #[error("{0} has the RuleID {1}, and no rule of this program has it")]
    UnknownRule(String, String),
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

/// How many tests passed, and how many failed.
#[derive(Debug, Default)]
struct Verdicts {
    passed: usize,
    failed: usize,
}

impl Verdicts {
    /// Counts and prints the verdict of a test of a rule.
    fn add(&mut self, passed: bool, rule: &str, about: &str, out: &mut dyn Write) -> io::Result<()> {
        let (verdict, count) = if passed { ("PASS", &mut self.passed) } else { ("FAIL", &mut self.failed) };
        *count += 1;
        writeln!(out, "{verdict} {}: {}", sanitized(rule), sanitized(about))
    }

    /// Prints how many there were, and returns whether all passed.
    fn end(&self, out: &mut dyn Write) -> io::Result<bool> {
        writeln!(out, "{} passed, {} failed", self.passed, self.failed)?;
        Ok(self.failed == 0)
    }
}

/// Runs the tests of the files and of the Sigma rules in a folder; if none is named, of all built-in rules and of the folder that
/// `SIGMA_RULES` names. Returns whether all passed.
///
/// # Errors
/// [`RuleTestError`] if tests cannot be run at all.
pub fn run(
    files: &[PathBuf],
    folder: Option<&Path>,
    lookup: &dyn Fn(&str) -> Option<String>,
    out: &mut dyn Write,
) -> Result<bool, RuleTestError> {
    if files.is_empty() && folder.is_none() {
        let mut verdicts = Verdicts::default();
        run_texts(ALL, ALL.iter().map(|logic| (logic.name, logic.yaml)), &mut verdicts, out)?;
        if let Some(SigmaPlace::Folder(folder)) = Settings::read(lookup)?.sigma_rules {
            sigma::run_folder(&folder, &mut verdicts, out)?;
        }
        return Ok(verdicts.end(out)?);
    }
    let mut verdicts = Verdicts::default();
    let (of_sigma, files): (Vec<_>, Vec<_>) = files.iter().partition(|path| sigma::is_tests(path));
    for tests in of_sigma {
        sigma::run_tests(tests, &mut verdicts, out)?;
    }
    if let Some(folder) = folder {
        sigma::run_folder(folder, &mut verdicts, out)?;
    }
    let read = |path: &PathBuf| {
        let name = path.display().to_string();
        match std::fs::read_to_string(path) {
            Ok(text) => Ok((name, text)),
            Err(error) => Err(RuleTestError::Read(name, error)),
        }
    };
    let texts = files.into_iter().map(read).collect::<Result<Vec<_>, RuleTestError>>()?;
    run_texts(ALL, texts.iter().map(|(name, text)| (name.as_str(), text.as_str())), &mut verdicts, out)?;
    Ok(verdicts.end(out)?)
}

/// Runs the tests in the YAML of these rules; returns whether all passed.
///
/// # Errors
/// [`RuleTestError`] if tests cannot be run at all.
pub fn run_rules(rules: &[&'static Logic], out: &mut dyn Write) -> Result<bool, RuleTestError> {
    let mut verdicts = Verdicts::default();
    run_texts(rules, rules.iter().map(|logic| (logic.name, logic.yaml)), &mut verdicts, out)?;
    Ok(verdicts.end(out)?)
}

/// Runs the tests of YAML texts, each with its name.
fn run_texts<'t>(
    rules: &[&'static Logic],
    texts: impl Iterator<Item = (&'t str, &'t str)>,
    verdicts: &mut Verdicts,
    out: &mut dyn Write,
) -> Result<(), RuleTestError> {
    for (name, text) in texts {
        let yaml: Yaml = serde_saphyr::from_str(text).map_err(|error| {
            // The parser's message without the excerpt below it.
            let error = error.to_string().lines().take(1).collect();
            RuleTestError::Yaml(name.to_owned(), error)
        })?;
        let rule = rule_of(rules, &yaml.rule_id, name)?;
        for test in yaml.tests {
            let matches = matches(&rule, &test);
            let passed = matches == Ok(test.expected_result);
            let outcome = match matches {
                Ok(true) => "match".to_owned(),
                Ok(false) => "no match".to_owned(),
                Err(error) => format!("rule error: {error}"),
            };
            verdicts.add(passed, rule.logic.name, &format!("{} ({outcome})", test.name), out)?;
        }
    }
    Ok(())
}

fn rule_of(rules: &[&'static Logic], id: &str, name: &str) -> Result<Rule, RuleTestError> {
    for logic in rules {
        let rule = Rule::load(logic)?;
        if *rule.metadata.id == *id {
            return Ok(rule);
        }
    }
    Err(RuleTestError::UnknownRule(name.to_owned(), id.to_owned()))
}

/// Whether a rule matches the record of a test, with the settings that the test names and all others unset.
fn matches(rule: &Rule, test: &Test) -> Result<bool, String> {
    let text = test.log.to_string();
    let record = Record::parse(&text).map_err(|error| error.to_string())?;
    let mock = |name: &str| test.mocks.iter().find(|mock| mock.object_name == name);
    let settings = Settings::read(&|name| mock(name).map(|mock| mock.return_value.clone()));
    let parameters = settings.map_err(|faults| faults.to_string())?.parameters;
    match panther::run(rule, &parameters, &Facts::of(record)) {
        Ok(found) => Ok(found.is_some()),
        // Panther has no third verdict.
        Err(RuleError::Undetermined { .. }) => Ok(false),
        Err(error) => Err(error.to_string()),
    }
}
