//! The contenders against each other, in turns.

use std::time::Duration;

use comfy_table::Table;

use super::contender::Contender::{self, Answer, Memcpy, Naive, Ours, Utf8};
use super::group::Group;
use super::spread::Spread;
use super::table;

/// How the ratios are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ratios {
    /// One round, to show that it works.
    Once,
    /// Few and short rounds.
    Quick,
    /// Enough rounds for figures that are published.
    Thorough,
}

/// The seconds of each contender in one round, in the order of `Contender::ALL`.
type Round = [f64; Contender::ALL.len()];

fn seconds(round: &Round, who: Contender) -> f64 {
    round[who as usize]
}

impl Ratios {
    /// Every group's ratios: the median over the rounds, with the tenth and the ninetieth percentile.
    pub fn table(self, groups: &[Group]) -> Table {
        let mut table = table::with_columns(&[
            "bodies",
            "naive MB/s",
            "ours MB/s",
            "ours vs naive",
            "whole answer vs naive",
            "memcpy vs ours",
            "utf-8 check vs ours",
        ]);
        for group in groups {
            let rounds: Vec<Round> = (0..self.rounds()).map(|number| self.round(number, group)).collect();
            let megabytes = group.bytes() as f64 / 1e6;
            let speed = |who| format!("{:.0}", Spread::of(rounds.iter().map(|r| megabytes / seconds(r, who))).median);
            let ratio = |slow, fast| Spread::of(rounds.iter().map(|r| seconds(r, slow) / seconds(r, fast))).to_string();
            table.add_row([
                group.name.clone(),
                speed(Naive),
                speed(Ours),
                ratio(Naive, Ours),
                ratio(Naive, Answer),
                ratio(Ours, Memcpy),
                ratio(Ours, Utf8),
            ]);
        }
        table
    }

    fn rounds(self) -> usize {
        match self {
            Self::Once => 1,
            Self::Quick => 15,
            Self::Thorough => 31,
        }
    }

    /// Long enough that the clock and a single interruption count for little.
    fn patience(self) -> Duration {
        match self {
            Self::Once => Duration::ZERO,
            Self::Quick => Duration::from_millis(5),
            Self::Thorough => Duration::from_millis(25),
        }
    }

    fn round(self, number: usize, group: &Group) -> Round {
        let mut round = Round::default();
        let count = Contender::ALL.len();
        // Who begins changes, so that nobody always runs on another's warm cache.
        for turn in 0..count {
            let who = (number + turn) % count;
            let (mut spent, mut times) = (Duration::ZERO, 0);
            while times == 0 || spent < self.patience() {
                spent += Contender::ALL[who].run(group.rules, &group.bodies);
                times += 1;
            }
            round[who] = spent.as_secs_f64() / f64::from(times);
        }
        round
    }
}
