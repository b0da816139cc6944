//! Orders of events in which a log of this kind could lose an alert, or raise it twice; each was found in a review.

use super::*;
use certificate_accessed::state_log::{Action, Answer};

const DAY: i64 = 24 * 60 + 1;

fn period(minutes: u32, threshold: usize) -> Period {
    Period { minutes, threshold }
}

/// A read of a value at a minute, by the record of that number, which reached the hub at once.
fn read(minute: i64, value: u8, number: usize, period: Period) -> Entry {
    let read = entry((minute, 0, value), 9, number, period);
    Entry { hub: read.time, ..read }
}

fn is_alert(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Alert { .. })
}

fn wanted(entry: &Entry) -> Wanted {
    Wanted::new(vec![(Role::Match, entry.clone())])
}

/// An instance that has read the log to its end.
fn instance(store: &mut Store) -> StateLog {
    let mut log = StateLog::new(Limits::default());
    store.write(&mut log, &mut Wanted::default());
    log
}

/// Decides on a read as an instance does: its verdict after all that it has to ask.
fn decide(store: &mut Store, log: &mut StateLog, read: &Entry) -> Verdict {
    store.write(log, &mut wanted(read));
    log.fold().verdict(read)
}

/// Asks one thing at a time of the day.
fn ask(store: &mut Store, log: &mut StateLog, wanted: &mut Wanted, now: i64) -> Option<Action> {
    let action = log.next(wanted, minutes_in(now))?;
    let answer = store.ask(&action, Fate::Done);
    log.take(action.clone(), answer, wanted).unwrap();
    Some(action)
}

fn ask_all(store: &mut Store, log: &mut StateLog, wanted: &mut Wanted, now: i64) {
    for request in 0.. {
        assert!(request < 500, "it comes to an end");
        if ask(store, log, wanted, now).is_none() {
            return;
        }
    }
}

#[test]
fn repeats_that_are_left_out_on_both_sides_of_a_stretch() {
    let period = period(60, 2);
    let mut fold = Fold::default();
    let reads = [read(0, 0, 0, period), read(69, 1, 1, period), read(5, 0, 2, period), read(64, 1, 3, period)];

    for read in &reads {
        if !fold.settles(Role::Match, read) {
            fold.take(Role::Match, read);
        }
    }

    assert!(reads.iter().any(|read| is_alert(&fold.verdict(read))), "two names within 59 minutes");
}

#[test]
fn a_repeat_that_another_instance_has_written_down_and_that_would_complete_a_dump() {
    let period = period(60, 2);
    let mut store = Store::default();
    let [mut a, mut b, mut c] = [0; 3].map(|_| instance(&mut store));
    let [first, far, repeat, near] =
        [read(0, 0, 0, period), read(66, 1, 1, period), read(4, 0, 2, period), read(50, 2, 3, period)];
    let mut told = vec![decide(&mut store, &mut b, &first), decide(&mut store, &mut c, &far)];

    // It is killed before it answers, and the read comes again to one who takes it for a repeat.
    decide(&mut store, &mut a, &repeat);
    told.push(decide(&mut store, &mut b, &repeat));
    told.push(decide(&mut store, &mut c, &near));

    assert!(told.iter().any(is_alert), "{told:?}");
}

#[test]
fn a_read_that_opens_a_window_under_one_setting_and_stands_in_one_under_another() {
    let (wide, narrow) = (period(60, 1), period(45, 1));
    let mut store = Store::default();
    let [mut a, mut b, mut c] = [0; 3].map(|_| instance(&mut store));
    decide(&mut store, &mut b, &read(0, 0, 0, wide));

    decide(&mut store, &mut a, &read(50, 0, 1, narrow));
    let mut told = vec![decide(&mut store, &mut b, &read(50, 0, 1, wide))];
    told.push(decide(&mut store, &mut c, &read(80, 0, 2, wide)));
    told.push(decide(&mut store, &mut c, &read(100, 0, 3, wide)));

    assert!(told.iter().any(is_alert), "{told:?}");
}

#[test]
fn an_alert_that_was_sent_without_the_log_for_a_record_that_stands_in_it() {
    let period = period(60, 3);
    let mut fold = Fold::default();
    let [a, owner, b, later] =
        [0, 1, 2, 3].map(|n| read(n, u8::try_from(n).unwrap(), usize::try_from(n).unwrap(), period));
    fold.take(Role::Match, &a);
    fold.take(Role::Match, &owner);
    fold.take(Role::Counted, &b);

    let counted = Counted { count: 3, names: vec!["0".into(), "1".into(), "2".into()], ..Counted::default() };
    fold.take(Role::Owner, &Entry { counted, ..owner.clone() });
    fold.take(Role::Match, &later);

    assert!(is_alert(&fold.verdict(&owner)));
    assert!(!is_alert(&fold.verdict(&later)));
}

#[test]
fn alerts_of_a_batch_that_are_asked_for_when_all_of_it_is_taken_and_memory_is_full() {
    let period = period(60, 3);
    let mut fold = Fold::default();
    let mut dumps = Vec::new();
    for identity in 0..70_000_u32 {
        for value in 0..2 {
            let read = read(0, value, usize::try_from(identity * 2).unwrap() + usize::from(value), period);
            let key = WindowKey::new("rule", &format!("quiet {identity}"));
            fold.take(Role::Match, &Entry { key, value: format!("{value}{}", "n".repeat(100)).into(), ..read });
        }
        for value in (0..3).filter(|_| identity % 500 == 0) {
            let read = read(0, value, usize::try_from(identity * 3).unwrap() + usize::from(value) + 500_000, period);
            let dump = Entry { key: WindowKey::new("rule", &format!("dump {identity}")), ..read };
            fold.take(Role::Match, &dump);
            dumps.push(dump);
        }
    }

    // The last batch, of as many matches as an answer holds.
    let fresh = dumps.iter().rev().take(3 * 18).filter(|dump| is_alert(&fold.verdict(dump))).count();

    assert_eq!(fresh, 18);
}

#[test]
fn a_stretch_that_is_made_again_when_others_have_left_it_long_ago() {
    let period = period(60, 1);
    let mut store = Store::default();
    let [mut late, mut idle, mut busy] = [0; 3].map(|_| StateLog::new(Limits::default()));
    ask_all(&mut store, &mut late, &mut wanted(&read(0, 0, 0, period)), 0);
    ask_all(&mut store, &mut idle, &mut Wanted::default(), 0);
    // One closes the first stretch and stops there; another opens the next one and has nothing to do.
    let mut nothing = Wanted::default();
    while !matches!(ask(&mut store, &mut late, &mut nothing, DAY), Some(Action::Append { .. })) {}
    ask_all(&mut store, &mut idle, &mut wanted(&read(1, 0, 1, period)), DAY);
    for day in 1..=4 {
        let read = read(day * DAY, 0, usize::try_from(1 + day).unwrap(), period);
        ask_all(&mut store, &mut busy, &mut wanted(&read), day * DAY);
    }

    ask_all(&mut store, &mut late, &mut nothing, 4 * DAY);
    let [one, other] = [77, 78].map(|number: usize| read(4 * DAY + i64::try_from(number).unwrap(), 0, number, period));
    ask_all(&mut store, &mut idle, &mut wanted(&one), 4 * DAY + 77);
    ask_all(&mut store, &mut busy, &mut wanted(&other), 4 * DAY + 78);

    let told = [idle.fold().verdict(&one), busy.fold().verdict(&other)];
    assert_eq!(told.iter().filter(|verdict| is_alert(verdict)).count(), 1, "{told:?}");
}

#[test]
fn a_blob_that_ends_before_the_block_that_was_appended() {
    let mut store = Store::default();
    let mut log = instance(&mut store);
    let mut wanted = wanted(&read(0, 0, 0, period(60, 1)));
    let append = log.next(&mut wanted, minutes_in(0)).unwrap();
    log.take(append, Answer::Appended { offset: 100, blocks: 2 }, &mut wanted).unwrap();

    let gap = log.next(&mut wanted, minutes_in(0)).unwrap();
    log.take(gap, Answer::Bytes(Vec::new()), &mut wanted).unwrap();

    assert_eq!(log.next(&mut wanted, minutes_in(0)), Some(Action::FindNewest), "the chain is looked for again");
}

#[test]
fn reads_of_one_moment_are_not_forgotten_all_together() {
    let mut fold = Fold::default();
    for number in 0..12_001 {
        let read = read(0, 0, number, period(60, 10_000));
        fold.take(Role::Match, &Entry { value: number.to_string().into(), ..read });
    }

    // The last one is by which the incident has more names than are known.
    assert_eq!(fold.windows().map(|window| window.reads).sum::<usize>(), 10_001);
}

#[test]
fn a_job_that_reads_many_names_each_hour_stays_small() {
    let period = period(60, 25);
    let mut fold = Fold::default();
    for hour in 0..100 {
        for name in 0..1_400 {
            let read = read(0, 0, hour * 1_400 + name, period);
            let time = minutes_in(i64::try_from(hour).unwrap() * 61)
                + SignedDuration::from_secs(i64::try_from(name).unwrap() * 2);
            let value = format!("kv-web/{}-{name:06}", "n".repeat(100)).into();
            let read = Entry { time, hub: time, value, ..read };
            if !fold.settles(Role::Match, &read) {
                fold.take(Role::Match, &read);
            }
        }
    }

    let snapshot = serde_json::to_vec(&fold).unwrap();

    assert!(snapshot.len() < 4 << 20, "{} bytes", snapshot.len());
}
