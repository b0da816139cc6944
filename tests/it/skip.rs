//! What is passed over without decoding, held to the decoder: nothing in it matches, and nothing in it needs rejecting.

use std::sync::LazyLock;
use std::time::Duration;

use certificate_accessed::alert::Place;
use certificate_accessed::config::load_rules;
use certificate_accessed::decode::{Escaping, Skip};
use certificate_accessed::pipeline::{Evaluation, Pipeline};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::Config;
use serde_json::{Value, json};

use crate::cannot;
use crate::given::{READ, REFUSED, WRITE, alerts, answer, binary_batch, detector, rejected, summary};

/// A pipeline with these rules, and the skip before it.
fn with_rules(rules: &str) -> (Pipeline, Skip) {
    let settings = certificate_accessed::config::Settings::read(&|name| (name == "RULES").then(|| rules.to_owned()));
    let settings = settings.expect("settings");
    let pipeline = Pipeline::new(load_rules(&settings).expect("rules"), settings.parameters);
    let skip = Skip::new(pipeline.operations()).expect("names that can be found");
    (pipeline, skip)
}

/// The text of an event as the host writes it for dataType string: in a string, in a string.
fn escaped_twice(event: &str) -> String {
    let quoted = |text: &str| {
        let quoted = json!(text).to_string();
        quoted[1..quoted.len() - 1].to_owned()
    };
    quoted(&quoted(event))
}

/// Holds what is passed over to what the decoder says of the same event.
fn assert_sound(pipeline: &Pipeline, skip: &Skip, event: &[u8]) {
    let text = String::from_utf8_lossy(event);
    let passed_over = [
        skip.records(event, Escaping::None),
        // What the host would make of it: text.
        skip.records(escaped_twice(&text).as_bytes(), Escaping::Twice),
    ];
    let events = [event, text.as_bytes()];
    for (records, event) in passed_over.into_iter().zip(events) {
        let Some(records) = records else { continue };
        let mut evaluation = Evaluation::default();
        pipeline.evaluate(event, &Place::default, &mut evaluation);
        assert!(evaluation.matches.is_empty(), "a match was passed over: {text}");
        assert!(evaluation.rejected.is_empty(), "a rejection was passed over: {text}");
        if is_json(event) {
            assert_eq!(records, evaluation.counts.records, "{text}");
            assert!(evaluation.counts.undecodable.is_empty(), "something to count was passed over: {text}");
        }
    }
}

/// Whether the bytes are objects of JSON, one or several, and nothing else.
fn is_json(bytes: &[u8]) -> bool {
    let values = serde_json::Deserializer::from_slice(bytes).into_iter::<Value>();
    values.into_iter().all(|value| value.is_ok_and(|value| value.is_object()))
}

/// Names and parts of names, in spellings that hide them.
fn spelling() -> impl Strategy<Value = String> {
    let name = select(vec![
        "Microsoft.KeyVault/vaults/certificates/read",
        "MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ",
        "CertificateGet",
        "certificategetdeleted",
        "SecretGet",
        "SECRETBACKUP",
        "Microsoft.KeyVault/vaults/secrets/read",
        "SecretList",
    ]);
    let junk = select(vec![
        " ", "\t", "\n", "\r\n", "\\", "\\\\", "\u{a0}", "\u{2028}", "\u{7f}", "\0", "\\n", "\\u0020", "\\u000a",
        "\\u0009", "\\u0001", "\\u0000", "\\ufffd", "é", "\u{fffd}", "\u{feff}", "{", ",", "\"", "/", "\\\"",
    ]);
    let control = (1u8..0x20).prop_map(|byte| char::from(byte).to_string());
    let junk = prop_oneof![2 => junk.prop_map(str::to_owned), 1 => control];
    let change = prop_oneof![
        3 => Just(None),
        2 => (any::<Index>(), junk).prop_map(|(at, junk)| Some((at, 0, junk))),
        1 => any::<Index>().prop_map(|at| Some((at, 1, String::new()))),
        3 => (any::<Index>(), select(vec!["\\u", "\\U", "\\\\u", "\\u005cu", "\\\\\\nu", "\\x", "\\\\u0078"])).prop_map(|(at, mark)| Some((at, 2, mark.to_owned()))),
        1 => (any::<Index>(), select(vec!["ı", "ſ", "ﬁ", "K", "ß", "ﬆ"])).prop_map(|(at, letter)| Some((at, 3, letter.to_owned()))),
    ];
    let cut = prop_oneof![2 => Just(usize::MAX), 1 => 3usize..40];
    (name, prop::collection::vec(change, 0..4), cut).prop_map(|(name, changes, cut)| {
        let mut name: Vec<String> = name.chars().take(cut).map(String::from).collect();
        for (at, kind, text) in changes.into_iter().flatten() {
            let at = at.index(name.len());
            match (kind, name[at].bytes().next().unwrap_or_default()) {
                (0, _) => name[at].insert_str(0, &text),
                (1, _) => name[at] = name[at].to_uppercase(),
                (2, byte) if text.ends_with('x') || text.ends_with('8') => name[at] = format!("{text}{byte:02x}"),
                (2, byte) => name[at] = format!("{text}{byte:04x}"),
                (_, b'i' | b'I') if text == "ı" => name[at] = text,
                (_, b's' | b'S') if text == "ſ" => name[at] = text,
                (_, b'f' | b'F') => name[at] = text,
                _ => {}
            }
        }
        name.concat()
    })
}

/// Events with a place for spellings: whole, and broken in ways that have to do with lists, keys and ends.
const FRAMES: &[&str] = &[
    r##"{"operationName":"@"}"##,
    r#"{"operationName":"@","resultType":"Success"}"#,
    r#"{"category":"AuditEvent","operationName":"@","properties":{"httpStatusCode":200,"id":"https://kv.vault.azure.net/secrets/s"},"resourceId":"/providers/MICROSOFT.KEYVAULT/VAULTS/KV"}"#,
    r#"{"records":[{"time":"t","operationName":"@"},{"a":{"b":1},"c":"d"}]}"#,
    "{ \"records\": [ { \"time\": \"t\" }, { \"operationName\": \"@\" } ] }",
    r#"{"Records":[{"operationName":"@"}]}"#,
    r#"{"records":["@",{"a":1}]}"#,
    r#"{"records":[{"a":1},"@"]}"#,
    r#"{"records":[{"a":1},"@"]}}]}"#,
    r#"{"records":[{"a":1},"@",{"b":"{[{"}]}}]}"#,
    r#"{"records":[{"a":1},[1],"@"]},{"b":[{"c":1}]}"#,
    r#"{"records":[{"a":["@",{"b":1},{"c":1}]}]}"#,
    r#"{"records":[{"a":1}],"x":[{"operationName":"@"}]}"#,
    r#"{"records":[{"a":[{"b":"@"},{"c":1}]},{"d":[]}]}"#,
    r#"{"records":"{\"operationName\":\"@\",\"resultType\":\"Success\"}"}"#,
    r#"{"value":["@"]}"#,
    r#"{"value" : ["@",{"time":"t"}]}"#,
    "{\"value\"\n:[\"@\"]}",
    "{\"value\"\t: [\"{@\"]}",
    "{\"value\"\t:[{\"a\":1},{\"b\":\"@\"}]}",
    r#"{"\u0076alue":["{@"]}"#,
    r#"{"rec\u006frds":[{"a":1},{"b":"@"}]}"#,
    r#"{"operation\u004eame":7,"b":"@"}"#,
    r#"{"records":[{"p":[1, {},{"h":"@"}]}]}"#,
    r#"{"properties":"{\"a\":\"@\"}","time":"t"}"#,
    r#"{"properties":{"records":[{"a":"@"}]}}"#,
    r#"{"items":[{"operationName":"@","resultType":"Success"}]}"#,
    r#"{"operationName":null,"x":"@"}"#,
    r#"{"operationName":{"value":"@"},"status":{"value":"Succeeded"}}"#,
    r#"{"operationName":["@"]}"#,
    r#"{"time":"t"}"@"{"time":"t"}"#,
    r#"{"time":"t"}",@"{"time":"t"}"#,
    r#"{"time":"t"}",x"["@",{"b":"@"}],{"time":"t"}"#,
    "{\"time\":\"@\"}\n{\"time\":\"@\"}",
    r#"{"a":1}{"operationName":"@"}"#,
    r#"{"a":"b" @ }"#,
    "{\"a\": @\n\"b\":1}",
    "{\"a\":\"@\n{\"time\":\"t\",\"category\":\"x\"}",
    r#"{"a":"@{"time":"t","category":"x"}}"#,
    r#"{"a":"@"#,
    "{\"a\":\"x\n@,\n\"b\":1}",
    r#"{"a":"}{","b":"},{\"","c":"@"}"#,
    r#"{"records":[{"a":"},{"},{"b":"@"}]}"#,
    r#"{"a":[]}-1"@"2}"#,
    r#"{"a":[]}-1["@"]}"#,
    r#"{"records":[{"a":1}],"@":1}],"b":{"c":1},{"d":1}]}"#,
    r#"{"records":[{"a":1}],"@":1}-1{"b":{"c":1},{"d":1}]}"#,
    r#"{"records":[{"a":1}],"b":1}-1"@"{"c":{"d":1},{"e":1}]}"#,
    r#"{"records":[{"a":1}],"b":"@"}"#,
    r#"["@"]"#,
    r#"[{"operationName":"@"}]"#,
    r#""{\"operationName\":\"@\"}""#,
];

/// A frame with such spellings in it.
pub(crate) fn event() -> impl Strategy<Value = String> {
    let frame = select(FRAMES);
    (frame, prop::collection::vec(spelling(), 1..3)).prop_map(|(frame, names)| {
        let mut names = names.iter().cycle();
        frame.split('@').fold(String::new(), |event, part| match event.is_empty() {
            true => part.to_owned(),
            false => event + names.next().map_or("", |name| name) + part,
        })
    })
}

static OF_RULES: LazyLock<[(Pipeline, Skip); 3]> = LazyLock::new(|| {
    ["CertificateAccessed", "AuditedCertificateRead", "CertificateAccessed,AuditedCertificateRead,CertificateDump"]
        .map(with_rules)
});

proptest! {
    // 20,000 hostile events in each run, with three sets of rules.
    #![proptest_config(Config { cases: 20_000, ..Config::default() })]

    #[test]
    fn nothing_that_matters_is_passed_over(event in event()) {
        for (pipeline, skip) in &*OF_RULES {
            assert_sound(pipeline, skip, event.as_bytes());
        }
    }

    #[test]
    fn nothing_that_matters_is_passed_over_in_a_mangled_event(event in cannot::event()) {
        let [(pipeline, skip), ..] = &*OF_RULES;
        assert_sound(pipeline, skip, &event);
    }

}

proptest! {
    #![proptest_config(Config { cases: 1_000, ..Config::default() })]

    #[test]
    fn a_body_is_answered_alike_whether_it_is_cut_apart_or_parsed(
        events in prop::collection::vec(prop_oneof![event().prop_map(String::into_bytes), cannot::event()], 0..5),
        is_binary in any::<bool>(),
    ) {
        let body = if is_binary { binary_batch(&events) } else { string_batch(&events) };

        assert_alike(&body, events.iter().all(|event| is_json(event)));
    }
}

/// The body of an invocation with the events as text, as `dataType` string has it.
pub(crate) fn string_batch(events: &[impl AsRef<[u8]>]) -> Vec<u8> {
    let texts: Vec<_> = events.iter().map(|event| String::from_utf8_lossy(event.as_ref())).collect();
    let metadata = json!({"SequenceNumberArray": json!((0..events.len()).collect::<Vec<_>>()).to_string()});
    json!({"Data": {"events": json!(texts).to_string()}, "Metadata": metadata}).to_string().into_bytes()
}

/// Holds the answer to a body to that for the same body with a blank in it, which is not of the host's form and goes the
/// long way.
fn assert_alike(body: &[u8], counts_records: bool) {
    let spaced = [b"{ ", &body[1..]].concat();
    let answer = |body: &[u8]| {
        let answer = answer(body);
        let mut summary = summary(&answer);
        if !counts_records {
            // The one difference: harmless malformed events, and what they hold, need not be counted.
            summary["undecodable"] = Value::Null;
        }
        (answer["Outputs"].clone(), summary)
    };
    let (short, long) = (answer(body), answer(&spaced));
    assert_eq!(short.0, long.0, "the outputs");
    let counted = |summary: &Value, name: &str| summary[name].clone();
    let records = counts_records.then_some("records");
    for name in ["events", "matches", "alerts", "rejected", "lagSeconds", "undecodable"].into_iter().chain(records) {
        assert_eq!(counted(&short.1, name), counted(&long.1, name), "{name}");
    }
}

#[test]
fn usual_records_are_passed_over_in_either_form() {
    let (_, skip) = with_rules("CertificateAccessed");
    let audit = r#"{"time":"2026-03-02T08:00:00.6374772Z","category":"AuditEvent","operationName":"SecretGet","resultType":"Success","callerIpAddress":"192.0.2.7","identity":{"claim":{"oid":"00000000-0000-0000-0000-00000000000a","xms_az_nwperimid":[],"upn":"zoë@example.com"}},"properties":{"id":"https://kv-web.vault.azure.net/secrets/db/1","httpStatusCode":200,"clientInfo":"azsdk (.NET 8.0)","message":"it's \"fine\"\r\n\u00e9"},"resourceId":"/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV-WEB"}"#;
    let envelope = format!(r#"{{"records":[{audit},{WRITE},{audit}]}}"#);
    let spaced = format!("{{ \"records\": [ {audit}, {WRITE} ] }}\n");
    for (event, records) in [(audit, 1), (WRITE, 1), (&envelope, 3), (&spaced, 2)] {
        assert_eq!(skip.records(event.as_bytes(), Escaping::None), Some(records), "{event}");
    }
    for event in [audit, WRITE] {
        assert_eq!(skip.records(escaped_twice(event).as_bytes(), Escaping::Twice), Some(1), "{event}");
    }
}

#[test]
fn records_of_other_operations_are_passed_over_with_every_rule_on() {
    let (_, skip) = with_rules("CertificateAccessed,AuditedCertificateRead,CertificateDump");
    let list = r#"{"category":"AuditEvent","operationName":"SecretList","properties":{"id":"https://kv.vault.azure.net/secrets"},"resourceId":"/SUBSCRIPTIONS/S/PROVIDERS/MICROSOFT.KEYVAULT/VAULTS/KV"}"#;
    let envelope = format!(r#"{{"records":[{list},{WRITE}]}}"#);

    assert_eq!(skip.records(list.as_bytes(), Escaping::None), Some(1));
    assert_eq!(skip.records(envelope.as_bytes(), Escaping::None), Some(2));
    assert_eq!(skip.records(escaped_twice(list).as_bytes(), Escaping::Twice), Some(1));
}

#[test]
fn a_hostile_megabyte_takes_less_than_a_moment() {
    let (_, skip) = with_rules("CertificateAccessed,AuditedCertificateRead,CertificateDump");
    let megabyte = 1 << 20;
    for filler in [
        "\\",
        "\\/",
        " ",
        ".k",
        "Microsoft.KeyVault",
        "Microsoft.KeyVault\\/",
        ", ",
        "},{",
        "[",
        "\"",
        "\\\"",
        "\\u0041",
        "secr",
        "\n",
    ] {
        // Behind the beginning of a name every filler is looked at closely, behind another text it may be passed over.
        for before in ["Microsoft.KeyVault", "text"] {
            let event = format!("{{\"a\":\"{before}{}/vaults\"}}", filler.repeat(megabyte / filler.len()));
            let started = std::time::Instant::now();

            let _passed_over = skip.records(event.as_bytes(), Escaping::None);
            let _passed_over = skip.records(escaped_twice(&event).as_bytes(), Escaping::Twice);
            let _answered = answer(&string_batch(&[&event]));

            // A build without optimization on a busy machine; what grows with the square would take minutes.
            assert!(started.elapsed().as_secs() < 20, "{before}{filler:?} took {:?}", started.elapsed());
        }
    }
}

#[test]
fn what_may_matter_is_not_passed_over() {
    let (_, skip) = with_rules("CertificateAccessed,AuditedCertificateRead,CertificateDump");
    let hidden = [
        READ,
        REFUSED,
        r#"{"operationName":"SecretGet"}"#,
        r#"{"operationName":"mıcroſoft.keyvault/vaultſ/certiﬁcateſ/read"}"#,
        r#"{"operationName":"Microsoft\u002eKeyVault/vaults/certificates/read"}"#,
        r#"{"operationName":"Microsoft.KeyVault\/vaults\/certificates\/read"}"#,
        r#"{"operationName":"Microsoft.Key\u0056ault/vaults/certificates/read"}"#,
        r#"{"a":"\\u005cu0043ertificates"}"#,
        r#"{"a":1}",Microsoft.KeyVault/v"{"b":1}"#,
        r#"{"a":1}",Microsof\u000at.KeyVault/vaults/cer"{"b":1}"#,
        "{\"a\":'Microsoft.KeyVault/vaults/certi\nficates/read'}",
        "{\"a\":\"Microsoft.Key\n}",
        r#"{"a":"M\\u007869crosoft.KeyVault/vaults/certificates/read"}"#,
        "{\"value\"\n:[\"{Microsoft.KeyVa\"]}",
        r#"{"\u0076alue":["{SecretG"]}"#,
        r#"{"operationName":7}"#,
        r#"{"operationName":null}"#,
        r#"{"a":[]}-1"text of Secr"2}"#,
        r#"{"a":[]}-1["Microsoft."]}"#,
        r#"{"a":[]}-1["Microsoft. \\",{}]}"#,
        r#"{"a":[]}-1"Se\u0009cretGet"2}"#,
        r#"{"a":[]}-1"Se\\\nu0063retGet"2}"#,
        r#"{"a":[]}-1"\ufffd"2}"#,
        r#"{"a":[]}-1"\u0000"2}"#,
        r#"{"records":[{"a":1}],"Se\u0009cretGet":1}],"b":{"c":1},{"d":1}]}"#,
        r#"{"records":[{"a":1}],"\ufffd":1}],"b":{"c":1},{"d":1}]}"#,
        r#"{"records":[{"a":1}],"Se\u0009cretGet":1}-1{"b":{"c":1},{"d":1}]}"#,
        r#"{"records":[{"a":1}],"b":1}-1"Se\u0009cretGet"{"c":{"d":1},{"e":1}]}"#,
        "{\"operationName\":\"Microsoft.KeyVault\u{f}/vaults/certificates/read\",\"resultType\":\"Success\"}",
        "{\"a\":\"\u{fffd}\"}",
        "{\"a\":\"\0\"}",
        "",
        "null",
        "[]",
    ];
    for event in hidden {
        assert_eq!(skip.records(event.as_bytes(), Escaping::None), None, "{event}");
        assert_eq!(skip.records(escaped_twice(event).as_bytes(), Escaping::Twice), None, "{event}");
    }
    assert_eq!(skip.records(b"{\"a\":\"\xff\"}", Escaping::None), None);
}

#[test]
fn the_fixtures_of_the_host_are_answered_alike() {
    let events = [READ, REFUSED, WRITE, "{'a':1}", "", "null", r#"{"records":[]}"#];
    for body in [binary_batch(&events), string_batch(&events), string_batch(&[""; 0]), binary_batch(&[""; 1])] {
        assert_alike(&body, true);
    }
}

#[test]
fn a_body_that_only_looks_like_the_hosts_is_parsed() {
    let usual = String::from_utf8(string_batch(&[READ, WRITE])).unwrap();
    let wire = r#"\",\"{"#;
    let odd = [
        usual.replace(wire, r#"\" , \"{"#),
        usual.replace(wire, r#"\",null,\"{"#),
        usual.replace(wire, r#"\",1,\"{"#),
        usual.replace(r"\\\", r"\\\u005c\"),
        usual.replace("\"Metadata\":{", "\"Metadata\" :{"),
        usual.replacen("\"Metadata\":{", "\"x\":1,\"Metadata\":{", 1),
    ];
    for body in odd {
        assert_alike(body.as_bytes(), true);
    }
    let twice = usual.replacen("\"Metadata\"", &format!("\"Data\":{{\"events\":{}}},\"Metadata\"", json!("[]")), 1);
    assert_eq!(alerts(&answer(twice.as_bytes())).len(), 0, "the last of two keys counts");
}

#[test]
fn odd_metadata_costs_no_alert() {
    let body = String::from_utf8(binary_batch(&[READ])).unwrap();
    let start = body.find("\"Metadata\":").unwrap();
    for metadata in
        ["{}", "{\"SequenceNumberArray\":7}", "{\"EnqueuedTimeUtcArray\":\"[\\\"yesterday\\\"]\"}", "{\"a\" 1}"]
    {
        let answer = answer(format!("{}\"Metadata\":{metadata}}}", &body[..start]).as_bytes());

        assert_eq!(alerts(&answer).len(), 1, "{metadata}");
        assert_eq!(rejected(&answer).len(), 0, "{metadata}");
    }
    let cut = &body[..body.len() - 3];
    assert!(detector(&[]).answer(cut.as_bytes(), "2026-03-02T08:15:31Z".parse().unwrap(), &Duration::default).is_err());
}
