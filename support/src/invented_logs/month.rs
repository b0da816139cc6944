//! The made-up month, from 2026-03-01: a large company's noise, with some who move, and one dump on day 19.

use jiff::{
    ToSpan,
    civil::{Date, Weekday, date},
};

use super::{
    book::{Book, Log, Record},
    clock::Moment,
    estate::{BOOKING, DATA, OPS, PAY, Vault, WEB, vaults},
    moves::Moves,
    people::{MARA, PAY_WORKER, PIPELINE, PIPELINE_2, TOBIAS, WEB_FRONT},
};

/// The first day.
const FIRST: Date = date(2026, 3, 1);
/// The seed of the month's random numbers, where no other one is asked for.
pub const SEED: u64 = 0x0020_2603;
/// The day of the dump, and how many vaults it takes.
const DUMP: (i64, usize) = (19, 50);
/// Systems that are deployed, by their vaults' place in the list: web, booking, pay, crew,
/// freight.
const DEPLOYED: [usize; 5] = [0, 1, 2, 6, 7];

/// One day of the month.
pub struct Day {
    /// Its number, from 1.
    number: i64,
    seed: u64,
    /// Its date.
    pub date: Date,
    vaults: Vec<Vault>,
    book: Book,
}

impl Day {
    /// A day by its number, from 1. It has dice of its own: `--days` changes no day.
    pub fn new(number: i64) -> Self {
        Self::seeded(number, SEED)
    }

    /// A day of another month with the same people, the same events and the same theft, but other chances.
    pub fn seeded(number: i64, seed: u64) -> Self {
        Self {
            number,
            seed,
            date: FIRST.saturating_add((number - 1).days()),
            vaults: vaults(),
            book: Book::new(seed.wrapping_mul(1_000).wrapping_add_signed(number)),
        }
    }

    /// All records of the day, in the order of time.
    pub fn records(mut self) -> Vec<Record> {
        self.starts();
        self.clockwork();
        self.office();
        self.deployments();
        self.visits();
        if self.number == DUMP.0 {
            let taken: Vec<Vault> = self.vaults.iter().take(DUMP.1).copied().collect();
            self.book.dump(Moment::on(self.date, 2, 41, 8), &taken);
        }
        let moves = Moves::new(self.number, self.date, self.seed, self.book.is_brief);
        moves.records().into_iter().for_each(|record| self.book.put(record));
        self.book.take()
    }

    /// The reads of certificates and secrets among [`Day::records`], made in a fraction of the time: of those that the settings jobs
    /// repeat each hour, the first.
    pub fn reads(mut self) -> Vec<Record> {
        self.book.is_brief = true;
        let mut records = self.records();
        records.retain(|record| record.log == Log::Audit);
        records
    }

    /// Every fifth day is written as envelopes.
    pub fn in_envelopes(&self) -> bool {
        self.number % 5 == 0
    }

    fn is_weekend(&self) -> bool {
        matches!(self.date.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    /// Any moment between two hours.
    fn sometime(&mut self, from: u64, to: u64) -> Moment {
        self.book.sometime(self.date, from, to)
    }

    /// Applications that start: the booking application two to five times a day.
    fn starts(&mut self) {
        for _ in 0..self.book.dice.between(2, 5) {
            let at = self.sometime(0, 24);
            self.book.booking_start(at);
        }
        for (who, vault) in [(WEB_FRONT, WEB), (PAY_WORKER, PAY)] {
            for _ in 0..self.book.dice.between(1, 4) {
                let at = self.sometime(0, 24);
                self.book.application_start(at, &who, vault);
            }
        }
    }

    /// What runs by the clock: certificates every four hours, reports, keys, settings.
    fn clockwork(&mut self) {
        for hour in (1..24).step_by(4) {
            let at = Moment::on(self.date, hour, 17, 0);
            self.book.certificate_sync(at, WEB);
            self.book.certificate_sync(at.plus_ms(60_000), BOOKING);
        }
        self.book.reporting(Moment::on(self.date, 5, 0, 0), DATA);
        for vault in self.vaults.clone() {
            for hour in [3, 9, 15, 21] {
                let at = Moment::on(self.date, hour, 30, 0).plus_ms(self.book.dice.below(900_000));
                self.book.policy_scan(at, vault);
            }
            for hour in 0..24 {
                let at = Moment::on(self.date, hour, 10, 0).plus_ms(self.book.dice.below(900_000));
                self.book.refresh(at, vault);
            }
        }
        for _ in 0..2_400 {
            let at = self.sometime(0, 24);
            self.book.key_use(at, DATA);
        }
    }

    fn office(&mut self) {
        let errands = if self.is_weekend() { 20 } else { 420 };
        for _ in 0..errands {
            let at = self.sometime(7, 18);
            self.book.errand(at, &self.vaults);
        }
        for _ in 0..errands / 2 {
            let at = self.sometime(6, 20);
            self.book.someone_signs_in(at);
        }
    }

    /// Deployments from two build agents, each with one match.
    fn deployments(&mut self) {
        let most = if self.is_weekend() { 1 } else { 12 };
        for _ in 0..self.book.dice.between(most / 3, most) {
            let at = self.sometime(8, 17);
            let agent = *self.book.dice.pick(&[PIPELINE, PIPELINE_2]);
            let place = *self.book.dice.pick(&DEPLOYED);
            if let Some(vault) = self.vaults.get(place).copied() {
                self.book.deployment(at, &agent, vault);
            }
        }
    }

    /// People who look at a certificate, each time one match.
    fn visits(&mut self) {
        if self.is_weekend() {
            return;
        }
        for _ in 0..self.book.dice.below(3) {
            let at = self.sometime(8, 17);
            let (who, vault) = *self.book.dice.pick(&[(MARA, OPS), (MARA, WEB), (TOBIAS, WEB)]);
            let name = self.book.dice.pick(&vault.certificates()).clone();
            self.book.certificate_visit(at, &who, vault, &name);
        }
    }
}
