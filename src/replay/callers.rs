//! The callers of alerts that matter, for an investigation that names nobody.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::{Judges, Options, ReplayError, Summary, read_all};
use crate::counted::Span;
use crate::detector::Concluded;
use crate::facts::Identity;
use crate::pipeline::Evaluation;
use crate::severity::Severity;
use crate::time_bound::TimeBounds;

/// Who caused an alert.
#[derive(Debug)]
pub struct Caller {
    /// Its key.
    key: Arc<str>,
    /// The caller.
    pub identity: Arc<Identity>,
    /// The first read of its first such alert, where that has a time.
    pub first: Option<Timestamp>,
}

/// Runs rules, named as in the setting `RULES`, and Sigma rules in a folder over saved logs, and returns who caused alerts of severity HIGH or above that
/// reach between bounds.
///
/// # Errors
/// [`ReplayError`] where nothing can be replayed at all.
pub fn callers_of_high_alerts(
    paths: &[PathBuf],
    bounds: TimeBounds,
    rules: &str,
    sigma: Option<&Path>,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<Caller>, ReplayError> {
    let sigma = sigma.map(Path::to_owned);
    let options = Options { rules: Some(rules.to_owned()), sigma, ..Options::default() };
    let Judges { pipeline, usual, expected, dedup_minutes } = Judges::of(&options, lookup)?;
    let (mut evaluation, mut summary) = (Evaluation::default(), Summary::default());
    let matches = read_all(paths, &pipeline, usual, &mut evaluation, &mut summary);
    let (conclusion, _) = matches.run(&pipeline, dedup_minutes, &expected, &mut evaluation.counts);
    let mut callers: Vec<Caller> = Vec::new();
    for alert in conclusion.alerts.iter().filter(|alert| alert.severity() >= Severity::High) {
        let span = span(alert);
        if span.is_some_and(|span| bounds.is_before(span.last) || bounds.until.is_some_and(|until| span.first >= until))
        {
            continue;
        }
        let first = span.map(|span| span.first);
        for record in &alert.evidence.records {
            match callers.iter_mut().find(|caller| caller.key == record.identity_key) {
                Some(known) => known.first = known.first.into_iter().chain(first).min(),
                None => callers.push(Caller {
                    key: Arc::clone(&record.identity_key),
                    identity: Arc::clone(&record.identity),
                    first,
                }),
            }
        }
    }
    Ok(callers)
}

/// The first and the last read that an alert stands for.
fn span(alert: &Concluded) -> Option<Span> {
    let (evidence, counted) = (&alert.evidence, &alert.due.counted);
    let times = [&evidence.first_time, &evidence.last_time].map(|time| time.as_ref().map(|time| time.moment));
    let times = || times.into_iter().chain([counted.first, counted.last]).flatten();
    Some(Span { first: times().min()?, last: times().max()? })
}
