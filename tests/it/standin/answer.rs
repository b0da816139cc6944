use jiff::Timestamp;
use serde_json::{Value, json};

use super::app::detector;
use support::functions_host::answer::{Accepted, Answer};
use support::functions_host::failure::HostFailure;
use support::functions_host::write::Write;

fn accept(status: u16, content_type: Option<&str>, body: &[u8]) -> Result<Accepted, HostFailure> {
    let answer = Answer { status, content_type: content_type.map(str::to_owned), body: body.to_vec() };
    let noon: Timestamp = "2026-05-04T12:00:00Z".parse().unwrap();
    answer.accept(&detector("many", Some("string")), noon)
}

fn accept_json(body: &Value) -> Result<Accepted, HostFailure> {
    accept(200, Some("application/json; charset=utf-8"), body.to_string().as_bytes())
}

/// The messages that a value of the queue output `alerts` leads to.
fn messages(value: Value) -> Result<Vec<Vec<u8>>, String> {
    let accepted = accept_json(&json!({ "Outputs": { "alerts": value } })).unwrap();
    let Some(output) = accepted.outputs.into_iter().next() else {
        return Ok(Vec::new());
    };
    let writes = output.writes.map_err(|failure| failure.to_string())?;
    Ok(writes.iter().map(|write| write.bytes().to_vec()).collect())
}

fn texts(value: Value) -> Vec<String> {
    let messages = messages(value).unwrap();
    messages.into_iter().map(|bytes| String::from_utf8(bytes).unwrap()).collect()
}

#[test]
fn an_array_of_strings_goes_byte_for_byte() {
    let alert = r#"{"t":"2026-05-04T10:20:30.1200000Z","n":1.0,"e":"é"}"#;
    assert_eq!(texts(json!([alert, "plain", "test", "{oops}"])), [alert, "plain", "test", "{oops}"]);
}

#[test]
fn json_in_a_bare_string_is_printed_anew() {
    let expected = ["{\n  \"t\": \"2026-05-04T10:20:30.12Z\"\n}"];
    let text = r#"{"t":"2026-05-04T10:20:30.1200000Z"}"#;
    assert_eq!(texts(json!(text)), expected);
    assert_eq!(texts(serde_json::from_str(text).unwrap()), expected);
    assert_eq!(texts(json!([{ "t": "2026-05-04T10:20:30.1200000Z" }, {}])), [expected[0], "{}"]);
}

#[test]
fn a_bare_string_that_is_a_json_array_becomes_its_elements() {
    assert_eq!(texts(json!(r#"[1,"two"]"#)), ["1", "two"]);
}

#[test]
fn a_bare_string_that_only_looks_like_json_fails() {
    assert!(messages(json!("[ALERT] vault [x]")).is_err());
    assert!(messages(json!("{oops}")).is_err());
}

#[test]
fn a_bare_string_nested_deeper_than_64_fails() {
    let nested = format!("{}{}", "[".repeat(65), "]".repeat(65));
    assert!(messages(json!(nested)).is_err());
    assert_eq!(texts(json!([nested])), [nested]);
}

#[test]
fn a_bare_string_that_is_base64_is_decoded() {
    assert_eq!(messages(json!("test")).unwrap(), [b"\xb5\xeb\x2d".to_vec()]);
    assert_eq!(texts(json!("hello")), ["hello"]);
    assert_eq!(texts(json!("")), [""]);
}

#[test]
fn nothing_leads_to_nothing() {
    for value in [json!(null), json!([])] {
        assert!(messages(value).unwrap().is_empty());
    }
    assert!(accept_json(&json!({ "Outputs": {} })).unwrap().writes().is_empty());
    assert!(accept_json(&json!({})).unwrap().writes().is_empty());
}

#[test]
fn scalars_are_printed() {
    assert_eq!(texts(json!(5)), ["5"]);
    assert_eq!(texts(json!(1.5)), ["1.5"]);
    assert_eq!(texts(json!(true)), ["True"]);
}

#[test]
fn a_bare_date_is_rewritten_even_in_an_array() {
    let date = "2026-05-04T10:20:30+02:00";
    assert_eq!(texts(json!(date)), ["05/04/2026 08:20:30"]);
    assert_eq!(texts(json!([date])), ["05/04/2026 08:20:30"]);
}

#[test]
fn odd_array_elements_are_printed() {
    assert_eq!(texts(json!([null, [1, 2], false])), ["", "[\n  1,\n  2\n]", "False"]);
}

#[test]
fn only_2xx_counts() {
    for status in [199, 300, 404, 500, 503] {
        let refused = accept(status, Some("application/json"), b"{}");
        assert!(matches!(refused, Err(HostFailure::Status(code)) if code == status));
    }
    assert!(accept(201, Some("application/json"), b"{}").is_ok());
}

#[test]
fn an_empty_answer_hangs() {
    for (status, body) in [(204, ""), (204, "{}"), (200, ""), (200, "null"), (200, " null ")] {
        let refused = accept(status, Some("application/json"), body.as_bytes());
        assert!(matches!(refused, Err(HostFailure::Hang)), "{status} {body:?}");
    }
}

#[test]
fn the_media_type_has_to_be_json() {
    for media_type in [None, Some("text/plain"), Some("application/octet-stream")] {
        let refused = accept(200, media_type, b"{}");
        assert!(matches!(refused, Err(HostFailure::MediaType(_))), "{media_type:?}");
    }
    assert!(accept(200, Some("Text/JSON"), b"{}").is_ok());
}

#[test]
fn the_body_has_to_be_an_object_in_utf8() {
    for body in [&b"[]"[..], b"{", b"7", b"{\"a\":\"\xff\"}", b"{\"Outputs\":[]}"] {
        let refused = accept(200, Some("application/json"), body);
        assert!(matches!(refused, Err(HostFailure::Body(_))), "{body:?}");
    }
}

#[test]
fn logs_are_an_array_of_scalars() {
    let logs = |logs: Value| accept_json(&json!({ "Logs": logs })).map(|accepted| accepted.logs);
    assert_eq!(logs(json!(["a", 1, true, null])).unwrap(), ["a", "1", "true", ""]);
    assert!(logs(json!(null)).unwrap().is_empty());
    for refused in [json!("a"), json!({}), json!([{}]), json!([[]])] {
        assert!(matches!(logs(refused), Err(HostFailure::Body(_))));
    }
}

#[test]
fn members_match_in_any_case_and_names_of_outputs_do_not() {
    let accepted = accept_json(&json!({ "outputs": { "alerts": ["a"] }, "LOGS": ["b"] })).unwrap();
    assert_eq!((accepted.writes().len(), accepted.logs.len()), (1, 1));
    let accepted = accept_json(&json!({ "Outputs": { "Alerts": ["a"] } })).unwrap();
    assert!(accepted.writes().is_empty());
    assert_eq!(accepted.ignored, ["Alerts"]);
}

#[test]
fn one_bad_output_leaves_the_others_alone() {
    let outputs = json!({ "alerts": "{oops}", "copies": ["a"] });
    let accepted = accept_json(&json!({ "Outputs": outputs })).unwrap();
    assert!(accepted.outputs[0].writes.is_err());
    let expected = Write::Queue { queue: "copies".to_owned(), bytes: b"a".to_vec() };
    assert_eq!(accepted.writes(), [expected]);
}

#[test]
fn a_blob_is_written_byte_for_byte_under_its_template() {
    let lines = "{\"a\":\"2026-05-04T10:20:30.10Z\"}\n{\"b\":2}\n";
    let accepted = accept_json(&json!({ "Outputs": { "rejected": lines } })).unwrap();
    let writes = accepted.writes();
    let [Write::Blob { path, bytes }] = writes.as_slice() else {
        panic!("not a blob");
    };
    assert_eq!(bytes, lines.as_bytes());
    let name = path.strip_prefix("rejected/2026/05/04/").unwrap();
    assert_eq!(name.len(), "00000000-0000-4000-8000-000000000000.ndjson".len());
}

#[test]
fn a_message_over_64_kib_of_base64_is_refused() {
    let message = |size| Write::Queue { queue: "alerts".to_owned(), bytes: vec![b'x'; size] };
    assert!(message(49_152).refusal().is_none());
    assert!(matches!(message(49_153).refusal(), Some(HostFailure::TooLarge { .. })));
    let blob = Write::Blob { path: "a/b".to_owned(), bytes: vec![0; 100_000] };
    assert!(blob.refusal().is_none());
}
