//! Every form in which Azure and its forwarders write records, and the records that come out.

mod operation_names;

use std::time::Duration;

use certificate_accessed::decode::{Piece, Reason, Record, read_body};
use certificate_accessed::source::Marks;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::given::{READ, WRITE, alerts, answer, binary_batch, detector, rejected, summary};

/// What an event holds: its records as text, and the reasons of what is none.
pub(crate) fn pieces(event: &[u8]) -> (Vec<String>, Vec<Reason>) {
    let (mut records, mut reasons) = (Vec::new(), Vec::new());
    read_body(event, &mut |piece| match piece {
        Piece::Record { record, .. } => records.push(record.raw().to_owned()),
        Piece::Undecodable { reason, .. } => reasons.push(reason),
        Piece::EnvelopeMembers { .. } => {}
    });
    (records, reasons)
}

/// The marks of the first record of an event.
fn marks(event: &[u8]) -> Option<Marks> {
    let mut marks = None;
    read_body(event, &mut |piece| {
        if let Piece::Record { record, .. } = piece {
            marks = marks.or(Some(record.marks()));
        }
    });
    marks
}

#[test]
fn every_arrangement_gives_its_records_in_order() {
    let (a, b) = (r#"{"time":"1"}"#, r#"{"time":"2"}"#);
    let arrangements = [
        ("an envelope", r#"{"records":[{"time":"1"},{"time":"2"}]}"#),
        ("an envelope in another case", r#"{"Records" : [ {"time":"1"} , {"time":"2"} ] }"#),
        ("an envelope with other keys", r#"{"v":1,"records":[{"time":"1"},{"time":"2"}],"x":[]}"#),
        ("an array of records", r#"[{"time":"1"},{"time":"2"}]"#),
        ("an array of envelopes", r#"[{"records":[{"time":"1"}]},{"records":[{"time":"2"}]}]"#),
        ("an array of both", r#"[{"time":"1"},{"records":[{"time":"2"}]}]"#),
        ("NDJSON", "{\"time\":\"1\"}\n{\"time\":\"2\"}\n"),
        ("NDJSON of Windows", "{\"time\":\"1\"}\r\n{\"time\":\"2\"}\r\n"),
        ("records joined by nothing", r#"{"time":"1"}{"time":"2"}"#),
        ("envelopes joined by a newline", "{\"records\":[{\"time\":\"1\"}]}\n{\"records\":[{\"time\":\"2\"}]}"),
        ("envelopes joined by nothing", r#"{"records":[{"time":"1"}]}{"records":[{"time":"2"}]}"#),
        ("envelopes joined by a comma", r#"{"records":[{"time":"1"}]},{"records":[{"time":"2"}]}"#),
        ("a byte order mark and white space", "\u{feff}  \t\r\n{\"time\":\"1\"}\n\n \u{feff}{\"time\":\"2\"}  \n"),
        ("record separators", "\u{1e}{\"time\":\"1\"}\n\u{1e}{\"time\":\"2\"}\n"),
        ("envelopes in a string", r#""{\"records\":[{\"time\":\"1\"},{\"time\":\"2\"}]}""#),
        ("records in strings in an array", r#"["{\"time\":\"1\"}","{\"time\":\"2\"}"]"#),
        ("records that are one object", r#"[{"records":{"time":"1"}},{"records":{"time":"2"}}]"#),
        ("records that are a string", r#"{"records":"[{\"time\":\"1\"},{\"time\":\"2\"}]"}"#),
        ("records twice", r#"{"records":[{"time":"1"}],"records":[{"time":"2"}]}"#),
    ];

    for (name, event) in arrangements {
        assert_eq!(pieces(event.as_bytes()), (vec![a.to_owned(), b.to_owned()], vec![]), "{name}");
    }
}

#[test]
fn records_are_found_among_any_other_elements_of_a_list() {
    let event = br#"[ -1.5e3 ,{"time":"1"}, [] ,["x]},{"] ,{"time":"2"}	, null]"#;

    let records = [r#"{"time":"1"}"#, r#"{"time":"2"}"#].map(str::to_owned);
    assert_eq!(pieces(event), (records.into(), vec![Reason::NotAnObject; 3]));
}

/// Any JSON but for very deep one, with white space or without.
fn any_json() -> impl Strategy<Value = String> {
    let blank = "[ \\n]{0,2}";
    let leaf = prop_oneof![
        "-?[1-9][0-9]{0,3}(\\.[0-9]{1,2})?(e[1-9])?",
        Just("null".to_owned()),
        Just("true".to_owned()),
        r#""([a-z\[\]{}, :]|\\\\|\\")*""#,
    ];
    leaf.prop_recursive(3, 24, 4, move |inner| {
        let element = (blank, inner, blank).prop_map(|(before, value, after)| before + &value + &after);
        let list = prop::collection::vec(element.clone(), 0..4).prop_map(|values| format!("[{}]", values.join(",")));
        let member =
            ("[a-z]{1,3}|records|operationName", element).prop_map(|(key, value)| format!("\"{key}\":{value}"));
        let object = prop::collection::vec(member, 0..4).prop_map(|members| format!("{{{}}}", members.join(",")));
        prop_oneof![list, object]
    })
}

proptest! {
    #[test]
    fn a_list_holds_what_its_elements_hold(elements in prop::collection::vec(any_json(), 1..5)) {
        let (mut records, mut reasons) = (Vec::new(), Vec::new());
        for (of_element, why) in elements.iter().map(|element| pieces(element.as_bytes())) {
            records.extend(of_element);
            reasons.extend(why);
        }

        prop_assert_eq!(pieces(format!("[{}]", elements.join(" ,\t")).as_bytes()), (records, reasons));
    }
}

#[test]
fn what_is_no_record_is_counted_by_its_reason() {
    let cases: [(&[u8], &[Reason]); 15] = [
        (b"", &[Reason::Empty]),
        (b" \r\n\xEF\xBB\xBF\0", &[Reason::Empty]),
        (b"\xEF\xBB\xBF \n", &[Reason::Empty]),
        (b"null", &[Reason::NotAnObject]),
        (b"12", &[Reason::NotAnObject]),
        (b"\"text\"", &[Reason::NotAnObject]),
        (br#"{"records":[1,null,"x",true]}"#, &[Reason::NotAnObject; 4]),
        (br#"{"records":null}"#, &[]),
        (br#"{"records":"", "list":[{"a":1}]}"#, &[Reason::NotAnObject]),
        (br#"{"records":7}"#, &[Reason::NotAnObject]),
        (br#"{"records":[]}"#, &[]),
        (b"[[[[[[[[[[[[1]]]]]]]]]]]]", &[Reason::TooDeep]),
        (b"\x1f\x8b\x08\x00\x00", &[Reason::Unreadable]),
        (b"\xff\xfe{\0}\0", &[Reason::Unreadable]),
        (b"Message with quotes \" `", &[Reason::Malformed]),
    ];

    for (event, reasons) in cases {
        assert_eq!(pieces(event), (vec![], reasons.to_vec()), "{}", String::from_utf8_lossy(event));
    }
}

#[test]
fn bytes_outside_of_utf8_and_lone_surrogates_are_repaired_and_marked() {
    let invalid = [
        br#"{"operationName":"MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ","resultType":"Success","x":""#.as_slice(),
        b"\xff\"}",
    ]
    .concat();
    let surrogate = READ.replace("westeurope", r"\ud800 \ude00\ud83d\ude00");

    let answer = answer(&binary_batch(&[invalid.clone(), surrogate.into_bytes()]));

    let alerts = alerts(&answer);
    assert_eq!(alerts[0]["records"][0]["source"]["invalidUtf8"], true);
    assert_eq!(alerts[0]["records"][0]["record"]["x"], "\u{fffd}");
    assert_eq!(alerts[1]["records"][0]["source"]["loneSurrogates"], true);
    assert_eq!(alerts[1]["alertContext"]["location"], "\u{fffd} \u{fffd}😀");
    assert_eq!(rejected(&answer), [] as [Value; 0]);
    assert_eq!(marks(br#""{\"time\":\"\\ud800\"}""#).map(|marks| marks.lone_surrogates), Some(true));
}

#[test]
fn of_a_key_that_comes_twice_the_last_value_counts_as_in_python() {
    let twice = |first: &str, second: &str| {
        format!(
            r#"{{"resultType":"{first}","operationName":"MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ","resultType":"{second}"}}"#
        )
    };

    let answer = answer(&binary_batch(&[twice("Failed", "Success"), twice("Success", "Failed")]));

    let alerts = alerts(&answer);
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0]["alertContext"]["result_type"], "Success");
    assert_eq!(alerts[0]["records"][0]["source"]["recordIndex"], 0);
}

/// The messages of an event as text: most readers of JSON make no number of five thousand digits.
fn messages(event: &str) -> Vec<String> {
    let now = "2026-03-02T08:15:31Z".parse().unwrap();
    let answer = detector(&[]).answer(&*binary_batch(&[event]), now, &|| Duration::ZERO).unwrap();
    assert_eq!(answer.outputs.rejected, "");
    answer.outputs.alerts
}

#[test]
fn a_thousand_levels_cost_no_alert() {
    let event = READ.replacen('{', &format!("{{\"properties\":{}1{},", "[".repeat(1000), "]".repeat(1000)), 1);

    let alerts = alerts(&answer(&binary_batch(&[event])));

    let cut = "/properties".to_owned() + &"/0".repeat(59);
    assert_eq!(alerts[0]["truncated"], json!([format!("/alertContext{cut}"), format!("/records/0/record{cut}")]));
}

#[test]
fn numbers_keep_their_digits_however_many_they_are() {
    let numbers = format!("[1.10,1E5,-0,1e999,-1E-999,{}]", "9".repeat(5000));

    let messages = messages(&READ.replacen('{', &format!("{{\"properties\":{{\"n\":{numbers}}},"), 1));

    assert_eq!(messages.len(), 1);
    assert!(messages[0].contains(&format!("\"record\":{{\"properties\":{{\"n\":{numbers}}}")));
}

#[test]
fn a_record_in_the_rest_form_is_read_as_what_it_means() {
    let rest = r#"{"caller":"ana@example.com","eventTimestamp":"2026-03-02T08:14:58Z","httpRequest":{"clientIpAddress":"192.0.2.7","method":"GET"},"operationName":{"localizedValue":"Read a certificate","value":"Microsoft.KeyVault/vaults/certificates/read"},"resourceId":"/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-web/certificates/tls","status":{"localizedValue":"Succeeded","value":"Succeeded"}}"#;
    let failed = rest.replace("Succeeded", "Failed");

    let alerts = alerts(&answer(&binary_batch(&[rest, &failed])));

    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0]["title"], "Azure Key Vault certificate accessed from [kv-web] by [192.0.2.7]");
    assert_eq!(alerts[0]["alertContext"]["operation_name"], "Microsoft.KeyVault/vaults/certificates/read");
    assert_eq!(alerts[0]["alertContext"]["result_type"], "Succeeded");
    assert_eq!(alerts[0]["window"]["firstRecordTime"], "2026-03-02T08:14:58Z");
    assert_eq!(alerts[0]["records"][0]["source"]["form"], "REST");
    assert_eq!(alerts[0]["records"][0]["record"], serde_json::from_str::<Value>(rest).unwrap());
}

#[test]
fn fields_are_found_in_any_case_and_an_exact_key_goes_first() {
    let record = Record::parse(r#"{"OPERATIONNAME":"a","operationName":"b","RESULTTYPE":"c"}"#).unwrap();

    assert_eq!(record.get("operationName").unwrap().as_str().unwrap(), "b");
    assert_eq!(record.get("resultType").unwrap().as_str().unwrap(), "c");
}

#[test]
fn what_cannot_hold_the_operation_name_is_counted_and_not_rejected() {
    let answer = answer(&binary_batch(&["null", "{'a':'b'}", "7", ""]));

    assert_eq!(answer["Outputs"], json!({}));
    assert_eq!(summary(&answer)["undecodable"], json!({"empty": 1, "malformed": 1, "notAnObject": 2}));
}

#[test]
fn an_object_without_an_operation_name_around_a_read_is_rejected_and_one_around_nothing_is_not() {
    let other = r#"{"EventName":"x","message":"text"}"#;

    let answer = answer(&binary_batch(&[format!(r#"{{"items":[{READ}]}}"#), other.to_owned()]));

    assert_eq!(rejected(&answer).len(), 1);
    assert_eq!(rejected(&answer)[0]["reason"], "wrapper");
}

#[test]
fn an_envelope_with_the_operation_name_beside_its_records_is_rejected_and_azures_own_is_not() {
    let beside = r#""operationName2":"Microsoft.KeyVault/vaults/certificates/read""#;
    for (envelope, rejections) in [
        (format!(r#"{{"records":[],{beside}}}"#), 1),
        (format!(r#"{{"records":null,{beside}}}"#), 1),
        (format!(r#"{{{beside},"value":[]}}"#), 1),
        (format!(r#"{{"records":[{WRITE}],"Microsoft.KeyVault/vaults/certificates/read":0}}"#), 1),
        (format!(r#"{{"records":[{WRITE}],"value":{READ}}}"#), 1),
        (r#"{"value":[],"nextLink":"https://management.azure.com/next"}"#.to_owned(), 0),
        (format!(r#"{{"records":[{READ}],"uploadTime":"2026-03-02T08:15:00Z"}}"#), 0),
    ] {
        let answer = answer(&binary_batch(std::slice::from_ref(&envelope)));

        assert_eq!(rejected(&answer).len(), rejections, "{envelope}");
        assert!(rejected(&answer).iter().all(|line| line["reason"] == "wrapper"), "{envelope}");
    }
}

#[test]
fn unreadable_bytes_are_rejected_whole() {
    let utf16: Vec<u8> = READ.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut gzip, READ.as_bytes()).unwrap();

    let answer = answer(&binary_batch(&[utf16, gzip.finish().unwrap()]));

    let reasons: Vec<_> = rejected(&answer).iter().map(|line| line["reason"].clone()).collect();
    assert_eq!(reasons, ["unreadable", "unreadable"]);
}
