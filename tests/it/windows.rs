//! Windows in one process: one alert for an hour, and the same one again when its record comes again.

use certificate_accessed::counted::Counted;
use certificate_accessed::windows::{Entry, Fold, Period, RecordId, Role, Verdict, WindowKey};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::given::{alerts, answer_at, batch_at, binary_batch_from, detector, read_of, summary};

/// A read of a certificate at a time.
fn read_at(time: &str) -> String {
    read_of("kv-a", "192.0.2.7").replace("2026-03-02T08:14:58Z", time)
}

/// A batch of one read that happened at a time and reached the hub five minutes later.
fn batch(sequence: usize, time: &str) -> Vec<u8> {
    let hub = time.parse::<Timestamp>().unwrap() + SignedDuration::from_mins(5);
    batch_at(sequence, &hub.to_string(), &[read_at(time)])
}

fn ids(answer: &Value) -> Vec<String> {
    alerts(answer).iter().map(|alert| alert["alertId"].as_str().unwrap().to_owned()).collect()
}

const NOW: &str = "2026-03-02T18:00:00Z";

#[test]
fn matches_with_one_key_in_a_batch_are_one_alert() {
    let detector = detector(&[("RULES", "CertificateAccessed")]);
    let events = [read_of("kv-a", "192.0.2.7"), read_of("kv-b", "192.0.2.7"), read_of("kv-a", "192.0.2.7")];

    let answer = answer_at(&detector, &binary_batch_from(1, &events), "2026-03-02T10:07:00Z");

    let alerts = alerts(&answer);
    assert_eq!(alerts.len(), 2);
    assert_eq!(alerts[0]["window"]["matchCount"], 2);
    assert_eq!(alerts[0]["window"]["minutes"], 60);
    assert_eq!(alerts[0]["records"].as_array().unwrap().len(), 2);
    assert_eq!(alerts[0]["records"][1]["source"]["sequenceNumber"], 3);
    assert_eq!(alerts[0]["summary"]["callerIpAddress"][0]["count"], 2);
    assert_eq!(summary(&answer)["matches"], 3);
    assert_eq!(summary(&answer)["suppressed"], 0);
}

#[test]
fn of_many_values_those_come_first_that_came_most_often() {
    let detector = detector(&[("RULES", "CertificateAccessed")]);
    let name =
        |number: u32| read_of("kv-a", "192.0.2.7").replace("certificates/tls", &format!("certificates/tls-{number}"));
    let events: Vec<_> = (1..=20).chain([18, 1, 18]).map(name).collect();

    let answer = answer_at(&detector, &binary_batch_from(1, &events), "2026-03-02T10:07:00Z");

    let summary = &alerts(&answer)[0]["summary"]["resourceId"];
    let shown: Vec<_> = summary.as_array().unwrap().iter().map(|entry| (&entry["value"], &entry["count"])).collect();
    let ends: Vec<_> =
        shown.iter().map(|(value, count)| (value.as_str().unwrap().rsplit('-').next().unwrap(), *count)).collect();
    assert_eq!(ends[..4], [("18", &json!(3)), ("1", &json!(2)), ("2", &json!(1)), ("3", &json!(1))]);
    assert_eq!(ends.len(), 10);
}

#[test]
fn in_the_order_of_time_a_window_is_fixed_and_ends_exactly_after_its_minutes() {
    let detector = detector(&[]);
    let at = |sequence, time| answer_at(&detector, &batch(sequence, time), NOW);

    assert_eq!(ids(&at(1, "2026-03-02T10:07:00Z")).len(), 1, "the first match alerts");
    assert_eq!(ids(&at(2, "2026-03-02T10:36:00Z")).len(), 0, "a later one is suppressed");
    let last = at(3, "2026-03-02T11:06:59Z");
    assert_eq!(ids(&last).len(), 0, "the window does not slide");
    assert_eq!(summary(&last)["suppressed"], 1);
    assert_eq!(ids(&at(4, "2026-03-02T11:07:00Z")).len(), 1, "the next one alerts anew");
}

#[test]
fn a_record_that_arrives_late_falls_into_the_window_of_its_own_time() {
    let detector = detector(&[]);
    let at = |sequence, time| ids(&answer_at(&detector, &batch(sequence, time), NOW)).len();

    assert_eq!(at(1, "2026-03-02T10:00:00Z"), 1);

    assert_eq!(at(2, "2026-03-02T09:59:00Z"), 0, "a minute earlier is in it");
    assert_eq!(at(3, "2026-03-02T08:59:00Z"), 1, "an hour and a minute earlier is not");
}

#[test]
fn the_moment_of_reading_decides_nothing() {
    let read = |now: &str| {
        let detector = detector(&[]);
        let first = answer_at(&detector, &batch(1, "2026-03-02T10:00:00Z"), now);
        let second = answer_at(&detector, &batch(2, "2026-03-02T10:59:59Z"), "2026-03-05T00:00:00Z");
        (alerts(&first), ids(&second).len())
    };

    assert_eq!(read(NOW), read("2026-03-04T00:00:00Z"));
    assert_eq!(read(NOW).1, 0);
}

#[test]
fn a_time_that_cannot_be_is_replaced_by_the_hubs() {
    let hub = "2026-03-02T10:00:00Z";
    let alone = |time: &str| {
        let detector = detector(&[]);
        answer_at(&detector, &batch_at(1, hub, &[read_at(time)]), NOW);
        let near_the_hub = answer_at(&detector, &batch_at(2, hub, &[read_at(hub)]), NOW);
        ids(&near_the_hub).is_empty()
    };

    for replaced in ["2026-03-02T10:05:01Z", "2027-01-01T00:00:00Z", "2026-02-23T09:59:59Z", "soon"] {
        assert!(alone(replaced), "{replaced}");
    }
    assert!(!alone("2026-02-23T10:00:00Z"), "a week back is believed, and another window");
}

#[test]
fn an_alert_is_of_the_time_at_which_the_hub_took_its_record() {
    let detector = detector(&[]);
    let created =
        |now: &str| alerts(&answer_at(&detector, &batch(1, "2026-03-02T10:00:00Z"), now))[0]["createdAt"].clone();

    assert_eq!(created("2026-03-02T10:07:00Z"), "2026-03-02T10:05:00Z");
    assert_eq!(created("2026-03-02T23:07:00Z"), "2026-03-02T10:05:00Z");
}

#[test]
fn where_the_host_says_nothing_of_the_hub_an_alert_is_of_its_records_time() {
    let body = |times: Value| {
        let events = json!([read_at("2026-03-02T10:00:00Z")]).to_string();
        json!({"Data": {"events": events}, "Metadata": {"EnqueuedTimeUtcArray": times}}).to_string().into_bytes()
    };
    for times in [json!(null), json!("[]"), json!("[\"9999-99-99\"]")] {
        let created = |now: &str| alerts(&answer_at(&detector(&[]), &body(times.clone()), now)).remove(0);

        assert_eq!(created("2026-04-02T10:07:00Z")["createdAt"], "2026-03-02T10:00:00Z", "{times}");
        assert_eq!(created("2026-04-02T10:07:00Z"), created("2026-05-02T10:07:00Z"));
        assert_eq!(created("2026-04-02T10:07:00Z")["records"][0]["source"]["enqueuedTime"], Value::Null);
    }
}

#[test]
fn the_record_that_an_alert_belongs_to_sends_it_again() {
    let detector = detector(&[]);
    let batch = binary_batch_from(1, &[read_of("kv-a", "192.0.2.7"), read_of("kv-a", "192.0.2.7")]);

    let first = answer_at(&detector, &batch, "2026-03-02T10:07:00Z");
    let again = answer_at(&detector, &batch, "2026-03-02T10:07:30Z");

    assert_eq!(first["Outputs"], again["Outputs"], "byte for byte");
}

#[test]
fn a_record_of_an_earlier_window_sends_its_alert_even_in_the_next_one() {
    let detector = detector(&[]);
    let at = |sequence, time| ids(&answer_at(&detector, &batch(sequence, time), NOW));

    let first = at(1, "2026-03-02T10:00:00Z");
    at(2, "2026-03-02T11:30:00Z");

    assert_eq!(at(1, "2026-03-02T10:00:00Z"), first, "its write may have failed all the while");
    assert_eq!(at(3, "2026-03-02T11:32:00Z").len(), 0);
}

#[test]
fn without_a_place_a_record_is_known_by_its_content() {
    let detector = detector(&[]);
    let body = |event: &str| {
        let events = json!([event]).to_string();
        json!({"Data": {"events": events}, "Metadata": {}}).to_string().into_bytes()
    };
    let first = read_of("kv-a", "192.0.2.7");
    let later = first.replace("08:14:58", "08:14:59");

    let opened = ids(&answer_at(&detector, &body(&first), "2026-03-02T10:00:00Z"));

    assert_eq!(ids(&answer_at(&detector, &body(&later), "2026-03-02T10:01:00Z")).len(), 0);
    assert_eq!(ids(&answer_at(&detector, &body(&first), "2026-03-02T10:02:00Z")), opened);
}

#[test]
fn zero_minutes_make_every_match_an_alert_of_its_own() {
    let detector = detector(&[("DEDUP_MINUTES", "0")]);
    let events = [read_of("kv-a", "192.0.2.7"), read_of("kv-a", "192.0.2.7")];

    let alerts = alerts(&answer_at(&detector, &binary_batch_from(1, &events), "2026-03-02T10:00:00Z"));

    assert_eq!(alerts.len(), 2);
    assert_eq!(alerts[0]["window"]["minutes"], 0);
}

#[test]
fn a_severity_from_the_settings_replaces_the_rules_own() {
    let detector = detector(&[("RULE_SEVERITY", "CertificateAccessed=high")]);

    let alerts =
        alerts(&answer_at(&detector, &binary_batch_from(1, &[read_of("kv-a", "192.0.2.7")]), "2026-03-02T10:00:00Z"));

    assert_eq!(alerts[0]["severity"], "HIGH");
    assert_eq!(alerts[0]["riskScore"], 75);
}

/// A read of a value by the `number`th record.
fn entry(key: &str, number: usize, value: &str, time: &str, threshold: usize) -> Entry {
    let (time, period) = (time.parse().unwrap(), Period { minutes: 60, threshold });
    let (window, record) = (WindowKey::new("rule", key), RecordId::named(&format!("{key} {number}")));
    Entry { value: value.into(), ..Entry::plain("rule".into(), window, key.into(), record, time, period) }
}

/// Takes an entry and tells whether it is an alert, with the names that the alert counts.
fn alert(fold: &mut Fold, entry: &Entry) -> Option<Counted> {
    fold.take(Role::Match, entry);
    match fold.verdict(entry) {
        Verdict::Alert { due, .. } => Some(due.counted),
        Verdict::Suppressed { .. } | Verdict::Pending | Verdict::Familiar => None,
    }
}

#[test]
fn reads_at_the_end_of_one_hour_and_the_start_of_the_next_are_one_dump() {
    let mut fold = Fold::default();
    let mut read = |number: usize, time: &str| alert(&mut fold, &entry("thief", number, &number.to_string(), time, 25));

    let before: Vec<_> = (0..24).map(|number| read(number, "2026-03-02T10:58:00Z")).collect();
    let crossed = read(24, "2026-03-02T11:02:00Z");

    assert!(before.iter().all(Option::is_none));
    assert_eq!(crossed.map(|counted| counted.count), Some(25));
}

#[test]
fn the_same_names_again_and_again_are_no_dump() {
    let mut fold = Fold::default();

    for number in 0..1000 {
        let time = format!("2026-03-02T10:{:02}:00Z", number % 60);
        assert_eq!(alert(&mut fold, &entry("job", number, &(number % 24).to_string(), &time, 25)), None);
    }
}

#[test]
fn of_fifty_thousand_names_the_latest_are_kept_and_the_identity_next_to_it_is_counted_all_the_same() {
    let mut fold = Fold::default();
    let mut loud_alerts = 0;
    for number in 0..50_000 {
        let loud = entry("loud", number, &number.to_string(), "2026-03-02T10:00:00Z", 25);
        if !fold.settles(Role::Match, &loud) {
            loud_alerts += usize::from(alert(&mut fold, &loud).is_some());
        }
    }
    let quiet: Vec<_> = (0..25)
        .map(|number| alert(&mut fold, &entry("quiet", number, &number.to_string(), "2026-03-02T10:30:00Z", 25)))
        .collect();

    assert_eq!(loud_alerts, 1);
    assert_eq!(quiet.iter().flatten().count(), 1);
    assert!(fold.windows().all(|window| window.values <= 12_000));
}

#[test]
fn values_are_forgotten_six_hours_after_their_window_and_owners_after_eight_days_by_the_hubs_time() {
    let mut fold = Fold::default();
    let first = entry("thief", 0, "a", "2026-03-02T10:00:00Z", 2);
    let owner = entry("thief", 1, "b", "2026-03-02T10:01:00Z", 2);
    assert_eq!(alert(&mut fold, &first), None);
    assert!(alert(&mut fold, &owner).is_some());

    alert(&mut fold, &entry("other", 0, "a", "2026-03-02T17:20:00Z", 2));
    let values = fold.windows().find(|window| window.identity == "thief").map(|window| window.values);
    assert_eq!(values, Some(0));
    assert!(matches!(fold.verdict(&owner), Verdict::Alert { .. }), "the record that comes again alerts again");

    alert(&mut fold, &entry("other", 1, "b", "2026-03-10T11:20:00Z", 2));
    assert!(fold.windows().all(|window| window.identity == "other"));
}

#[test]
fn a_partition_a_day_behind_counts_among_its_own_and_is_told_as_late() {
    let mut fold = Fold::default();
    alert(&mut fold, &entry("other", 0, "a", "2026-03-03T18:00:00Z", 25));
    let late = |number: usize| entry("thief", number, &number.to_string(), "2026-03-02T10:00:00Z", 25);

    let found: Vec<_> = (0..25).map(|number| alert(&mut fold, &late(number))).collect();

    assert_eq!(found.iter().flatten().count(), 1);
    assert!(fold.is_late(&late(0)));
}

#[test]
fn where_all_windows_weigh_too_much_those_that_have_alerted_are_forgotten_first() {
    let mut fold = Fold::default();
    assert!(!fold.is_crowded());
    let counting = entry("counting", 0, "a", "2026-03-02T09:00:00Z", 2);
    assert_eq!(alert(&mut fold, &counting), None);
    for number in 0..150_000 {
        let time = format!("2026-03-02T10:{:02}:00Z", number / 3_000);
        let other = entry(&number.to_string(), 0, "a", &time, 1);
        assert!(alert(&mut fold, &other).is_some());
    }

    assert!(fold.windows().len() < 150_000);
    assert!(fold.is_crowded(), "operators are warned");
    assert!(alert(&mut fold, &entry("0", 1, "a", "2026-03-02T10:02:00Z", 1)).is_some(), "forgotten, so it is sent");
    assert!(alert(&mut fold, &entry("counting", 1, "b", "2026-03-02T09:01:00Z", 2)).is_some(), "counted on");
}
