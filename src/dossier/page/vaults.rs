//! The parts of the page about vaults: what was done in each, and what no log says of it.

use std::collections::{BTreeMap, BTreeSet};

use super::safe::Safe;
use super::sections::span;
use super::table::table;
use crate::counted::Span;
use crate::dossier::findings::Findings;

/// How many vaults are listed; the files have all.
const MOST_VAULTS: usize = 100;
/// How many operations have a column of their own.
const MOST_COLUMNS: usize = 10;
/// How many stretches without a record are named of a vault.
const MOST_STRETCHES: usize = 4;

/// How many records of which operation there are in which vault.
pub(super) fn matrix(findings: &Findings) -> Safe {
    let mut sums: BTreeMap<&str, u64> = BTreeMap::new();
    for (operation, cell) in findings.matrix.values().flatten() {
        *sums.entry(operation).or_default() += cell.records;
    }
    let mut columns: Vec<_> = sums.into_iter().collect();
    columns.sort_by_key(|(_, sum)| std::cmp::Reverse(*sum));
    let columns: Vec<_> = columns.into_iter().map(|(name, _)| name).collect();
    let (shown, others) = columns.split_at(columns.len().min(MOST_COLUMNS));
    let others: BTreeSet<_> = others.iter().copied().collect();
    let heads: Vec<_> = ["Vault"].into_iter().chain(shown.iter().copied()).chain(["Others"]).collect();
    let rows = findings.matrix.iter().map(|(vault, cells)| {
        let told = |records: u64, refused: u64| match (records, refused) {
            (0, _) => Safe::default(),
            (records, 0) => Safe::number(records),
            (records, refused) => {
                let mut cell = Safe::number(records);
                cell.write(format_args!(" <span class=\"bad\">({} refused)</span>", Safe::number(refused)));
                cell
            }
        };
        let cell = |name: &&str| cells.get(*name).map_or_else(Safe::default, |cell| told(cell.records, cell.refused));
        let rest = cells.iter().filter(|(name, _)| others.contains(name.as_str()));
        let (records, refused) =
            rest.fold((0, 0), |(records, refused), (_, cell)| (records + cell.records, refused + cell.refused));
        let row = [Safe::foreign(vault)].into_iter().chain(shown.iter().map(cell));
        row.chain([told(records, refused)]).collect()
    });
    let count = heads.len() - usize::from(others.is_empty());
    table(heads.get(..count).unwrap_or_default(), rows, MOST_VAULTS, "report.json")
}

/// Hours of which there is no record of anybody.
pub(super) fn gaps(findings: &Findings) -> Safe {
    let about = "Vaults with hours in which Key Vault's audit log has no record of anybody. Quiet vaults have such hours; a vault \
                 without any record has no diagnostic setting, or its log is not here. What was done then is in no file of this report.";
    let mut out = Safe::words(about).within("<p class=\"about\">", "</p>\n");
    if findings.gaps.is_empty() {
        out.push(&Safe::markup("<p>None: each vault has records in each hour.</p>\n"));
        return out;
    }
    let touched = |vault: &str| findings.matrix.contains_key(vault);
    let mut gaps: Vec<_> = findings.gaps.iter().collect();
    gaps.sort_by_key(|gap| !touched(&gap.vault));
    let rows = gaps.into_iter().map(|gap| {
        let mut stretches: Vec<_> = gap.stretches.iter().collect();
        stretches.sort_by_key(|(first, last)| std::cmp::Reverse(last.duration_since(*first)));
        let more = stretches.len().saturating_sub(MOST_STRETCHES);
        let named =
            stretches.into_iter().take(MOST_STRETCHES).map(|(first, last)| span(Span { first: *first, last: *last }));
        let more = (more > 0).then(|| Safe::joined([Safe::number(more as u64), Safe::words("more")], " "));
        vec![
            Safe::foreign(&gap.vault),
            Safe::words(if touched(&gap.vault) { "yes" } else { "no" }),
            Safe::number(gap.hours_with as u64),
            Safe::number(gap.hours_without.unsigned_abs()),
            Safe::joined(named.chain(more), "; "),
        ]
    });
    out.push(&table(&["Vault", "Touched", "Hours with", "Without", "The longest"], rows, MOST_VAULTS, "report.json"));
    out
}
