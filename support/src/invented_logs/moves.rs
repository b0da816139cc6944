//! A day of those who do not stay as they are.

use jiff::civil::{Date, Weekday};

use super::{
    activity::Step,
    book::{Book, Record},
    clock::Moment,
    estate::{self, BOOKING, BUILD, CREW, DATA, FREIGHT, LOYALTY, OPS, PAY, Vault, WEB},
    movers::{
        ANEW, CALEB, CALEB_PHONE, CREW_ROSTER, CREW_ROSTER_ANEW, FREIGHT_IMPORT, FREIGHT_IMPORT_UPGRADED,
        ISLES_TICKETS, JORUN, JORUN_PHONE, LOYALTY_API, NADIA, PHONE, POOL, RUNNERS, SIGRID, UPGRADED, VPN,
    },
    people::{Identity, MARA},
};

/// The day on which another subscription sends its logs, too.
const ONBOARDED: i64 = 20;

/// One day, with dice of its own, so that it changes nothing of the others' day.
pub(crate) struct Moves {
    number: i64,
    date: Date,
    book: Book,
}

impl Moves {
    /// A day by its number and date, and the seed of the month; in brief as [`Book::is_brief`] says.
    pub(crate) fn new(number: i64, date: Date, seed: u64, is_brief: bool) -> Self {
        let seed = seed.wrapping_mul(1_000).wrapping_add_signed(number);
        let mut book = Book::new(!seed);
        book.is_brief = is_brief;
        Self { number, date, book }
    }

    /// All records of the day.
    pub(crate) fn records(mut self) -> Vec<Record> {
        self.runs();
        self.phones();
        self.home();
        self.pool();
        self.roster();
        self.freight();
        if self.number >= ONBOARDED {
            self.isles();
        }
        self.book.take()
    }

    fn is_weekend(&self) -> bool {
        matches!(self.date.weekday(), Weekday::Saturday | Weekday::Sunday)
    }

    fn sometime(&mut self, from: u64, to: u64) -> Moment {
        self.book.sometime(self.date, from, to)
    }

    /// The release pipeline: four to eight runs on a workday.
    fn runs(&mut self) {
        if self.is_weekend() {
            return;
        }
        for _ in 0..self.book.dice.between(4, 8) {
            let at = self.sometime(8, 18);
            self.run(at);
        }
    }

    /// A run reads its three secrets, from wherever its runner is.
    fn run(&mut self, at: Moment) {
        let (network, host) = (self.book.dice.below(512), self.book.dice.between(1, 254));
        let ip = format!("198.{}.{}.{host}", 18 + network / 256, network % 256);
        let runner = Identity { ip: &ip, ..RUNNERS };
        self.book.sign_in(at, &runner, 0);
        self.book.challenge(at.plus_ms(700), &runner, BUILD, "secrets");
        self.book.read_secrets(at.plus_ms(1_500), &runner, BUILD, &["queue-sender", "mail-relay", "metrics-push"]);
    }

    /// Two who are on call in turn: by day in the office, now and then in the evening on the phone.
    fn phones(&mut self) {
        for (who, places, vaults) in [
            (JORUN, JORUN_PHONE, [BOOKING, PAY, OPS, WEB].as_slice()),
            (CALEB, CALEB_PHONE, [LOYALTY, FREIGHT, OPS, DATA].as_slice()),
        ] {
            for _ in 0..if self.is_weekend() { 0 } else { self.book.dice.between(1, 3) } {
                let at = self.sometime(8, 17);
                self.look(at, &who, vaults);
            }
            for _ in 0..self.book.dice.below(3) {
                let at = self.sometime(17, 23);
                // Mostly at home, sometimes in town, rarely on a train.
                let [home, town, train] = places;
                let ip = *self.book.dice.pick(&[home, home, home, home, home, town, town, town, town, train]);
                self.look(at, &Identity { ip, agent: PHONE, ..who }, vaults);
            }
        }
    }

    /// One who works from home: each day by the next exit of the VPN, after lunch by another one again.
    fn home(&mut self) {
        if self.is_weekend() {
            return;
        }
        for (from, to) in [(8, 12), (13, 17)] {
            let ip = *self.book.dice.pick(&VPN);
            for _ in 0..self.book.dice.between(1, 2) {
                let at = self.sometime(from, to);
                self.look(at, &Identity { ip, ..NADIA }, &[CREW, FREIGHT, LOYALTY]);
            }
        }
    }

    /// Somebody looks at a secret in the portal.
    fn look(&mut self, at: Moment, who: &Identity<'_>, vaults: &[Vault]) {
        let vault = *self.book.dice.pick(vaults);
        self.book.sign_in(at, who, 0);
        self.book.look_at_secret(at.plus_ms(21_000), who, vault);
    }

    /// The loyalty application starts; each read leaves by some address of the pool.
    fn pool(&mut self) {
        for _ in 0..self.book.dice.between(2, 4) {
            let mut at = self.sometime(0, 24);
            for name in LOYALTY.secrets() {
                let ip = *self.book.dice.pick(&POOL);
                self.book.read_secrets(at, &Identity { ip, ..LOYALTY_API }, LOYALTY, &[name]);
                at = at.plus_ms(400);
            }
        }
    }

    /// The crew roster starts, from some day on with the identity of another deployment.
    fn roster(&mut self) {
        let who = if self.number < ANEW { CREW_ROSTER } else { CREW_ROSTER_ANEW };
        for _ in 0..self.book.dice.between(1, 3) {
            let at = self.sometime(0, 24);
            self.book.application_start(at, &who, CREW);
        }
    }

    /// The freight importer, each hour of the day, from some day on with another client library.
    fn freight(&mut self) {
        let who = if self.number < UPGRADED { FREIGHT_IMPORT } else { FREIGHT_IMPORT_UPGRADED };
        for hour in 6..20 {
            let at = Moment::on(self.date, hour, 5, 0);
            self.book.read_secrets(at, &who, FREIGHT, &["sql-main", "queue-reader"]);
        }
    }

    /// The subscription of the company that was bought: its jobs, its ticket office, its people and ours.
    fn isles(&mut self) {
        for vault in estate::onboarded() {
            if self.number == ONBOARDED {
                let at = Moment::on(self.date, 8, 15, 0);
                self.book.steps(
                    at,
                    &MARA,
                    "Microsoft.KeyVault/vaults/write",
                    &vault.id(),
                    &[Step::Start, Step::Success],
                );
            }
            let first = if self.number == ONBOARDED { 9 } else { 0 };
            for hour in first..24 {
                let at = Moment::on(self.date, hour, 10, 0).plus_ms(self.book.dice.below(900_000));
                self.book.refresh(at, vault);
            }
        }
        if let Some(tickets) = estate::onboarded().first().copied() {
            for _ in 0..self.book.dice.between(1, 3) {
                let at = self.sometime(9, 24);
                self.book.application_start(at, &ISLES_TICKETS, tickets);
            }
        }
        for _ in 0..if self.is_weekend() { 0 } else { self.book.dice.between(2, 4) } {
            let at = self.sometime(9, 17);
            let who = *self.book.dice.pick(&[SIGRID, SIGRID, MARA]);
            self.look(at, &who, &estate::onboarded());
        }
    }
}
