//! No alert is too long or too deep for a queue and its readers, whatever the record is.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::{Value, json};

use crate::given::{READ, WRITE, alerts, answer, answer_of, binary_batch, detector, read_of, rejected, summary};

const MAX_MESSAGE_BYTES: usize = 49_152;
const MAX_DEPTH: usize = 64;
const READ_ID: &str = "7fc8b78bd652c580a3cea751e58475d4";

/// The read with more fields after its brace.
fn read_with(fields: &str) -> String {
    READ.replacen('{', &format!("{{{fields},"), 1)
}

/// The one message of one event, checked for all that holds for any.
fn message(event: &str) -> Value {
    message_of(&[event])
}

/// The one message of events that are matches of one window.
fn message_of(events: &[impl AsRef<[u8]>]) -> Value {
    message_of_batch(&binary_batch(events))
}

fn message_of_batch(body: &[u8]) -> Value {
    let answer = answer(body);
    let messages = answer["Outputs"]["alerts"].as_array().unwrap();
    assert_eq!(messages.len(), 1);
    let text = messages[0].as_str().unwrap();
    assert!(text.len() <= MAX_MESSAGE_BYTES, "{} bytes", text.len());
    assert!(depth(text) <= MAX_DEPTH, "{} deep", depth(text));
    let message: Value = serde_json::from_str(text).unwrap();
    assert_eq!(message["title"], message["dedup"]);
    assert_eq!(message["alertId"].as_str().unwrap().len(), 32);
    message["truncated"]
        .as_array()
        .unwrap()
        .iter()
        .for_each(|pointer| assert_points(&message, pointer.as_str().unwrap()));
    message
}

fn depth(text: &str) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0usize, 0, false, false);
    for byte in text.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => depth += 1,
            b'}' | b']' if !in_string => depth -= 1,
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// A pointer names what was cut, or a field that is missing from an object that is there.
fn assert_points(message: &Value, pointer: &str) {
    let parent = pointer.rsplit_once('/').unwrap().0;
    let found = message.pointer(pointer).is_some() || message.pointer(parent).is_some_and(Value::is_object);
    assert!(found, "{pointer} points nowhere");
}

#[test]
fn a_short_alert_is_not_touched() {
    assert_eq!(message(READ)["truncated"], json!([]));
}

#[test]
fn the_longest_fields_of_the_record_go_first_and_the_rest_stays() {
    let event = read_with(&format!(r#""long":"{}","short":"kept""#, "x".repeat(60_000)));

    let message = message(&event);

    assert_eq!(message["truncated"], json!(["/records/0/record/long"]));
    assert_eq!(message["records"][0]["record"]["short"], "kept");
    assert_eq!(message["records"][0]["record"]["time"], "2026-03-02T08:14:58.1200000Z");
    assert_eq!(message["alertContext"]["certificate_name"], "tls");
}

#[test]
fn the_last_records_are_left_out_before_anything_is_cut() {
    let numbered = |number| read_with(&format!(r#""number":{number},"long":"{}""#, "x".repeat(1000)));
    let events: Vec<_> = (0..50).map(numbered).collect();

    let message = message_of(&events);

    assert_eq!(message["truncated"], json!(["/records"]));
    assert_eq!(message["window"]["matchCount"], 50);
    let kept = message["records"].as_array().unwrap();
    assert!((20..40).contains(&kept.len()), "{} records", kept.len());
    for (index, entry) in kept.iter().enumerate() {
        assert_eq!(entry["record"]["number"], index);
        assert_eq!(entry["record"]["long"].as_str().unwrap().len(), 1000);
    }
}

#[test]
fn what_is_said_of_ten_matches_fits_however_long_it_is() {
    for text in ["a", "\\u0001", "\\\"", "é"] {
        let events: Vec<_> = (0..10)
            .map(|number| {
                let long = format!("{number}@{}", text.repeat(3000));
                let claims = format!(r#"{{"oid":"{long}","upn":"{long}","tid":"{long}","appid":"{long}"}}"#);
                let id = "00000000-0000-0000-0000-00000000000";
                READ.replace(&format!(r#"{{"appid":"{id}a"}}"#), &claims)
                    .replace(&format!("{id}c"), &long)
                    .replace(&format!("{id}f"), &long)
                    .replace("/certificates/tls", &format!("/certificates/{long}"))
            })
            .collect();

        let message = message_of(&events);

        assert_eq!(message["window"]["matchCount"], 10);
        assert_eq!(message["records"][0]["record"]["callerIpAddress"], "192.0.2.7");
        let entities = &message["entities"];
        for (kind, part) in [("azureResource", "resourceId"), ("account", "upn"), ("cloudApplication", "appId")] {
            let long = entities[kind][9][part].as_str().unwrap();
            assert!(long.ends_with("… (truncated)"), "{kind} {long}");
        }
        let truncated = message["truncated"].as_array().unwrap();
        assert!(truncated.contains(&json!("/entities")) && truncated.contains(&json!("/summary")), "{truncated:?}");
    }
}

#[test]
fn a_source_too_long_for_a_message_costs_the_record_and_not_the_alert() {
    let mut body: Value = serde_json::from_slice(&binary_batch(&[READ])).unwrap();
    body["Metadata"]["PartitionContext"]["PartitionId"] = json!("3".repeat(60_000));

    let message = message_of_batch(body.to_string().as_bytes());

    assert_eq!((&message["records"], &message["truncated"]), (&json!([]), &json!(["/records"])));
    assert_eq!(message["alertId"], READ_ID);
}

#[test]
fn long_properties_are_cut_in_the_record_and_in_the_context() {
    let event = read_with(&format!(r#""properties":{{"long":"{}","short":"kept"}}"#, "é".repeat(30_000)));

    let message = message(&event);

    assert_eq!(message["truncated"], json!(["/alertContext/properties/long", "/records/0/record/properties"]));
    let long = message["alertContext"]["properties"]["long"].as_str().unwrap();
    assert!(long.starts_with("éé") && long.ends_with("… (truncated)"), "{long}");
    assert_eq!(message["alertContext"]["properties"]["short"], "kept");
}

#[test]
fn ten_thousand_small_fields_are_cut_from_the_end() {
    let fields: Vec<_> = (0..10_000).map(|number| format!("\"field-{number}\":\"{number}\"")).collect();
    let event = format!("{},{}}}", &READ[..READ.len() - 1], fields.join(","));

    let message = message(&event);

    assert_eq!(message["truncated"], json!(["/records/0/record"]));
    assert_eq!(message["records"][0]["record"]["operationName"], "MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ");
    assert_eq!(message["records"][0]["record"]["field-0"], "0");
    assert!(message.to_string().len() > 40_000);
}

#[test]
fn thousands_of_small_members_of_properties_leave_the_rest_of_the_context() {
    let fields: Vec<_> = (0..5000).map(|number| format!("\"field-{number}\":\"{number}\"")).collect();

    let message = message(&read_with(&format!("\"properties\":{{{}}}", fields.join(","))));

    assert_eq!(message["alertContext"]["keyvault_name"], "kv-web");
    assert_eq!(message["alertContext"]["properties"], "… (truncated)");
}

#[test]
fn deep_nesting_is_cut_where_it_gets_too_deep() {
    for levels in [55, 62, 64, 65, 200, 10_000] {
        let message = message(&read_with(&format!(
            "\"properties\":{}{}",
            "{\"a\":".repeat(levels),
            "1".to_owned() + &"}".repeat(levels)
        )));

        assert_eq!(message["truncated"].as_array().unwrap().is_empty(), levels < 60, "{levels}");
    }
}

#[test]
fn a_later_record_that_is_too_deep_is_cut_and_the_others_stay() {
    let deep = read_with(&format!("\"properties\":{}1{}", "[".repeat(80), "]".repeat(80)));
    let alert = alerts(&answer(&binary_batch(&[READ, &deep, READ]))).remove(0);

    assert_eq!(alert["records"].as_array().unwrap().len(), 3);
    let pointer = alert["truncated"][0].as_str().unwrap();
    assert!(pointer.starts_with("/records/1/record/properties"), "{pointer}");
}

#[test]
fn hostile_keys_titles_times_and_numbers_stay_within_the_limits() {
    let control = "\\u0001".repeat(1200);
    let long_key = format!("\"{}\":1", "k~/".repeat(20_000));
    let deep_keys = format!("{}1{}", format!("{{\"{}\":", "d".repeat(127)).repeat(100), "}".repeat(100));
    let many_long: Vec<_> = (0..100).map(|number| format!("\"l{number}\":\"{}\"", "v".repeat(3000))).collect();
    let events = [
        READ.replace("192.0.2.7", &control).replace("kv-web", &control),
        READ.replace("2026-03-02T08:14:58.1200000Z", &format!("{}2026-03-02T08:14:58Z", " ".repeat(50_000))),
        READ.replace("00000000-0000-0000-0000-00000000000a", &"a".repeat(60_000)),
        READ.replace("00000000-0000-0000-0000-00000000000c", &"\\\"".repeat(60_000)),
        read_with(&long_key),
        read_with(&format!("\"properties\":{{{long_key}}}")),
        read_with(&format!("\"properties\":[{deep_keys},{deep_keys},{deep_keys}]")),
        read_with(&many_long.join(",")),
        read_with(&format!("\"properties\":{{{}}}", many_long.join(","))),
        read_with(&format!("\"properties\":[{}]", vec!["[\"x\"]"; 20_000].join(","))),
        read_with(&format!("\"{}\":{}", "k".repeat(200), "7".repeat(60_000)).replace('7', "1")),
        READ.replace("/certificates/tls", &format!("/certificates/{}", "c".repeat(60_000))),
        READ.replace("\"192.0.2.7\"", &format!("[{}]", vec!["\"192.0.2.7\""; 10_000].join(","))),
    ];

    for event in events {
        message(&event);
    }
}

#[test]
fn a_megabyte_of_half_long_fields_is_cut_in_a_moment() {
    let fields: Vec<_> = (0..1700).map(|number| format!("\"f{number}\":\"{}\"", "v".repeat(600))).collect();
    let started = std::time::Instant::now();

    let message = message(&read_with(&fields.join(",")));

    assert_eq!(message["truncated"], json!(["/records/0/record"]));
    assert!(started.elapsed() < std::time::Duration::from_secs(3), "{:?}", started.elapsed());
}

/// A hundred events of a hundred reads each.
fn ten_thousand_reads() -> Vec<String> {
    let read = |event, number| read_of(&format!("kv-{event}-{number}"), "192.0.2.7");
    let envelope = |event| (0..100).map(|number| read(event, number)).collect::<Vec<_>>().join(",");
    (0..100).map(|event| format!("{{\"records\":[{}]}}", envelope(event))).collect()
}

#[test]
fn ten_thousand_matches_in_one_batch_are_one_answer() {
    let detector = detector(&[("RULES", "CertificateAccessed"), ("DEDUP_MINUTES", "0")]);

    let answer = answer_of(&detector, &binary_batch(&ten_thousand_reads()));

    let alerts = alerts(&answer);
    let ids: std::collections::BTreeSet<_> = alerts.iter().map(|alert| alert["alertId"].to_string()).collect();
    assert_eq!((alerts.len(), ids.len()), (10_000, 10_000));
    assert!(answer["Logs"].as_array().unwrap().len() < 50);
}

#[test]
fn what_an_answer_has_no_room_for_goes_whole_to_the_rejected_events() {
    let tiny = |event: usize, number: usize| {
        format!(
            r#"{{"operationName":"MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ","resultType":"Success","callerIpAddress":"192.0.2.7","resourceId":"/x/vaults/kv-{event}-{number}"}}"#
        )
    };
    let of = |event| (0..100).map(|number| tiny(event, number)).collect::<Vec<_>>().join("\n");
    let events: Vec<_> = (0..120).map(of).chain([WRITE.to_owned()]).collect();
    let now = "2026-03-02T08:15:31Z".parse().unwrap();
    // Each alert is there twice, which takes half as many.
    let detector = detector(&[("TEAMS_WEBHOOK_URL", "https://hooks.example.com/x")]);

    let answer = detector.answer(&*binary_batch(&events), now, &std::time::Duration::default).unwrap();

    let answer: Value = serde_json::from_slice(&answer.to_json()).unwrap();
    let outputs = &answer["Outputs"];
    let bytes = outputs["alerts"].to_string().len() + outputs["teams"].to_string().len();
    assert!((32 << 20..70 << 20).contains(&bytes), "{bytes} bytes of alerts");
    let rejected = rejected(&answer);
    assert!(rejected.iter().all(|line| line["reason"] == "too-large"), "{}", rejected[0]);
    let payload = |line: &Value| BASE64_STANDARD.decode(line["payload"].as_str().unwrap()).unwrap();
    let rejected: Vec<_> = rejected.iter().map(payload).collect();
    assert_eq!(rejected, events[120 - rejected.len()..120].iter().map(|event| event.as_bytes()).collect::<Vec<_>>());
    let alerts = outputs["alerts"].as_array().unwrap().len();
    assert!((12_000 - 100 * rejected.len()..12_100 - 100 * rejected.len()).contains(&alerts), "{alerts} alerts");
    assert_eq!(summary(&answer)["rejected"], rejected.len());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn ten_thousand_matches_stay_in_bounded_memory() {
    let (host, _folder) = crate::host::host_with(&[("DEDUP_MINUTES", "0")]).await;
    let events = ten_thousand_reads();
    let events: Vec<_> = events.iter().map(String::as_str).collect();
    for _ in 0..3 {
        let delivery =
            host.deliver(crate::host::FUNCTION, &crate::host::batch(&events), Default::default()).await.unwrap();
        assert!(delivery.succeeded());
    }

    let peak_mib = crate::host::peak_kib(&host).await / 1024;
    eprintln!("10,000 matches: {peak_mib} MiB at the highest");
    assert!(peak_mib < 256, "{peak_mib} MiB");
}

#[test]
fn the_id_is_that_of_the_whole_record_and_not_of_the_cut_one() {
    let long = |tail: &str| read_with(&format!(r#""long":"{}{tail}""#, "x".repeat(60_000)));

    let (first, second) = (message(&long("a")), message(&long("b")));

    assert_eq!(message(READ)["alertId"], READ_ID);
    assert_ne!(first["alertId"], second["alertId"]);
    assert_eq!(first["alertId"], message(&long("a"))["alertId"]);
}

/// A JSON value of any shape, some of it long and deep.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<i64>().prop_map(Value::from),
        "\\PC{0,40}".prop_map(Value::from),
        (any::<char>(), 0usize..20_000).prop_map(|(letter, count)| Value::from(letter.to_string().repeat(count))),
    ];
    leaf.prop_recursive(80, 100, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            prop::collection::btree_map("\\PC{0,12}|[a-z~/]{100,300}", inner, 0..8)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(Config { cases: 24, ..Config::default() })]

    #[test]
    fn any_record_makes_a_message_that_fits(fields in prop::collection::btree_map("[a-z]{1,9}", value(), 0..6), properties in value()) {
        let mut record: Value = serde_json::from_str(READ).unwrap();
        let object = record.as_object_mut().unwrap();
        object.extend(fields.into_iter().filter(|(key, _)| key != "time").map(|(key, value)| (format!("x-{key}"), value)));
        object.insert("properties".to_owned(), properties);

        message(&record.to_string());
    }
}
