//! Incidents: a theft told truly, in few cards, and never in none.

mod cards;
mod month;
mod whole;

use certificate_accessed::alert::Due;
use certificate_accessed::counted::Counted;
use certificate_accessed::digest::Digest;
use certificate_accessed::incident::Incident;
use certificate_accessed::private_key::Reads;
use certificate_accessed::windows::{Entry, Fold, Period, RecordId, Role, Verdict, WindowKey};
use jiff::{SignedDuration, Timestamp};

/// A thief's read of the name of a number at a minute of 2026-03-02.
fn read(number: usize, minute: i64) -> Entry {
    let time = "2026-03-02T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_mins(minute);
    let record = format!("{number} at {minute}");
    let (key, period) = (WindowKey::new("rule", "thief"), Period { minutes: 60, threshold: 25 });
    Entry {
        value: format!("kv-{}/name-{number:05}", number % 50).into(),
        reads: Reads::of("SecretGet", false),
        alert_id: Some(Digest::of(&[&record])),
        has_card: true,
        ..Entry::plain("rule".into(), key, "thief".into(), RecordId::named(&record), time, period)
    }
}

/// The alerts of some reads, one after another: at which of them, and what each says.
fn alerts(fold: &mut Fold, reads: impl IntoIterator<Item = Entry>) -> Vec<(usize, Counted, Incident)> {
    let mut alerts = Vec::new();
    for (number, read) in reads.into_iter().enumerate() {
        fold.take_new(Role::Match, &read);
        if let Verdict::Alert { due: Due { counted, incident: Some(incident), .. }, .. } = fold.verdict(&read) {
            alerts.push((number, counted, incident));
        }
    }
    alerts
}

/// The steps of the alerts of some reads, each with its count.
fn steps(fold: &mut Fold, reads: impl IntoIterator<Item = Entry>) -> Vec<(Option<u32>, usize)> {
    alerts(fold, reads).into_iter().map(|(_, counted, incident)| (incident.step, counted.count)).collect()
}

#[test]
fn each_time_the_names_are_four_times_as_many_a_further_alert_tells_all_of_them() {
    let mut fold = Fold::default();

    let told = alerts(&mut fold, (0..1_700).map(|number| read(number, 60 + i64::try_from(number).unwrap() / 100)));

    let at: Vec<_> = told.iter().map(|(number, counted, incident)| (*number, counted.count, incident.step)).collect();
    assert_eq!(at, [(24, 25, Some(1)), (99, 100, Some(2)), (399, 400, Some(3)), (1_599, 1_600, Some(4))]);
    assert!(told.iter().all(|(.., incident)| incident.id == told[0].2.id));
    assert_eq!(told[2].1.names.len(), 400);
    assert_eq!(told[2].1.vaults, 50);
}

#[test]
fn a_record_that_comes_again_says_the_same_again() {
    let mut fold = Fold::default();
    let reads: Vec<_> = (0..500).map(|number| read(number, 60)).collect();
    let first = alerts(&mut fold, reads.clone());

    let again = alerts(&mut fold, reads);

    assert_eq!(first, again);
}

#[test]
fn an_incident_goes_on_while_a_window_has_enough_names_and_ends_when_none_has() {
    let mut fold = Fold::default();
    // Ten names in each quarter of an hour are forty in an hour.
    let slowly = |from: usize, minute: i64| (0..10).map(move |number| read(from + number, minute));
    let going_on = (0..20).flat_map(|quarter: usize| slowly(quarter * 10, 60 + 15 * i64::try_from(quarter).unwrap()));
    assert_eq!(
        steps(&mut fold, going_on),
        [(Some(1), 30), (Some(2), 100)].map(|(step, _)| (step, if step == Some(1) { 25 } else { 100 }))
    );

    let an_hour_later = (0..30).map(|number| read(1_000 + number, 60 + 19 * 15 + 61));
    assert_eq!(steps(&mut fold, an_hour_later), [(Some(1), 25)], "the next theft is an incident of its own");
}

#[test]
fn an_incident_that_does_not_end_is_a_new_one_after_a_day() {
    let mut fold = Fold::default();
    // The same thirty names in each half of an hour, for thirty hours.
    let reads = (0..60).flat_map(|time| (0..30).map(move |number| read(number, 30 * time)));

    let told = alerts(&mut fold, reads);

    let at: Vec<_> = told.iter().map(|(number, _, incident)| (number / 30, incident.step)).collect();
    assert_eq!(at, [(0, Some(1)), (48, Some(1))]);
}

#[test]
fn a_job_that_reads_its_hundred_names_four_times_a_day_is_one_incident_a_run() {
    let mut fold = Fold::default();

    let runs: Vec<_> = [0, 360, 720, 1_080]
        .into_iter()
        .map(|minute| alerts(&mut fold, (0..99).map(|number| read(number, minute))).len())
        .collect();

    assert_eq!(runs, [1, 1, 1, 1]);
}

#[test]
fn reads_that_come_late_belong_to_the_incident_of_their_own_time() {
    let mut fold = Fold::default();
    steps(&mut fold, (0..25).map(|number| read(number, 120)));

    assert_eq!(steps(&mut fold, (100..175).map(|number| read(number, 70))), [(Some(2), 100)], "an hour before");
    assert_eq!(steps(&mut fold, (200..225).map(|number| read(number, 1))), [(Some(1), 25)], "more than that");
}

#[test]
fn of_more_names_than_are_known_the_last_alert_says_more_than_ten_thousand() {
    let mut fold = Fold::default();

    let told = steps(&mut fold, (0..20_000).map(|number| read(number, 60)));

    assert_eq!(told.last(), Some(&(Some(6), 10_001)), "{told:?}");
    assert_eq!(told.len(), 6);
}

#[test]
fn the_names_whose_private_keys_may_have_left_come_first() {
    let mut fold = Fold::default();
    let of = |number: usize, operation: &str| Entry {
        reads: Reads::of(operation, false),
        record: RecordId::named(&format!("{operation} {number}")),
        ..read(number, 60)
    };
    let reads = (0..20).map(|number| of(number, "CertificateGet"));
    let reads = reads.chain([of(7, "SecretGet"), of(30, "SecretBackup")]);
    let reads = reads.chain((40..44).map(|number| of(number, "SecretGet")));

    let (_, counted, _) = alerts(&mut fold, reads).remove(0);

    assert_eq!(counted.private_keys, [1, 1, 4, 19], "likely, wrapped, unknown, no");
    assert_eq!(&*counted.names[0], "kv-7/name-00007");
    assert_eq!(&*counted.names[1], "kv-30/name-00030");
}

#[test]
fn refused_names_are_told_and_raise_nothing() {
    let mut fold = Fold::default();
    for number in 0..400 {
        let refused = read(number, 60);
        assert!(fold.take_new(Role::Refused, &refused));
        assert!(!fold.take_new(Role::Refused, &refused), "once for a name");
    }

    let (_, counted, _) = alerts(&mut fold, (500..525).map(|number| read(number, 61))).remove(0);

    assert_eq!((counted.count, counted.refused), (25, 400));
}
