//! Events that hide names of operations, and bodies that only look like the host's: cut apart in place or parsed whole, a
//! body has the same answer, and nothing in it is lost.

use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::Config;
use serde_json::json;

use crate::cannot;
use crate::given::{
    READ, REFUSED, WRITE, alerts, answer, answer_of, binary_batch, detector, rejected, string_batch, summary,
};

/// All three rules.
const ALL_RULES: (&str, &str) = ("RULES", "CertificateAccessed,AuditedCertificateRead,CertificateDump");

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
fn event() -> impl Strategy<Value = String> {
    let frame = select(FRAMES);
    (frame, prop::collection::vec(spelling(), 1..3)).prop_map(|(frame, names)| {
        let mut names = names.iter().cycle();
        frame.split('@').fold(String::new(), |event, part| match event.is_empty() {
            true => part.to_owned(),
            false => event + names.next().map_or("", |name| name) + part,
        })
    })
}

proptest! {
    // 20,000 hostile events in each run.
    #![proptest_config(Config { cases: 20_000, ..Config::default() })]

    #[test]
    fn nothing_that_can_be_found_in_a_hostile_event_is_lost(event in event()) {
        cannot::assert_nothing_is_lost(event.as_bytes())?;
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

        assert_alike(&body);
    }
}

/// Holds the answer to a body to that for the same body with a blank in it, which is not of the host's form and is parsed
/// whole.
fn assert_alike(body: &[u8]) {
    let spaced = [b"{ ", &body[1..]].concat();
    let answer = |body: &[u8]| {
        let answer = answer_of(&detector(&[ALL_RULES]), body);
        let mut summary = summary(&answer);
        summary["durationMs"] = json!(0);
        (answer["Outputs"].clone(), summary)
    };
    assert_eq!(answer(body), answer(&spaced));
}

#[test]
fn the_fixtures_of_the_host_are_answered_alike() {
    let events = [READ, REFUSED, WRITE, "{'a':1}", "", "null", r#"{"records":[]}"#];
    for body in [binary_batch(&events), string_batch(&events), string_batch(&[""; 0]), binary_batch(&[""; 1])] {
        assert_alike(&body);
    }
}

#[test]
fn a_body_that_only_looks_like_the_hosts_is_parsed() {
    let usual = String::from_utf8(string_batch(&[READ, WRITE])).unwrap();
    let wire = r#"\",\"{"#;
    let odd = [
        usual.replace(wire, r#"\" , \"{"#),
        usual.replacen(r#""["#, r#"" ["#, 1),
        usual.replace(wire, r#"\",null,\"{"#),
        usual.replace(wire, r#"\",1,\"{"#),
        usual.replace(r"\\\", r"\\\u005c\"),
        usual.replace("\"Metadata\":{", "\"Metadata\" :{"),
        usual.replacen("\"Metadata\":{", "\"x\":1,\"Metadata\":{", 1),
    ];
    for body in odd {
        assert_alike(body.as_bytes());
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
