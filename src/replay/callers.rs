//! The callers of alerts that matter, for an investigation that names nobody.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::again::Report;
use super::alerts::Alerts;
use super::copies::Order;
use super::reading::read_all;
use super::{Judges, Lookup, Options, ReplayError, Summary};
use crate::counted::Span;
use crate::facts::Identity;
use crate::interrupt::Interrupt;
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

/// Runs rules, named as in the setting `RULES`, and Sigma rules in a folder over saved logs, and returns who caused alerts of severity
/// HIGH or above that reach between bounds.
///
/// # Errors
/// [`ReplayError`] where nothing can be replayed at all.
pub fn callers_of_high_alerts(
    paths: &[PathBuf],
    bounds: TimeBounds,
    rules: &str,
    sigma: Option<&Path>,
    interrupt: &Interrupt,
    lookup: Lookup<'_>,
) -> Result<Vec<Caller>, ReplayError> {
    let sigma = sigma.map(Path::to_owned);
    let options = Options { rules: Some(rules.to_owned()), sigma, ..Options::default() };
    let judges = Judges::of(&options, lookup)?;
    let mut summary = Summary::default();
    let read = read_all(paths, &judges.pipeline, None, interrupt, lookup, &mut summary)?;
    let report: Report<'_> = &mut |not_again| summary.not_again(not_again);
    let order = Order::of(&read.matches, report);
    let alerts = Alerts::of(&read.matches, &order, judges.rule(&read.matches, &order, &judges.expected, report));
    let mut callers: Vec<Caller> = Vec::new();
    let is_meant = |span: Option<Span>| span.is_none_or(|span| bounds.meet(span.first, span.last));
    for alert in alerts.overviews().filter(|alert| alert.severity >= Severity::High && is_meant(alert.span)) {
        let first = alert.span.map(|span| span.first);
        for kind in alert.kinds {
            match callers.iter_mut().find(|caller| caller.key == kind.identity_key) {
                Some(known) => known.first = known.first.into_iter().chain(first).min(),
                None => callers.push(Caller {
                    key: Arc::clone(&kind.identity_key),
                    identity: Arc::clone(&kind.identity),
                    first,
                }),
            }
        }
    }
    Ok(callers)
}
