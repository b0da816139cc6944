//! The records of a day, collected.

use jiff::civil::Date;

use super::{clock::Moment, dice::Dice, estate::Vault};

/// Which log a record is from.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Log {
    /// The Activity Log of a subscription.
    Activity,
    /// The audit log of a vault.
    Audit,
    /// The sign-in logs of the tenant.
    SignIn,
}

/// One finished record.
pub struct Record {
    /// When.
    pub at: Moment,
    /// Which log.
    pub log: Log,
    /// The vault, for its audit log.
    pub vault: Option<Vault>,
    /// The record as one line of JSON.
    pub line: String,
}

/// A growing set of records, with the dice that shape them.
pub(crate) struct Book {
    /// The source of chance.
    pub(crate) dice: Dice,
    /// Whether only reads are written down; the dice fall the same.
    pub(crate) is_brief: bool,
    records: Vec<Record>,
}

impl Book {
    /// An empty book.
    pub(crate) fn new(seed: u64) -> Self {
        Self { dice: Dice::new(seed), is_brief: false, records: Vec::new() }
    }

    /// Adds a record.
    pub(crate) fn put(&mut self, record: Record) {
        self.records.push(record);
    }

    /// The same second, at a random fraction of it.
    pub(crate) fn fraction(&mut self, second: Moment) -> Moment {
        second.plus_steps(self.dice.below(9_000_000))
    }

    /// Any moment of a day between two hours.
    pub(crate) fn sometime(&mut self, date: Date, from: u64, to: u64) -> Moment {
        let within = self.dice.between(from * 3_600_000, to * 3_600_000 - 60_000);
        Moment::on(date, 0, 0, 0).plus_ms(within)
    }

    /// The records in the order of time.
    pub(crate) fn take(&mut self) -> Vec<Record> {
        let mut records = std::mem::take(&mut self.records);
        records.sort_by(|one, other| (one.at, &one.line).cmp(&(other.at, &other.line)));
        records
    }
}
