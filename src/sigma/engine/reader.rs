//! The texts of files, taken apart into rules: each rule that cannot run is named, and costs no other.

use rsigma_parser::{SigmaCollection, parse_sigma_yaml};

use super::compiled::{Refusal, compiled};
use crate::hidden::sanitized;
use crate::sigma::{Fault, MAX_RULE_BYTES, RuleText, SigmaRule};

/// Reads all rules of all files.
pub(in crate::sigma) fn read<'t>(texts: impl IntoIterator<Item = RuleText<'t>>) -> (Vec<SigmaRule>, Vec<Fault>) {
    let (mut rules, mut faults) = (Vec::new(), Vec::new());
    for RuleText { file, bytes } in texts {
        let mut fault = |line, reason: &str| {
            faults.push(Fault { file: sanitized(file), line, reason: sanitized(reason) });
        };
        if bytes.len() > MAX_RULE_BYTES {
            fault(1, "the file is over 1 MiB; check that it holds rules");
            continue;
        }
        let Ok(text) = std::str::from_utf8(bytes) else {
            fault(1, "the file is not UTF-8; save it as UTF-8");
            continue;
        };
        for (line, document) in documents(text) {
            if let Err((line, reason)) = read_document(&mut rules, file, line, document) {
                fault(line, &reason);
            }
        }
    }
    (rules, faults)
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

/// Reads one document; the error is a line of the file, and what is wrong there.
fn read_document(rules: &mut Vec<SigmaRule>, file: &str, line: usize, document: &str) -> Result<(), (usize, String)> {
    let at =
        |key: &str| line + document.lines().position(|each| each.trim_start().starts_with(key)).unwrap_or_default();
    if let Some(offset) = document.lines().position(|line| line.starts_with("action:")) {
        return Err((
            line + offset,
            "has an action for several rules (global, repeat); write each rule out".to_owned(),
        ));
    }
    let mut collection = parse_sigma_yaml(document).map_err(|error| (line, error.to_string()))?;
    if let Some(parsed) = collection.rules.pop() {
        let rule = compiled(parsed, file, line).map_err(|Refusal { key, reason }| (at(&format!("{key}:")), reason))?;
        if let Some(known) = rules.iter().find(|known| known.id.eq_ignore_ascii_case(&rule.id)) {
            return Err((
                at("id:"),
                format!("has the id of the rule in {}:{}; give it another", known.file, known.line),
            ));
        }
        rules.push(rule);
        return Ok(());
    }
    Err(unread(&collection, line, &at))
}

/// Why a document is no rule that runs.
fn unread(collection: &SigmaCollection, line: usize, at: &dyn Fn(&str) -> usize) -> (usize, String) {
    if let Some(correlation) = collection.correlations.first() {
        let kind = correlation.correlation_type.as_str();
        return (at("correlation:"), format!("is a correlation ({kind}), and correlations are not carried here"));
    }
    if !collection.filters.is_empty() {
        return (at("filter:"), "is a filter for other rules; write what is expected into EXPECTED_ACCESS".to_owned());
    }
    let error = collection.errors.first().map_or("is no Sigma rule", String::as_str);
    (line_in(error).map_or(line, |within| line + within - 1), error.to_owned())
}

/// The line that an error of the YAML reader names, from 1 within its document.
fn line_in(error: &str) -> Option<usize> {
    let digits: String = error.split_once(" at line ")?.1.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|line| *line > 0)
}
