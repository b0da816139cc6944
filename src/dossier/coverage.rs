//! Of which hours of which vaults there is any record, whoever made it: what is not there cannot be told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::counted::Span;

/// The length of an hour in seconds.
const HOUR: i64 = 3_600;
/// How many vaults are watched for gaps; no tenant that is known has as many.
const MAX_VAULTS: usize = 20_000;

/// The hours of each vault that have a record in Key Vault's audit log.
#[derive(Debug, Clone, Default)]
pub(super) struct Coverage {
    hours: BTreeMap<Arc<str>, BTreeSet<i64>>,
    span: Option<Span>,
}

/// The hours of one vault without any record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Gap {
    /// The vault.
    pub vault: Arc<str>,
    /// How many hours of the period have a record.
    pub hours_with: usize,
    /// How many have none.
    pub hours_without: i64,
    /// The stretches without one, from the first moment to the first moment after it.
    pub stretches: Vec<(Timestamp, Timestamp)>,
}

impl Coverage {
    /// Takes a record of the audit log.
    pub(super) fn add(&mut self, vault: &str, time: Timestamp) {
        self.span = Some(self.span.map_or(Span::at(time), |span| span.with(time)));
        if let Some(hours) = self.of(vault) {
            hours.insert(time.as_second().div_euclid(HOUR));
        }
    }

    /// Takes a vault that another log names.
    pub(super) fn know(&mut self, vault: &str) {
        self.of(vault);
    }

    fn of(&mut self, vault: &str) -> Option<&mut BTreeSet<i64>> {
        if !self.hours.contains_key(vault) {
            if self.hours.len() >= MAX_VAULTS {
                return None;
            }
            self.hours.insert(vault.into(), BTreeSet::new());
        }
        self.hours.get_mut(vault)
    }

    /// The time of all records of the audit log.
    pub(super) fn span(&self) -> Option<Span> {
        self.span
    }

    /// The vaults with hours without any record in a period, those with most of them first.
    pub(super) fn gaps(&self, from: Timestamp, to: Timestamp) -> Vec<Gap> {
        let (first, last) = (from.as_second().div_euclid(HOUR), to.as_second().div_euclid(HOUR));
        let of = |(vault, hours): (&Arc<str>, &BTreeSet<i64>)| {
            let mut stretches = Vec::new();
            let mut next = first;
            let with: Vec<_> = hours.range(first..=last.max(first)).copied().collect();
            for hour in with.iter().copied().chain([last + 1]) {
                if hour > next {
                    stretches.extend(moment(next).zip(moment(hour)));
                }
                next = hour + 1;
            }
            let hours_with = with.len();
            let hours_without = (last + 1 - first).saturating_sub_unsigned(hours_with as u64);
            Gap { vault: Arc::clone(vault), hours_with, hours_without, stretches }
        };
        let mut gaps: Vec<_> = self.hours.iter().map(of).filter(|gap| gap.hours_without > 0).collect();
        gaps.sort_by_key(|gap| std::cmp::Reverse(gap.hours_without));
        gaps
    }
}

fn moment(hour: i64) -> Option<Timestamp> {
    Timestamp::from_second(hour * HOUR).ok()
}
