//! The shared log against a model: several instances and one store whose answers come late, twice or not at all.

mod holes;
mod store;
mod world;

use std::collections::{BTreeMap, BTreeSet};

use certificate_accessed::alert::Due;
use certificate_accessed::counted::Counted;
use certificate_accessed::digest::Digest;
use certificate_accessed::incident::Incident;
use certificate_accessed::state_log::{Limits, StateLog, Wanted};
use certificate_accessed::usual::{Novelty, Sighting};
use certificate_accessed::windows::{Entry, Fold, Joins, Period, RecordId, Role, Verdict, WindowKey};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::Config;

use store::{Fate, Store};
use world::{World, step};

/// Minutes at which what is decided changes: a twelfth of a window, a window, and what lies beside them.
const EDGES: [i64; 16] = [0, 1, 4, 5, 6, 10, 50, 55, 59, 60, 61, 64, 65, 66, 69, 120];

/// A read: when, of which key, and of which value.
type Read = (i64, u8, u8);

fn reads() -> impl Strategy<Value = Vec<Vec<Read>>> {
    let minute = prop_oneof![0i64..180, prop::sample::select(EDGES.to_vec())];
    prop::collection::vec(prop::collection::vec((minute, 0u8..2, 0u8..6), 1..12), 3)
}

/// An entry of a read that stands `number`th in a partition.
fn entry(read: Read, partition: usize, number: usize, period: Period) -> Entry {
    let (minute, key, value) = read;
    let time = minutes_in(minute);
    let record = format!("{partition}/{number}");
    let identity = key.to_string();
    let window = WindowKey::new("rule", &identity);
    Entry {
        value: value.to_string().into(),
        hub: time + SignedDuration::from_mins(i64::try_from(number).unwrap() % 7),
        alert_id: Some(Digest::of(&[&record])),
        has_card: true,
        ..Entry::plain("rule".into(), window, identity.into(), RecordId::named(&record), time, period)
    }
}

fn minutes_in(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_772_000_000 + 60 * minutes).unwrap()
}

/// The entries of a read: of the rule that counts, and of one whose alerts join its incidents.
fn entries_of(read: Read, partition: usize, number: usize, period: Period) -> Vec<(Role, Entry)> {
    let counting = entry(read, partition, number, period);
    let joining = Entry {
        rule: "joins".into(),
        key: WindowKey::new("joins", &read.1.to_string()),
        period: Period { threshold: 1, ..period },
        joins: Some(Joins { key: counting.key, may_have_no_card: true }),
        ..counting.clone()
    };
    let seen = Sighting {
        identity: counting.identity.clone(),
        tenant: "".into(),
        is_person: false,
        vault: format!("kv-{}", read.2 % 3).into(),
        address: format!("range {}", read.2 % 2).into(),
        client: "client".into(),
        learn_days: 0,
        reads: 1,
    };
    let learning = Entry {
        rule: "learns".into(),
        key: WindowKey::new("learns", &read.1.to_string()),
        value: seen.what(),
        sighting: Some(seen),
        learns: true,
        ..joining.clone()
    };
    let others = [joining, Entry { joins: None, ..learning }].map(|entry| (Role::Match, entry));
    others.into_iter().filter(|_| period.counts()).chain([(Role::Match, counting)]).collect()
}

/// An alert that went out.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Alert {
    time: Timestamp,
    counted: Counted,
    incident: Option<Incident>,
    has_no_card: bool,
    novelty: Option<Novelty>,
}

/// What went out: by key and by the record that each alert belongs to.
type Told = BTreeMap<(WindowKey, RecordId), Alert>;

impl Alert {
    fn id(&self) -> Option<Digest> {
        self.incident.map(|incident| incident.id)
    }
}

/// Every stretch with enough values has an alert near it or is in an incident, no two alerts are of one window but the steps of
/// an incident, and none counts what is not there.
fn check(entries: &[Entry], told: &Told, narrow: Period, wide: Period) -> Result<(), TestCaseError> {
    for first in entries.iter().filter(|entry| !entry.learns) {
        let window: Vec<_> =
            entries.iter().filter(|entry| entry.key == first.key && in_window(first, entry, narrow.window())).collect();
        if distinct(&window) >= narrow.threshold {
            let alerts = || told.iter().filter(|((key, _), _)| *key == first.key).map(|(_, alert)| alert);
            let is_near =
                |alert: &Alert| window.iter().any(|entry| entry.time.duration_since(alert.time).abs() < wide.span());
            let is_told = alerts().any(|alert| is_near(alert) || is_in_incident(&window, entries, alert, wide));
            prop_assert!(is_told, "{} values from {} on, and no alert", distinct(&window), first.time);
        }
    }
    for ((key, record), alert) in told.iter().filter(|(_, alert)| alert.novelty.is_none()) {
        for ((other_key, other), other_alert) in told {
            let is_near = alert.time.duration_since(other_alert.time).abs() < narrow.window();
            let are_steps = narrow.counts() && alert.id() == other_alert.id() && alert.incident != other_alert.incident;
            prop_assert!(key != other_key || record == other || !is_near || are_steps, "two alerts in one window");
        }
        let counted = &alert.counted;
        for value in &counted.names {
            let is_there = entries.iter().any(|entry| entry.key == *key && entry.value == *value);
            prop_assert!(is_there, "an alert counts {value}, which nobody read");
        }
        let needed =
            alert.incident.and_then(|incident| incident.step).map_or(0, |step| wide.threshold << (2 * (step - 1)));
        prop_assert!(counted.is_empty() || counted.count >= needed, "{counted:?} at {:?}", alert.incident);
    }
    Ok(())
}

/// Every alert without a card of its own belongs to an incident whose own alert went out.
fn check_cards(told: &Told) -> Result<(), TestCaseError> {
    for alert in told.values().filter(|alert| alert.has_no_card) {
        let is_first = |other: &&Alert| other.incident == alert.id().map(|id| Incident { id, step: Some(1) });
        let first = told.values().find(is_first);
        prop_assert!(first.is_some_and(|first| !first.has_no_card), "neither card: {alert:?}");
    }
    Ok(())
}

/// Every identity is told as new by one alert, and never by a second one.
fn check_learning(entries: &[Entry], told: &Told) -> Result<(), TestCaseError> {
    let learning: BTreeSet<_> = entries.iter().filter(|entry| entry.learns).map(|entry| entry.key).collect();
    for key in learning {
        let of_key = || told.iter().filter(|((told, _), _)| *told == key).map(|(_, alert)| alert);
        let new = of_key().filter(|alert| alert.novelty.is_some_and(|novelty| novelty.identity)).count();
        prop_assert_eq!(new, 1, "alerts of a new identity");
        let severities = of_key().filter_map(|alert| Some(alert.novelty?.severity())).collect::<BTreeSet<_>>();
        prop_assert!(of_key().count() <= severities.len(), "one for a day, and one more where it is worse");
    }
    Ok(())
}

/// Whether some reads are in the incident that an alert opened: until it has stayed below the threshold for a window.
fn is_in_incident(window: &[&Entry], entries: &[Entry], opener: &Alert, period: Period) -> bool {
    let Some(Incident { step: Some(1), .. }) = opener.incident else { return false };
    let key = window[0].key;
    let mut until = opener.time + period.window();
    let is_in = |entry: &Entry, until| entry.time > opener.time - period.window() && entry.time < until;
    loop {
        let is_dense = |entry: &&Entry| {
            entries.iter().filter(|first| first.key == key).any(|first| {
                let around: Vec<_> =
                    entries.iter().filter(|e| e.key == key && in_window(first, e, period.span())).collect();
                in_window(first, entry, period.span()) && distinct(&around) >= period.threshold
            })
        };
        let held = entries.iter().filter(|entry| entry.key == key && is_in(entry, until)).filter(is_dense);
        let longer = held.map(|entry| entry.time + period.window()).max().unwrap_or(until).max(until);
        if longer == until {
            return window.iter().any(|entry| is_in(entry, until));
        }
        until = longer;
    }
}

fn distinct(entries: &[&Entry]) -> usize {
    entries.iter().map(|entry| &entry.value).collect::<BTreeSet<_>>().len()
}

fn in_window(first: &Entry, entry: &Entry, length: SignedDuration) -> bool {
    let after = entry.time.duration_since(first.time);
    !after.is_negative() && after < length
}

proptest! {
    #![proptest_config(Config { cases: 1500, ..Config::default() })]

    #[test]
    fn whatever_becomes_of_requests_and_instances_no_dump_is_lost_and_none_is_told_twice(
        reads in reads(),
        threshold in 1usize..5,
        steps in prop::collection::vec(step(), 0..160),
    ) {
        let period = Period { minutes: 60, threshold };
        let mut world = World::new(reads, &[period]);

        steps.into_iter().for_each(|step| world.run(step));
        world.finish();

        check(&world.entries(period), &world.told, period, period)?;
        check_cards(&world.told)?;
        check_learning(&world.entries(period), &world.told)?;
    }

    #[test]
    fn two_settings_at_once_lose_nothing_by_either(
        reads in reads(),
        threshold in 1usize..4,
        steps in prop::collection::vec(step(), 0..120),
    ) {
        // A rule that counts nothing does so under all settings.
        let more = if threshold == 1 { 1 } else { threshold + 1 };
        let [wide, narrow] = [Period { minutes: 60, threshold }, Period { minutes: 45, threshold: more }];
        let mut world = World::new(reads, &[wide, narrow]);

        steps.into_iter().for_each(|step| world.run(step));
        world.finish();

        check(&world.entries(wide), &world.told, narrow, wide)?;
        check_cards(&world.told)?;
    }

    #[test]
    fn in_the_order_of_time_a_threshold_of_one_is_the_fixed_window(
        mut minutes in prop::collection::vec(0i64..400, 1..40),
    ) {
        minutes.sort_unstable();
        let period = Period { minutes: 60, threshold: 1 };
        let mut fold = Fold::default();
        let mut opened: Option<i64> = None;
        for (number, minute) in minutes.into_iter().enumerate() {
            let opens = opened.is_none_or(|opened| minute - opened >= 60);
            opened = if opens { Some(minute) } else { opened };
            let entry = entry((minute, 0, 0), 0, number, period);
            fold.take(Role::Match, &entry);
            prop_assert_eq!(matches!(fold.verdict(&entry), Verdict::Alert { .. }), opens);
        }
    }

    #[test]
    fn a_fold_that_was_written_and_read_goes_on_as_if_nothing_had_happened(
        reads in prop::collection::vec((0i64..2000, 0u8..3, 0u8..6), 1..120),
        threshold in 1usize..5,
        at in any::<prop::sample::Index>(),
    ) {
        let period = Period { minutes: 60, threshold };
        let at = at.index(reads.len());
        let (mut whole, mut parted) = (Fold::default(), Fold::default());
        for (number, read) in reads.into_iter().enumerate() {
            let entry = entry(read, 0, number, period);
            whole.take(Role::Match, &entry);
            parted.take(Role::Match, &entry);
            if number == at {
                parted = serde_json::from_slice(&serde_json::to_vec(&parted).unwrap()).unwrap();
                parted.restore();
            }
        }
        prop_assert_eq!(serde_json::to_string(&parted).unwrap(), serde_json::to_string(&whole).unwrap());
        prop_assert_eq!(parted, whole);
    }
}

#[test]
fn a_batch_that_brings_nothing_new_asks_nothing_of_the_storage() {
    let mut store = Store::default();
    let mut log = StateLog::new(Limits::default());
    let period = Period { minutes: 60, threshold: 3 };
    let batch = || Wanted::new((0..3).map(|number| (Role::Match, entry((5, 0, 0), 0, number, period))).collect());

    let first = store.write(&mut log, &mut batch());
    let again = store.write(&mut log, &mut batch());

    assert!(first > 0);
    assert_eq!(again, 0);
}

#[test]
fn a_hundred_thousand_live_entries_are_ready_within_a_snapshot_and_the_log_after_it() {
    let period = Period { minutes: 60, threshold: 25 };
    let mut fold = Fold::default();
    for number in 0..100_000 {
        let mut entry = entry((i64::from(number) / 2000, 0, 0), 0, usize::try_from(number).unwrap(), period);
        entry.key = WindowKey::new("rule", &(number / 20).to_string());
        entry.value = format!("kv-vault-{}/secret-{number}", number % 50).into();
        fold.take(Role::Match, &entry);
    }
    let reads: usize = fold.windows().map(|window| window.reads).sum();

    let snapshot = serde_json::to_vec(&fold).unwrap();

    assert_eq!(reads, 100_000);
    assert!(snapshot.len() < 30 << 20, "{} bytes", snapshot.len());
}
