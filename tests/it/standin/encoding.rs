use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::app::{detector, notifier};
use support::functions_host::encoding::{Encoding, EncodingFailure, request_body, singles};
use support::functions_host::event_hub::Batch;
use support::functions_host::metadata::RetryContext;
use support::functions_host::queue_trigger::QueueMessage;

const RECORD: &str = r#"{"time":"2026-05-04T10:20:30.1200000Z","caller":"192.0.2.7","name":"é<x>","tags":["a"],"identity":{"at":"2026-05-04T10:20:30.10Z"},"level":4,"ok":true,"none":null,"eventhubTrigger":"x","OFFSET":"mine"}"#;

fn batch(bodies: &[&[u8]]) -> Batch {
    Batch::new("3", 1005, bodies.iter().map(|body| body.to_vec()))
        .offset_from(4_294_970_112)
        .enqueued_from("2026-05-04T10:20:31.417Z".parse().unwrap(), SignedDuration::from_millis(83))
}

fn encoded(encoding: Encoding, batch: &Batch, retry: Option<&RetryContext>) -> Value {
    let function = match encoding {
        Encoding::ManyString => detector("many", Some("string")),
        Encoding::ManyBinary => detector("many", Some("binary")),
        Encoding::ManyNone => detector("many", None),
        Encoding::OneString => detector("one", Some("string")),
        Encoding::OneBinary => detector("one", Some("binary")),
    };
    assert_eq!(Encoding::of(&function.trigger), encoding);
    let body = request_body(encoding, &function, batch, retry).unwrap();
    serde_json::from_slice(&body).unwrap()
}

/// The value inside a JSON string that holds JSON text.
fn inner(value: &Value) -> Value {
    serde_json::from_str(value.as_str().expect("a string")).expect("JSON in the string")
}

#[test]
fn many_string_is_text_of_an_array_of_texts() {
    let body = encoded(Encoding::ManyString, &batch(&[RECORD.as_bytes(), b"plain", b""]), None);
    assert_eq!(inner(&body["Data"]["events"]), json!([RECORD, "plain", ""]));
}

#[test]
fn many_string_mends_bad_utf8_and_keeps_the_byte_order_mark() {
    let body = encoded(Encoding::ManyString, &batch(&[b"a\xffb", b"\xef\xbb\xbf{}"]), None);
    assert_eq!(inner(&body["Data"]["events"]), json!(["a\u{fffd}b", "\u{feff}{}"]));
}

#[test]
fn many_binary_keeps_every_byte() {
    let body = encoded(Encoding::ManyBinary, &batch(&[RECORD.as_bytes(), b"a\xffb"]), None);
    let expected = json!([STANDARD.encode(RECORD), STANDARD.encode(b"a\xffb")]);
    assert_eq!(inner(&body["Data"]["events"]), expected);
}

#[test]
fn many_without_a_type_rewrites_dates() {
    let body = encoded(Encoding::ManyNone, &batch(&[RECORD.as_bytes(), b"7", b"\"x\""]), None);
    let events = inner(&body["Data"]["events"]);
    assert_eq!(events[0]["time"], "2026-05-04T10:20:30.12Z");
    assert_eq!(events[0]["identity"]["at"], "2026-05-04T10:20:30.1Z");
    assert_eq!((&events[1], &events[2]), (&json!(7), &json!("x")));
}

#[test]
fn many_without_a_type_fails_whole_on_one_event_that_is_not_json() {
    let function = detector("many", None);
    let refused = request_body(Encoding::ManyNone, &function, &batch(&[b"{}", b"plain"]), None);
    assert!(matches!(refused, Err(EncodingFailure::Unbindable { index: 1, .. })));
}

#[test]
fn one_string_is_a_string_in_a_string() {
    let body = encoded(Encoding::OneString, &batch(&[RECORD.as_bytes()]), None);
    assert_eq!(inner(&body["Data"]["events"]), json!(RECORD));
}

#[test]
fn one_binary_is_bare_base64() {
    let body = encoded(Encoding::OneBinary, &batch(&[RECORD.as_bytes()]), None);
    assert_eq!(body["Data"]["events"], json!(STANDARD.encode(RECORD)));
    assert!(body["Metadata"]["caller"].is_null(), "binary does not leak");
}

#[test]
fn metadata_of_a_batch_is_arrays_in_strings() {
    for encoding in [Encoding::ManyString, Encoding::ManyBinary, Encoding::ManyNone] {
        let body = encoded(encoding, &batch(&[b"{}", b"[]"]), None);
        let metadata = &body["Metadata"];
        assert_eq!(metadata["PartitionContext"]["PartitionId"], "3");
        assert_eq!(inner(&metadata["PartitionKeyArray"]), json!([null, null]));
        assert_eq!(inner(&metadata["OffsetArray"]), json!(["4294970112", "4294970170"]));
        assert_eq!(metadata["SequenceNumberArray"], "[1005,1006]");
        assert_eq!(metadata["EnqueuedTimeUtcArray"], r#"["2026-05-04T10:20:31.417","2026-05-04T10:20:31.5"]"#);
        assert_eq!(inner(&metadata["SystemPropertiesArray"])[1]["Offset"], 4_294_970_170_u64);
        assert_eq!(metadata["sys"]["MethodName"], "Detector");
        assert!(metadata.get("RetryContext").is_none());
    }
}

#[test]
fn an_offset_that_is_no_number_stands_whole_only_in_its_own_places() {
    let mut batch = batch(&[b"{}"]).offset_as_text();
    batch.has_offset_strings = true;
    let metadata = encoded(Encoding::ManyBinary, &batch, None)["Metadata"].clone();
    assert_eq!(inner(&metadata["OffsetArray"]), json!(["-1"]));
    assert_eq!(inner(&metadata["OffsetStringArray"]), json!(["0:1:4294970112"]));
    let properties = &inner(&metadata["SystemPropertiesArray"])[0];
    assert_eq!((&properties["Offset"], &properties["x-opt-offset"]), (&json!(-1), &json!("0:1:4294970112")));
}

#[test]
fn metadata_of_one_event_is_overwritten_by_its_members() {
    let body = encoded(Encoding::OneString, &batch(&[RECORD.as_bytes()]), None);
    let metadata = &body["Metadata"];
    assert_eq!(metadata["SequenceNumber"], "1005");
    assert_eq!(metadata["EnqueuedTimeUtc"], "2026-05-04T10:20:31");
    assert_eq!(metadata["Offset"], r#""mine""#, "the event's OFFSET, under the host's spelling");
    assert_eq!(metadata["time"], r#""05/04/2026 10:20:30""#);
    assert_eq!(metadata["level"], r#""4""#);
    assert_eq!(metadata["ok"], r#""True""#);
    assert_eq!(metadata["identity"], json!({ "at": "2026-05-04T10:20:30.1Z" }));
    for absent in ["tags", "none", "eventhubTrigger", "PartitionKey"] {
        assert!(metadata.get(absent).is_none(), "{absent}");
    }
}

#[test]
fn the_retry_context_is_an_object_with_an_exception_from_the_second_attempt() {
    let mut retry = RetryContext { retry_count: 0, max_retry_count: -1, failure: None };
    let first = encoded(Encoding::ManyString, &batch(&[b"{}"]), Some(&retry));
    let expected = json!({
        "RetryCount": 0, "MaxRetryCount": -1, "Exception": null, "Instance": null, "State": {},
    });
    assert_eq!(first["Metadata"]["RetryContext"], expected);
    retry.retry_count = 1;
    retry.failure = Some("503".to_owned());
    let second = encoded(Encoding::ManyString, &batch(&[b"{}"]), Some(&retry));
    assert_eq!(second["Metadata"]["RetryContext"]["RetryCount"], 1);
    assert_eq!(second["Metadata"]["RetryContext"]["Exception"]["InnerException"]["Message"], "503");
}

#[test]
fn single_events_go_one_by_one() {
    let batch = batch(&[b"a", b"b"]);
    assert_eq!(singles(Encoding::ManyBinary, &batch).len(), 1);
    let parts = singles(Encoding::OneBinary, &batch);
    assert_eq!(parts.len(), 2);
    assert_eq!(parts[1].events[0].sequence_number, 1006);
}

#[test]
fn a_queue_message_is_a_string_in_a_string_and_leaks() {
    let text = r#"{"title":"read","Id":"mine","at":"2026-05-04T10:20:30Z"}"#;
    let message = QueueMessage::new(text);
    let body: Value = serde_json::from_slice(&message.request_body(&notifier()).unwrap()).unwrap();
    assert_eq!(inner(&body["Data"]["alert"]), json!(text));
    let metadata = &body["Metadata"];
    assert_eq!(metadata["DequeueCount"], "1");
    assert_eq!(metadata["Id"], r#""mine""#);
    assert_eq!(inner(&metadata["PopReceipt"]), json!(message.pop_receipt));
    assert_eq!(metadata["at"], r#""05/04/2026 10:20:30""#);
    assert!(metadata["InsertionTime"].as_str().unwrap().ends_with("+00:00"));
}

#[test]
fn a_queue_message_has_to_be_utf8() {
    let refused = QueueMessage::new(*b"\xff").request_body(&notifier());
    assert!(matches!(refused, Err(EncodingFailure::NotUtf8)));
}
