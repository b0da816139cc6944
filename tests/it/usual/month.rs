//! Five invented months in which honest identities move and one is stolen: how much is told, and when.

use std::collections::{BTreeMap, BTreeSet};

use certificate_accessed::detector::Detector;
use serde_json::Value;
use support::invented_logs::book::Record;
use support::invented_logs::month::{Day, SEED};

use crate::given::{alerts, answer_at, batch_at, detector};

/// How many records a batch has.
const BATCH: usize = 256;
/// How much is told in a month at the most, and on a day of it.
const MOST_A_MONTH: usize = 20;
const MOST_A_DAY: usize = 2;
/// The thief's address, which nobody else has.
const THIEF: &str = "203.0.113.66";
/// The morning job whose secret is stolen, and its own address.
const STOLEN: (&str, &str) = ("9e868a44-7191-41ed-9194-af235c67590c", "198.51.100.40");

/// A detector with the rule alone, and the number of the next event.
struct Run {
    detector: Detector,
    next: usize,
    alerts: Vec<Value>,
}

impl Run {
    fn new() -> Self {
        let settings = [("RULES", "UnfamiliarReader"), ("TEAMS_WEBHOOK_URL", "https://example.com/hook")];
        Self { detector: detector(&settings), next: 0, alerts: Vec::new() }
    }

    /// Takes records in batches, each when the hub has taken its last record, and returns what they tell.
    fn take(&mut self, records: &[(String, String)]) {
        for batch in records.chunks(BATCH) {
            let events: Vec<_> = batch.iter().map(|(_, line)| line).collect();
            let (last, _) = batch.last().expect("a record");
            let answer = answer_at(&self.detector, &batch_at(self.next, last, &events), last);
            let told = alerts(&answer);
            let cards = answer["Outputs"]["teams"].as_array().map_or(0, Vec::len);
            assert_eq!(cards, told.len(), "each alert is a card");
            self.alerts.extend(told);
            self.next += batch.len();
        }
    }

    fn take_day(&mut self, day: Day) {
        let records = day.reads();
        self.take(&records.iter().map(timed).collect::<Vec<_>>());
    }
}

/// A record with its time.
fn timed(record: &Record) -> (String, String) {
    (record.at.format("%Y-%m-%dT%H:%M:%S%.7fZ"), record.line.clone())
}

fn text<'a>(alert: &'a Value, pointer: &str) -> &'a str {
    alert.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn time(alert: &Value) -> &str {
    text(alert, "/window/firstRecordTime")
}

fn is_of_thief(alert: &Value) -> bool {
    text(alert, "/alertContext/caller_ip") == THIEF
}

/// How many alerts there are of each value.
fn count<'a>(alerts: &'a [Value], value: impl Fn(&'a Value) -> &'a str) -> BTreeMap<&'a str, usize> {
    alerts.iter().fold(BTreeMap::new(), |mut counts, alert| {
        *counts.entry(value(alert)).or_default() += 1;
        counts
    })
}

/// A whole month.
fn month(seed: u64) -> Vec<Value> {
    let mut run = Run::new();
    (1..=30).for_each(|number| run.take_day(Day::seeded(number, seed)));
    run.alerts
}

/// Checks a month, and returns what is told in it.
fn check(seed: u64) -> String {
    let told = month(seed);
    let (days, severities) = (count(&told, |alert| &time(alert)[..10]), count(&told, |alert| text(alert, "/severity")));
    let line = |alert| format!("  {:.19}  {:6}  {}\n", time(alert), text(alert, "/severity"), text(alert, "/title"));
    let lines: String = told.iter().map(line).collect();
    let all = format!("{lines}seed {seed}: {} alerts {severities:?}, on days {days:?}", told.len());

    let (thefts, honest): (Vec<_>, Vec<_>) = told.iter().partition(|alert| is_of_thief(alert));
    let day = Day::seeded(19, seed).reads();
    let first_read = day.iter().find(|record| record.line.contains(THIEF) && record.line.contains("Get\"")).unwrap();
    assert!(thefts.iter().all(|theft| text(theft, "/severity") == "HIGH") && thefts.len() == 1, "{all}");
    assert_eq!(time(thefts[0]), timed(first_read).0, "at the first read: {all}");
    assert!(honest.iter().all(|alert| text(alert, "/severity") != "HIGH"), "nobody else is taken for a thief: {all}");
    assert!(told.len() <= MOST_A_MONTH, "{all}");
    assert!(days.values().all(|alerts| *alerts <= MOST_A_DAY), "{all}");
    all
}

#[test]
fn in_the_month_of_the_documents_the_theft_is_told_at_its_first_read_and_little_else() {
    println!("{}", check(SEED));
}

#[test]
fn so_it_is_in_a_second_month() {
    println!("{}", check(1));
}

#[test]
fn so_it_is_in_a_third_month() {
    println!("{}", check(2));
}

#[test]
fn so_it_is_in_a_fourth_month() {
    println!("{}", check(3));
}

#[test]
fn so_it_is_in_a_fifth_month() {
    println!("{}", check(4));
}

/// Twenty names an hour for twenty hours: below every threshold.
#[test]
fn a_slow_thief_is_told_within_the_hour_and_at_most_once_an_hour() {
    let mut run = Run::new();
    let of_stolen = |record: &&Record| record.line.contains(STOLEN.0) && record.line.contains("\"SecretGet\"");
    let days = (1..=15).map(|number| Day::new(number).reads());
    // Each day when it is there: what comes days late has the hub's time.
    let days: Vec<Vec<_>> = days.map(|day| day.iter().filter(of_stolen).map(timed).collect()).collect();
    days.iter().for_each(|day| run.take(day));
    let honest = run.alerts.len();
    let (last, read) = days.last().and_then(|day| day.last()).unwrap();

    let reads = (0..400).map(|number| {
        let at = format!("2026-03-16T{:02}:{:02}:00.0000000Z", number / 20, number % 20 * 3);
        let theirs =
            read.replace(last, &at).replace(STOLEN.1, THIEF).replace("metrics-push", &format!("name-{number}"));
        (at, theirs)
    });
    for read in reads.collect::<Vec<_>>() {
        run.take(&[read]);
    }

    let told = &run.alerts[honest..];
    let hours = count(told, |alert| &time(alert)[..13]);
    println!("the slow thief: {} alerts, {hours:?}", told.len());
    for alert in told {
        println!("  {}  {}  {}", time(alert), text(alert, "/severity"), text(alert, "/title"));
    }
    assert_eq!(honest, 0, "the job itself is like always");
    assert_eq!(time(&told[0]), "2026-03-16T00:00:00.0000000Z", "at the first read");
    assert!(told.iter().all(is_of_thief));
    assert!(hours.values().all(|alerts| *alerts == 1), "at most one an hour: {hours:?}");
}

/// What is made in brief is of the whole day, byte for byte.
#[test]
fn a_day_in_brief_is_of_the_whole_day() {
    let whole: BTreeSet<String> = Day::new(20).records().into_iter().map(|record| record.line).collect();
    let brief = Day::new(20).reads();

    assert!(brief.len() > 200, "{}", brief.len());
    assert!(brief.iter().all(|record| whole.contains(&record.line)));
}
