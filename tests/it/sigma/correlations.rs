//! Correlations count on the windows of the built-in rules: by the same rule for who owns an alert.

use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};

use super::{detector, rules};
use crate::given::{alerts, answer_of, batch_at, binary_batch, summary};
use certificate_accessed::detector::Detector;

/// A rule whose matches are counted.
const READS: &str = "title: A Secret Read\nid: 00000000-0000-0000-0000-0000000000d1\nname: secret_read\nlogsource: {product: azure, service: keyvault}\ndetection:\n    selection: {operationName: SecretGet, properties.httpStatusCode: 200}\n    condition: selection\n";

/// A correlation of these lines over such reads.
fn correlation(lines: &str) -> String {
    format!("title: Many\nid: 00000000-0000-0000-0000-0000000000d2\ncorrelation:\n{lines}\nlevel: critical\n")
}

fn many(kind: &str, condition: &str) -> String {
    correlation(&format!(
        "    type: {kind}\n    rules: [secret_read]\n    group-by: [accessed.identity]\n    timespan: 10m\n    condition: {condition}"
    ))
}

/// The read of a secret by somebody at a minute.
fn read(name: &str, identity: &str, minute: u32) -> String {
    format!(
        r#"{{"time":"2026-03-02T08:{minute:02}:00Z","category":"AuditEvent","operationName":"SecretGet","resultType":"Success","callerIpAddress":"192.0.2.7","identity":{{"claim":{{"oid":"{identity}"}}}},"properties":{{"id":"https://kv-web.vault.azure.net/secrets/{name}/0","httpStatusCode":200}},"resourceId":"/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-WEB"}}"#
    )
}

fn of(correlation: &str) -> Detector {
    detector(&[("RULES", "CertificateAccessed")], &[READS, correlation], "")
}

/// The alerts of reads, as they come at the hub at 08:15.
fn alerts_of(detector: &Detector, reads: &[String]) -> Vec<Value> {
    alerts(&answer_of(detector, &binary_batch(reads)))
}

#[test]
fn distinct_values_of_one_group_alert_once_from_the_threshold_on_and_what_is_counted_does_not() {
    let detector = of(&many("value_count", "{field: accessed.object, gte: 3}"));
    let twice = [read("a", "o-1", 10), read("a", "o-1", 11), read("b", "o-1", 12), read("c", "o-2", 12)];

    let below = answer_of(&detector, &binary_batch(&twice));
    let [alert] = alerts_of(&detector, &[read("d", "o-1", 13)]).try_into().unwrap();

    assert_eq!((alerts(&below).len(), &summary(&below)["pending"]), (0, &json!(4)));
    assert_eq!(alert["title"], "Many for [object \"o-1\"]");
    assert_eq!((&alert["severity"], &alert["window"]["minutes"]), (&json!("CRITICAL"), &json!(10)));
    assert_eq!(alert["alertContext"]["count"], 3);
    assert_eq!(alert["alertContext"]["values"], json!(["kv-web/a", "kv-web/b", "kv-web/d"]));
    assert_eq!(alert["alertContext"]["first_counted_time"], "2026-03-02T08:10:00Z");
}

#[test]
fn matches_are_counted_with_event_count_and_gt_means_more_than() {
    let detector = of(&many("event_count", "{gt: 2}"));
    let reads: Vec<_> = (0..4).map(|minute| read("a", "o-1", 10 + minute)).collect();

    let below = alerts_of(&detector, &reads[..2]);
    let [alert] =
        alerts(&answer_of(&detector, &batch_at(90_300, "2026-03-02T08:16:00.000", &reads[2..]))).try_into().unwrap();

    assert_eq!(below.len(), 0);
    assert_eq!(alert["alertContext"]["count"], 3);
    assert!(alert["alertContext"].get("values").is_none(), "matches have no names: {alert}");
}

#[test]
fn what_is_outside_of_the_timespan_is_not_counted() {
    let detector = of(&many("value_count", "{field: accessed.object, gte: 3}"));

    let alerts = alerts_of(&detector, &[read("a", "o-1", 0), read("b", "o-1", 1), read("c", "o-1", 14)]);

    assert_eq!(alerts.len(), 0);
}

#[test]
fn the_setting_of_windows_does_not_change_a_timespan() {
    let correlation = many("value_count", "{field: accessed.object, gte: 2}");
    let detector = detector(&[("DEDUP_MINUTES", "0")], &[READS, &correlation], "");

    let alerts = alerts_of(&detector, &[read("a", "o-1", 0), read("b", "o-1", 5), read("c", "o-1", 6)]);

    assert_eq!(alerts.iter().map(|alert| alert["window"]["minutes"].clone()).collect::<Vec<_>>(), [10]);
}

#[test]
fn with_generate_what_is_counted_alerts_too() {
    let correlation = many("value_count", "{field: accessed.object, gte: 2}") + "generate: true\n";

    let alerts = alerts_of(&of(&correlation), &[read("a", "o-1", 10), read("b", "o-1", 11)]);

    let names: Vec<_> = alerts.iter().map(|alert| alert["rule"]["name"].clone()).collect();
    assert_eq!(names, ["A Secret Read", "Many"]);
}

#[test]
fn a_correlation_may_stand_before_what_it_counts_in_another_file() {
    let correlation = many("event_count", "{gte: 1}");

    let read = rules(&[&correlation, READS]);

    assert_eq!((read.rules().len(), read.faults()), (2, &[][..]));
}

#[test]
fn what_is_not_carried_is_refused_by_name_and_what_it_counts_alerts_by_itself() {
    let lines = |from: &str, to: &str| many("value_count", "{field: accessed.object, gte: 3}").replace(from, to);
    let cases = [
        (
            lines("value_count", "temporal"),
            "1.yml:4: is a correlation of type temporal, which is not carried: which rules",
        ),
        (lines("value_count", "temporal_ordered"), "1.yml:4: is a correlation of type temporal_ordered"),
        (lines("value_count", "value_sum"), "1.yml:4: is a correlation of type value_sum, which is not carried"),
        (lines("gte: 3", "lt: 3"), "1.yml:8: has another condition than one gte or gt"),
        (lines("gte: 3", "gte: 3, lte: 5"), "1.yml:8: has another condition than one gte or gt"),
        (lines("gte: 3", "gte: 20000"), "1.yml:8: counts to more than 10000"),
        (lines("10m", "90s"), "1.yml:7: needs a timespan of whole minutes"),
        (lines("10m", "30d"), "1.yml:7: needs a timespan of whole minutes, from 1m to 7d"),
        (
            lines("[secret_read]", "[secret_written]"),
            "1.yml:5: counts the matches of secret_written, which is no rule that is on",
        ),
        (lines("10m", "10m\n    window: tumbling"), "has a window that does not slide"),
    ];
    for (correlation, expected) in cases {
        let read = rules(&[READS, &correlation]);

        let fault = read.faults().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        assert!(fault.contains(expected), "{expected}: {fault}");
        assert!(read.rules()[0].alerts, "{expected}");
    }
}

#[test]
fn a_record_without_the_value_is_not_counted_and_one_without_a_group_has_its_own() {
    let detector = of(&many("value_count", "{field: properties.tag, gte: 1}"));
    assert_eq!(alerts_of(&detector, &[read("a", "o-1", 10)]).len(), 0);

    let grouped = many("event_count", "{gte: 1}").replace("accessed.identity", "properties.tag");
    let [alert] = alerts_of(&of(&grouped), &[read("a", "o-1", 10)]).try_into().unwrap();
    assert_eq!(alert["title"], "Many for none");
}

#[test]
fn two_groups_never_look_alike() {
    let by_two = many("event_count", "{gte: 1}").replace("accessed.identity", "properties.one, properties.two");
    let titles = ["x] [y", "x\\] [y"].map(|one| {
        let mut record: Value = serde_json::from_str(&read("a", "o-1", 10)).unwrap();
        record["properties"]["one"] = json!(one);
        alerts_of(&of(&by_two), &[record.to_string()])[0]["title"].clone()
    });

    assert_eq!(titles, [r"Many for [x\] \[y] none", r"Many for [x\\\] \[y] none"]);
}

proptest! {
    #![proptest_config(Config { cases: 48, ..Config::default() })]

    /// The proof that correlations count as the built-in rule does.
    #[test]
    fn the_dump_as_a_correlation_says_what_the_built_in_rule_says(
        reads in prop::collection::vec((0..40_u32, 0..3_u32, 0..60_u32), 1..260),
        cuts in prop::collection::vec(1..80_usize, 1..8),
    ) {
        let dumped = include_str!("../../../sigma/certificates_dumped.yml");
        let settings = [("RULES", "CertificateDump"), ("DUMP_THRESHOLD", "25")];
        let detector = detector(&settings, &[dumped], "");
        let events: Vec<_> = reads.iter().map(|(name, who, minute)| read(&format!("n-{name}"), &format!("o-{who}"), *minute)).collect();
        let (mut rest, mut first) = (events.as_slice(), 90_210);
        for cut in cuts.iter().chain([&usize::MAX]) {
            let (batch, after) = rest.split_at((*cut).min(rest.len()));
            let alerts = alerts(&answer_of(&detector, &batch_at(first, "2026-03-02T08:59:59.000", batch)));
            (rest, first) = (after, first + batch.len());

            let said = |id: &str, count: &str| -> Vec<(Value, Value, Value)> {
                let of_rule = alerts.iter().filter(|alert| alert["rule"]["id"] == id);
                let told = of_rule.map(|alert| {
                    let step = alert["incident"]["step"].clone();
                    (alert["records"][0]["source"]["sequenceNumber"].clone(), alert["alertContext"][count].clone(), step)
                });
                told.collect()
            };
            let built_in = said("Azure.KeyVault.CertificateDump", "read_count");
            prop_assert_eq!(built_in, said("ca862a41-8854-4786-af88-9879637f34de", "count"));
        }
    }
}
