//! The texts of files, taken apart into rules: each rule that cannot run is named, and costs no other.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rsigma_parser::{CorrelationRule, SigmaCollection, parse_sigma_yaml};

use super::compiled::{Compiled, Refusal, compiled};
use super::correlation::correlation;
use crate::hidden::sanitized;
use crate::sigma::{Fault, MAX_RULE_BYTES, RuleText, SigmaRule};

/// A correlation that waits for the rules whose matches it counts.
struct Waiting<'t> {
    parsed: CorrelationRule,
    file: &'t str,
    line: usize,
    document: &'t str,
}

/// Reads all rules of all files.
pub(in crate::sigma) fn read<'t>(texts: impl IntoIterator<Item = RuleText<'t>>) -> (Vec<SigmaRule>, Vec<Fault>) {
    let (mut rules, mut waiting, mut faults) = (Vec::new(), Vec::new(), Vec::new());
    let mut fault = |file: &str, line, reason: &str| {
        faults.push(Fault { file: sanitized(file), line, reason: sanitized(reason) });
    };
    for RuleText { file, bytes } in texts {
        if bytes.len() > MAX_RULE_BYTES {
            fault(file, 1, "the file is over 1 MiB; check that it holds rules");
            continue;
        }
        let Ok(text) = std::str::from_utf8(bytes) else {
            fault(file, 1, "the file is not UTF-8; save it as UTF-8");
            continue;
        };
        for (line, document) in documents(text) {
            match guarded(line, || read_document(&mut rules, file, line, document)) {
                Ok(None) => {}
                Ok(Some(parsed)) => waiting.push(Waiting { parsed, file, line, document }),
                Err((line, reason)) => fault(file, line, &reason),
            }
        }
    }
    for Waiting { parsed, file, line, document } in waiting {
        let make = || correlation(&parsed, &rules, file, line).map_err(|refusal| placed(&refusal, line, document));
        let made = guarded(line, make);
        match made.and_then(|rule| with_own_id(&rules, rule, line, document)) {
            Ok(rule) => {
                silence_counted(&mut rules, &rule, parsed.generate);
                rules.push(rule);
            }
            Err((line, reason)) => fault(file, line, &reason),
        }
    }
    (rules, faults)
}

/// How the ids of the rules of this program begin, in lower case.
const OWN_IDS: [&str; 2] = ["azure.keyvault.", "azure.monitoractivity."];

/// Reads something; a panic in it, which would be a bug of RSigma's or of ours, costs that rule alone.
fn guarded<T>(line: usize, read: impl FnOnce() -> Result<T, FaultAt>) -> Result<T, FaultAt> {
    let panicked = |_| Err((line, "reading it panicked, which is a bug: please report it".to_owned()));
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(panicked)
}

/// What a correlation counts raises no alert of its own, unless the correlation says that it does.
fn silence_counted(rules: &mut [SigmaRule], correlation: &SigmaRule, generates: bool) {
    let Compiled::Count(counting) = &correlation.compiled else { return };
    for number in counting.rules.iter().filter(|_| !generates) {
        if let Some(rule) = rules.get_mut(*number) {
            rule.alerts = false;
        }
    }
}

/// The documents of a file, each with the line on which it begins, from 1.
fn documents(text: &str) -> Vec<(usize, &str)> {
    let mut documents = Vec::new();
    let (mut first_line, mut start, mut at) = (1, 0, 0);
    for (index, line) in text.split_inclusive('\n').enumerate() {
        // Three hyphens at the beginning of a line end a document wherever they stand, in a block of text, too.
        let is_end =
            line.strip_prefix("---").is_some_and(|rest| rest.is_empty() || rest.starts_with(char::is_whitespace));
        if is_end {
            documents.push((first_line, text.get(start..at).unwrap_or_default()));
            (first_line, start) = (index + 2, at + line.len());
        }
        at += line.len();
    }
    documents.push((first_line, text.get(start..).unwrap_or_default()));
    let says_something = |(_, document): &(usize, &str)| {
        document.lines().any(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
    };
    documents.retain(says_something);
    documents
}

/// A line of the file, and what is wrong there.
type FaultAt = (usize, String);

/// The line on which a key stands.
fn line_of(key: &str, line: usize, document: &str) -> usize {
    line + document.lines().position(|each| each.trim_start().starts_with(key)).unwrap_or_default()
}

fn placed(refusal: &Refusal, line: usize, document: &str) -> FaultAt {
    (line_of(refusal.key, line, document), refusal.reason.clone())
}

/// A rule whose id no other has.
fn with_own_id(rules: &[SigmaRule], rule: SigmaRule, line: usize, document: &str) -> Result<SigmaRule, FaultAt> {
    let id = rule.id.to_ascii_lowercase();
    if OWN_IDS.iter().any(|start| id.starts_with(start)) {
        let reason = "has an id as the rules of this program have, whose windows it would share; give it another";
        return Err((line_of("id:", line, document), reason.to_owned()));
    }
    match rules.iter().find(|known| known.id.eq_ignore_ascii_case(&rule.id)) {
        None => Ok(rule),
        Some(known) => {
            let reason = format!("has the id of the rule in {}:{}; give it another", known.file, known.line);
            Err((line_of("id:", line, document), reason))
        }
    }
}

/// Reads one document: a rule is added, a correlation given back.
fn read_document(
    rules: &mut Vec<SigmaRule>,
    file: &str,
    line: usize,
    document: &str,
) -> Result<Option<CorrelationRule>, FaultAt> {
    if let Some(offset) = document.lines().position(|line| line.starts_with("action:")) {
        return Err((
            line + offset,
            "has an action for several rules (global, repeat); write each rule out".to_owned(),
        ));
    }
    let mut collection = parse_sigma_yaml(document).map_err(|error| (line, error.to_string()))?;
    if let Some(correlation) = collection.correlations.pop() {
        return Ok(Some(correlation));
    }
    let Some(parsed) = collection.rules.pop() else { return Err(unread(&collection, line, document)) };
    let rule = compiled(&parsed, file, line).map_err(|refusal| placed(&refusal, line, document))?;
    rules.push(with_own_id(rules, rule, line, document)?);
    Ok(None)
}

/// Why a document is no rule that runs.
fn unread(collection: &SigmaCollection, line: usize, document: &str) -> FaultAt {
    if !collection.filters.is_empty() {
        let reason = "is a filter for other rules; write what is expected into EXPECTED_ACCESS";
        return (line_of("filter:", line, document), reason.to_owned());
    }
    let error = collection.errors.first().map_or("is no Sigma rule", String::as_str);
    (line_in(error).map_or(line, |within| line + within - 1), error.to_owned())
}

/// The line that an error of the YAML reader names, from 1 within its document.
fn line_in(error: &str) -> Option<usize> {
    let digits: String = error.split_once(" at line ")?.1.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|line| *line > 0)
}
