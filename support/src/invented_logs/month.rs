//! The made-up month, from 2026-03-01: a large company's noise, and one dump on day 19.

use jiff::{
    ToSpan,
    civil::{Date, Weekday, date},
};

use super::{
    book::{Book, Record},
    clock::Moment,
    estate::{BOOKING, DATA, OPS, PAY, Vault, WEB, vaults},
    people::{MARA, PAY_WORKER, PIPELINE, PIPELINE_2, TOBIAS, WEB_FRONT},
};

/// The first day.
const FIRST: Date = date(2026, 3, 1);
/// The seed of the random numbers.
const SEED: u64 = 0x0020_2603;
/// The day of the dump, and how many vaults it takes.
const DUMP: (i64, usize) = (19, 50);
/// Systems that are deployed, by their vaults' place in the list: web, booking, pay, crew,
/// freight.
const DEPLOYED: [usize; 5] = [0, 1, 2, 6, 7];

/// One day of the month.
pub struct Day {
    /// Its number, from 1.
    number: i64,
    /// Its date.
    pub date: Date,
    vaults: Vec<Vault>,
    book: Book,
}

impl Day {
    /// A day by its number, from 1. It has dice of its own: `--days` changes no day.
    pub fn new(number: i64) -> Self {
        Self {
            number,
            date: FIRST.saturating_add((number - 1).days()),
            vaults: vaults(),
            book: Book::new(SEED.wrapping_mul(1_000).wrapping_add_signed(number)),
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
        self.book.take()
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
        let within = self.book.dice.between(from * 3_600_000, to * 3_600_000 - 60_000);
        Moment::on(self.date, 0, 0, 0).plus_ms(within)
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
