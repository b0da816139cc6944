//! The callers of alerts that matter, for an investigation that names nobody.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Judges, Lookup, Options, ReplayError, Shown, Summary, read_all};
use crate::facts::Identity;
use crate::interrupt::Interrupt;
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

/// Runs rules, named as in the setting `RULES`, over saved logs, and returns who caused alerts of severity HIGH or above that
/// reach between bounds.
///
/// # Errors
/// [`ReplayError`] where nothing can be replayed at all.
pub fn callers_of_high_alerts(
    paths: &[PathBuf],
    bounds: TimeBounds,
    rules: &str,
    interrupt: &Interrupt,
    lookup: Lookup<'_>,
) -> Result<Vec<Caller>, ReplayError> {
    let options = Options { rules: Some(rules.to_owned()), ..Options::default() };
    let Judges { pipeline, usual, expected, dedup_minutes } = Judges::of(&options, lookup)?;
    let (mut evaluation, mut summary) = (Evaluation::default(), Summary::default());
    let matches = read_all(paths, &pipeline, usual, &mut evaluation, &mut summary, interrupt, lookup);
    let (conclusion, _) = matches.run(&pipeline, dedup_minutes, &expected, &mut evaluation.counts);
    let mut callers: Vec<Caller> = Vec::new();
    let shown = Shown { min_severity: Some(Severity::High), bounds };
    for alert in conclusion.alerts.iter().filter(|alert| shown.holds(alert)) {
        let first = alert.span().map(|span| span.first);
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
