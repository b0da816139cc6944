//! The callers of alerts that matter, for an investigation that names nobody.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;

use super::{Options, ReplayError, Summary, judge};
use crate::counted::Span;
use crate::facts::Identity;
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
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<Caller>, ReplayError> {
    let options = Options { rules: Some(rules.to_owned()), ..Options::default() };
    let mut summary = Summary::default();
    let judged = judge(paths, &options, lookup, &mut summary)?;
    let mut callers: Vec<Caller> = Vec::new();
    for alert in judged.alerts.overviews().filter(|alert| alert.severity >= Severity::High) {
        let is_outside =
            |span: Span| bounds.is_before(span.last) || bounds.until.is_some_and(|until| span.first >= until);
        if alert.span.is_some_and(is_outside) {
            continue;
        }
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
