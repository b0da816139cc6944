//! The sample day, 2026-03-02: small enough to read, with something of everything.

use jiff::civil::{Date, date};

use super::{
    activity::Step,
    book::{Book, Record},
    clock::Moment,
    estate::{BOOKING, BUILD, DATA, OPS, PAY, Vault, WEB},
    people::{MARA, PAY_WORKER, PIPELINE, TOBIAS, WEB_FRONT},
    routine::CERTIFICATE_READ,
};

/// The day.
pub(crate) const DAY: Date = date(2026, 3, 2);
/// The seed of the random numbers.
const SEED: u64 = 0x2026_0302;
/// The vaults of the day.
const VAULTS: [Vault; 6] = [WEB, BOOKING, PAY, OPS, DATA, BUILD];

/// All records of the day, in the order of time.
pub fn records() -> Vec<Record> {
    let mut book = Book::new(SEED);
    machines(&mut book);
    office(&mut book);
    deployments(&mut book);
    visits(&mut book);
    near_misses(&mut book);
    book.night(at(2, 13));
    book.take()
}

fn at(hour: i64, minute: i64) -> Moment {
    Moment::on(DAY, hour, minute, 0)
}

fn machines(book: &mut Book) {
    for (hour, minute) in [(0, 12), (8, 3), (14, 47), (20, 31)] {
        book.booking_start(at(hour, minute));
    }
    for (hour, minute) in [(8, 5), (14, 49)] {
        book.application_start(at(hour, minute), &WEB_FRONT, WEB);
        book.application_start(at(hour, minute + 1), &PAY_WORKER, PAY);
    }
    for hour in [2, 8, 14, 20] {
        book.certificate_sync(at(hour, 20), WEB);
        book.certificate_sync(at(hour, 21), BOOKING);
        for vault in VAULTS {
            book.policy_scan(at(hour, 33), vault);
        }
    }
    book.reporting(at(5, 0), DATA);
    for hour in (0..24).step_by(2) {
        for minute in [2, 9, 17, 24, 31, 36, 42, 48, 55] {
            book.key_use(at(hour, minute), DATA);
        }
    }
    for hour in [8, 11, 14] {
        for (minute, vault) in (40..).zip(VAULTS) {
            book.refresh(at(hour, minute), vault);
        }
    }
}

/// What people do from eight to five: most of the Activity Log and of the sign-ins.
fn office(book: &mut Book) {
    for hour in [8, 9, 11, 14, 16] {
        for _ in 0..22 {
            let when = at(hour, 0).plus_ms(book.dice.below(3_500_000));
            book.errand(when, &VAULTS);
        }
        for _ in 0..8 {
            let when = at(hour, 0).plus_ms(book.dice.below(3_500_000));
            book.someone_signs_in(when);
        }
    }
}

/// Three deployments, two of them within the hour on the same vault: three matches.
fn deployments(book: &mut Book) {
    book.deployment(at(9, 14), &PIPELINE, WEB);
    book.deployment(at(9, 41), &PIPELINE, WEB);
    book.deployment(at(14, 5), &PIPELINE, BOOKING);
}

/// Three visits, two of them within the hour on the same vault: three matches.
fn visits(book: &mut Book) {
    book.certificate_visit(at(9, 5), &MARA, OPS, "tls-ops");
    book.certificate_visit(at(9, 22), &MARA, OPS, "mtls-ops");
    book.certificate_visit(at(11, 30), &TOBIAS, WEB, "tls-web");
}

/// What the detection must not take for a read that succeeded.
fn near_misses(book: &mut Book) {
    let certificate = format!("{}/certificates/tls-pay", PAY.id());
    let key = format!("{}/keys/storage-encryption", DATA.id());
    let write = CERTIFICATE_READ.replace("/read", "/write");
    let key_read = CERTIFICATE_READ.replace("/certificates/", "/keys/");
    book.activity(at(11, 2), &TOBIAS, CERTIFICATE_READ, &certificate, Step::Failed);
    book.activity(at(11, 3), &TOBIAS, CERTIFICATE_READ, &certificate, Step::Lower);
    book.steps(at(11, 8), &MARA, &write, &certificate, &[Step::Start, Step::Success]);
    book.activity(at(11, 15), &MARA, &write, &certificate, Step::Succeeded);
    book.activity(at(16, 12), &MARA, &key_read, &key, Step::Succeeded);
    book.activity(at(16, 13), &MARA, &key_read, &key, Step::Success);
}
