//! The tests of Sigma rules: beside `name.yml`, `name.tests.yml` in Panther's form.

use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{RuleTestError, Test, Verdicts};
use crate::decode::{Piece, RecordKind, read_body};
use crate::sigma::{RuleText, SigmaRules};
use crate::{sigma_files, small_file};

/// The longest file of tests.
const MAX_TESTS_BYTES: usize = 4 << 20;
/// How the names of files with tests end.
const ENDS: [&str; 2] = [".tests.yml", ".tests.yaml"];

/// The tests, under a key as in a rule of Panther's or by themselves.
#[derive(Deserialize)]
#[serde(untagged)]
enum Tests {
    #[serde(rename_all = "PascalCase")]
    Named {
        tests: Vec<Test>,
    },
    Alone(Vec<Test>),
}

/// Whether a file of this name holds tests of Sigma rules.
pub(super) fn is_tests(path: &Path) -> bool {
    let name = path.to_string_lossy();
    ENDS.iter().any(|end| name.ends_with(end))
}

/// Runs the tests of all rules in a folder; a rule that is off fails, and a file without tests is named.
pub(super) fn run_folder(folder: &Path, verdicts: &mut Verdicts, out: &mut dyn Write) -> Result<(), RuleTestError> {
    let files = Files::of(folder)?;
    let rules = files.rules();
    for (path, name, _) in &files.0 {
        let tests = ENDS.iter().map(|end| path.with_extension(end.trim_start_matches('.'))).find(|path| path.is_file());
        run_file((&rules, name), tests.as_deref(), verdicts, out)?;
    }
    Ok(())
}

/// Runs the tests in one file; the rules beside its own may be what that counts.
pub(super) fn run_tests(tests: &Path, verdicts: &mut Verdicts, out: &mut dyn Write) -> Result<(), RuleTestError> {
    let stem = tests.with_extension("").with_extension("");
    let rule = ["yml", "yaml"].map(|end| PathBuf::from(format!("{}.{end}", stem.display())));
    let rule = rule.iter().find(|path| path.is_file()).unwrap_or(&rule[0]);
    let folder = rule.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut files = Files::of(folder)?;
    let own =
        files.0.iter_mut().find(|(path, ..)| path.file_name() == rule.file_name() && path.parent() == Some(folder));
    let name = rule.display().to_string();
    match own {
        Some((_, known, _)) => known.clone_from(&name),
        None => files.0.push((rule.clone(), name.clone(), read(rule)?)),
    }
    run_file((&files.rules(), &name), Some(tests), verdicts, out)
}

/// The files of a folder, with their names and bytes.
struct Files(Vec<(PathBuf, String, Vec<u8>)>);

impl Files {
    fn of(folder: &Path) -> Result<Self, RuleTestError> {
        let file = |path: PathBuf| Ok((path.clone(), path.display().to_string(), read(&path)?));
        Ok(Self(sigma_files::paths(folder)?.into_iter().map(file).collect::<Result<_, RuleTestError>>()?))
    }

    /// All rules in them: a correlation may count those of another file.
    fn rules(&self) -> SigmaRules {
        SigmaRules::read(self.0.iter().map(|(_, name, bytes)| RuleText { file: name, bytes }))
    }
}

/// Runs the tests of the rules in a file of this name.
fn run_file(
    (rules, name): (&SigmaRules, &str),
    tests: Option<&Path>,
    verdicts: &mut Verdicts,
    out: &mut dyn Write,
) -> Result<(), RuleTestError> {
    for fault in rules.faults().iter().filter(|fault| fault.file == name) {
        verdicts.add(false, "off", &fault.to_string(), out)?;
    }
    let Some(tests) = tests else { return Ok(writeln!(out, "no tests: {}", crate::hidden::sanitized(name))?) };
    let text = String::from_utf8_lossy(&read(tests)?).into_owned();
    let tests: Tests = serde_saphyr::from_str(&text).map_err(|error| {
        let error = error.to_string().lines().take(1).collect();
        RuleTestError::Tests(tests.display().to_string(), error)
    })?;
    let (Tests::Named { tests } | Tests::Alone(tests)) = tests;
    for test in tests {
        let matches = matches((rules, name), &test.log.to_string());
        let outcome = if matches { "match" } else { "no match" };
        let about = format!("{} ({outcome})", test.name);
        verdicts.add(matches == test.expected_result, name, &about, out)?;
    }
    Ok(())
}

/// Whether one of the rules of a file matches a record, or counts it, in whichever form it is.
fn matches((rules, name): (&SigmaRules, &str), log: &str) -> bool {
    let is_of_file = |number: &usize| rules.rules().get(*number).is_some_and(|rule| rule.file == name);
    let mut matches = false;
    read_body(log.as_bytes(), &mut |piece| {
        if let Piece::Record { record, .. } = piece {
            let kind = RecordKind::of(&record);
            let found = rules.verdict(&record, kind).found;
            matches |= found.matching.iter().chain(found.counted.iter().map(|counted| &counted.number)).any(is_of_file);
        }
    });
    matches
}

fn read(path: &Path) -> Result<Vec<u8>, RuleTestError> {
    let name = || path.display().to_string();
    small_file::read(path, MAX_TESTS_BYTES).map_err(|fault| RuleTestError::Unreadable(name(), fault.to_string()))
}
