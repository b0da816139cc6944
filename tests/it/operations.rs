//! The operations page and the saved queries against what the product really says.

/// The page's own command lines.
#[cfg(unix)]
mod commands;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use certificate_accessed::decode::Reason;
use certificate_accessed::detector::{Decided, Detector};
use certificate_accessed::expected::ExpectedAccess;
use certificate_accessed::sigma::{RuleText, SigmaRules};
use serde_json::Value;

use crate::given::{READ, binary_batch, pipeline};

fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn page() -> String {
    std::fs::read_to_string(repository("docs/operations.md")).unwrap()
}

/// The names in the first column of the table with this heading.
pub(crate) fn explained_under(heading: &str) -> BTreeSet<String> {
    let page = page();
    let table = page.split(&format!("\n| {heading} | ")).nth(1).expect("the table").split("\n\n").next().unwrap();
    table.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).map(str::to_owned).collect()
}

/// A Sigma rule that reads a log of which no record comes here.
const SIGN_INS: &str = "title: Sign-In\nlogsource: {product: azure, service: signinlogs}\n\
                        detection: {selection: {ResultType: 50057}, condition: selection}\n";

/// The fields of a summary line, those of everything that can be wrong for longer among them.
fn fields() -> BTreeSet<String> {
    let texts = [("off.yml", "no rule"), ("sign-ins.yml", SIGN_INS)];
    let sigma = SigmaRules::read(texts.map(|(file, text)| RuleText { file, bytes: text.as_bytes() }));
    let expected = ExpectedAccess::broken("line 1 column 1".to_owned());
    let mut detector = Detector::new(pipeline().with_sigma(sigma), None, expected);
    detector.teams_fault = Some("TEAMS_WEBHOOK_URL".to_owned());
    detector.learning_fault = Some("BASELINE".to_owned());
    let now = "2026-03-02T08:15:31Z".parse().unwrap();
    let mut batch = detector.read(&*binary_batch(&[READ]), now).unwrap();
    let learning_until = Some(now);
    let alone = Decided { fault: Some("refused".to_owned()), learning_until, ..detector.decide(&mut batch) };
    let answer = detector.conclude(batch, alone, now, &|| Duration::from_millis(1));
    let line: Value = serde_json::from_str(&answer.naming(None).logs[0]).unwrap();
    line.as_object().unwrap().keys().cloned().collect()
}

/// The fields that a query takes out of the summary line.
fn named_in(query: &str) -> BTreeSet<String> {
    query.split("line[\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[test]
fn the_page_explains_exactly_the_fields_of_the_summary_line() {
    assert_eq!(explained_under("field of the summary line"), fields());
}

#[test]
fn the_page_explains_exactly_the_reasons_of_undecodable() {
    let after = |reason: &Reason| match reason {
        Reason::Empty => Some(Reason::Unreadable),
        Reason::Unreadable => Some(Reason::Malformed),
        Reason::Malformed => Some(Reason::NotAnObject),
        Reason::NotAnObject => Some(Reason::Wrapper),
        Reason::Wrapper => Some(Reason::TooDeep),
        Reason::TooDeep => Some(Reason::RuleError),
        Reason::RuleError => Some(Reason::Undetermined),
        Reason::Undetermined => Some(Reason::Panic),
        Reason::Panic => Some(Reason::TooLarge),
        Reason::TooLarge => None,
    };
    let reasons: BTreeSet<_> =
        std::iter::successors(Some(Reason::Empty), after).map(|reason| reason.to_string()).collect();

    assert_eq!(explained_under("reason"), reasons);
}

#[test]
fn every_field_that_a_query_names_is_in_a_summary_line() {
    let fields = fields();
    let mut queries = 0;
    for folder in ["docs/queries", "infra/queries"] {
        for entry in repository(folder).read_dir().unwrap() {
            let path = entry.unwrap().path();
            let query = std::fs::read_to_string(&path).unwrap();

            let unknown: Vec<_> = named_in(&query).difference(&fields).cloned().collect();

            assert!(unknown.is_empty(), "{}: {unknown:?}", path.display());
            queries += 1;
        }
    }
    assert!(queries >= 10, "{queries}");
}

#[test]
fn every_query_that_sums_up_summary_lines_counts_an_invocation_once() {
    let once = "| summarize arg_max(TimeGenerated, line) by invocation = tostring(line[\"invocationId\"])\n";
    let mut sums = 0;
    for folder in ["docs/queries", "infra/queries"] {
        for entry in repository(folder).read_dir().unwrap() {
            let path = entry.unwrap().path();
            let query = std::fs::read_to_string(&path).unwrap();
            let Some(first_sum) = query.find("sum(tolong(line[") else { continue };

            assert!(query.find(once).is_some_and(|at| at < first_sum), "{}", path.display());
            sums += 1;
        }
    }
    assert!(sums >= 3, "{sums}");
}

#[test]
fn the_page_links_every_saved_query_and_files_that_exist() {
    let page = page();
    for entry in repository("docs/queries").read_dir().unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        assert!(page.contains(&format!("(queries/{name})")), "{name}");
    }
    for link in page.split("](").skip(1).map(|rest| rest.split([')', '#']).next().unwrap()) {
        assert!(repository("docs").join(link).exists(), "{link}");
    }
}

/// The measured numbers differ from run to run; every word around them is the template's.
#[test]
fn the_page_of_the_performance_has_the_words_of_its_template() {
    let template = std::fs::read_to_string(repository("examples/performance/report.md")).unwrap();
    let page = std::fs::read_to_string(repository("docs/performance.md")).unwrap();
    let mut words = template.split("{{").map(|piece| piece.split_once("}}").map_or(piece, |(_, words)| words));

    let first = words.next().unwrap();
    let rest = words.try_fold(page.strip_prefix(first).unwrap(), |page, words| {
        let (_, rest) = page.split_once(words).ok_or(words)?;
        Ok::<_, &str>(rest)
    });

    assert_eq!(rest, Ok(""), "run the performance example with report, or change both");
}

#[test]
fn the_commands_of_the_page_are_those_of_the_command_line() {
    let page = page();
    let commands: BTreeSet<_> = page
        .split("certificate-accessed ")
        .skip(1)
        .filter_map(|rest| rest.split([' ', '`', '\n']).next())
        .filter(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()))
        .collect();

    assert!(commands.contains("doctor") && commands.contains("replay"), "{commands:?}");
    for command in commands {
        let help = Command::new(env!("CARGO_BIN_EXE_certificate-accessed")).args([command, "--help"]).output().unwrap();
        assert!(help.status.success(), "{command}");
    }
}
