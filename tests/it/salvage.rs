//! Broken logs give up every good record in them, and nothing that is none.

use std::time::{Duration, Instant};

use certificate_accessed::decode::{OperationNames, Reason};

use crate::decode::pieces;
use crate::given::{READ, WRITE, alerts, answer, binary_batch, read_of, rejected, summary};

const GOOD: &str = r#"{"time":"2026-03-02T08:00:00Z","resourceId":"/A/B","operationName":"GOOD","category":"Administrative","properties":{"list":[{"operationName":"NESTED","resultType":"Success"}]}}"#;

/// Records that are broken as real producers broke theirs; no object inside of one may pass for a record.
const BROKEN: &[(&str, &str)] = &[
    (
        "single quotes",
        r#"{"time":"t","resourceId":"/A/X","operationName":"BROKEN","properties":{'message':'it's {0} and "so" on','nested':{'operationName':'NESTED'},'levelId':2}}"#,
    ),
    (
        "a nested object beside single quotes",
        r#"{"time":"t","properties":{'a':'b'},"more":{"time":"t","resourceId":"r","operationName":"NESTED","resultType":"Success"},"list":[{"time":"t","operationName":"NESTED","resultType":"Success"},{"time":"t","operationName":"NESTED","category":"c"}]}"#,
    ),
    (
        "a raw line break",
        "{\"time\":\"t\",\"resourceId\":\"/A/X\",\"message\":\"one\ntwo\r\n  {three}\",\"properties\":{\"operationName\":\"NESTED\",\"resultType\":\"Success\"}}",
    ),
    (
        "a placeholder",
        r#"{"time":"t","properties":[ 218 B blob data ],"x":{"operationName":"NESTED","time":"t","resultType":"Success"}}"#,
    ),
    (
        "inner quotes",
        r#"{"time":"t","properties":{"requestbody":"{"Id":"x","operationName":"NESTED","time":"t"}","y":{"operationName":"NESTED","resultType":"Success"}},"level":"Error"}"#,
    ),
    ("a quoted word", r#"{"time":"t","properties":{"message":"he said "no" twice"},"level":"Error"}"#),
    ("no value", r#"{"time":"t","level":,"properties":{"operationName":"NESTED","resultType":"Success"}}"#),
    ("a comma too much", r#"{"time":"t","properties":{"operationName":"NESTED","resultType":"Success"},}"#),
    ("a word", r#"{"time":"t","x":undefined,"properties":{"operationName":"NESTED","resultType":"Success"}}"#),
    ("no quotes at a key", r#"{time:"t",properties:{"operationName":"NESTED","resultType":"Success"}}"#),
    ("a bad escape", r#"{"time":"\x","path":"C:\dir","properties":{"operationName":"NESTED","resultType":"Success"}}"#),
    (
        "a control character",
        "{\"time\":\"\u{1}\",\"properties\":{\"operationName\":\"NESTED\",\"resultType\":\"Success\"}}",
    ),
    ("a leading zero", r#"{"time":"t","n":007,"properties":{"operationName":"NESTED","resultType":"Success"}}"#),
];

/// Records without an end.
const CUT: &[&str] = &[
    r#"{"time":"t","operationName":"CUT","properties":{"a":"b"#,
    r#"{"time":"t","operationName":"CUT","properties":{"a":"b\"#,
    r#"{"time":"t","properties":{"operationName":"NESTED","resultType":"Success"}"#,
    r#"{"time":"t","properties":{"list":[{"time":"t","operationName":"NESTED","resultType":"Success"},{"time":"t","oper"#,
    r#"{"time":"t","n":12"#,
    r#"{"time":"t","operationName""#,
    r#"{"time":"t","operationName":"#,
    r#"{"time":"t","#,
    r#"{"#,
];

/// Checks that exactly the good records come out, and that something is said of the rest.
fn assert_good(event: &str, good: usize) {
    let (records, reasons) = pieces(event.as_bytes());

    assert_eq!(records, vec![GOOD; good], "{event}");
    assert!(reasons.iter().all(|reason| *reason == Reason::Malformed) && !reasons.is_empty(), "{reasons:?} {event}");
}

#[test]
fn a_broken_record_costs_no_neighbour_in_its_envelope() {
    for (_, broken) in BROKEN {
        assert_good(&format!(r#"{{"records":[{broken},{GOOD},{GOOD}]}}"#), 2);
        assert_good(&format!(r#"{{"records": [ {GOOD} , {broken} , {GOOD} ] }}"#), 2);
        assert_good(&format!(r#"{{"records":[{GOOD},{GOOD},{broken}]}}"#), 2);
        assert_good(&format!(r#"{{"records":[{GOOD},{broken},{broken},{GOOD}]}}"#), 2);
        assert_good(&format!(r#"[{GOOD},{broken},{GOOD}]"#), 2);
        assert_good(&format!(r#"{{"v":1,"records":[{GOOD},{broken},{GOOD}],"x":{{}}}}"#), 2);
        assert_good(&format!(r#"[{{"records":[{broken}]}},{{"records":[{GOOD}]}}]"#), 1);
    }
}

#[test]
fn a_broken_record_costs_no_neighbour_on_another_line() {
    for (_, broken) in BROKEN {
        assert_good(&format!("{broken}\n{GOOD}\n{GOOD}\n"), 2);
        assert_good(&format!("{GOOD}\r\n{broken}\r\n{GOOD}"), 2);
        assert_good(&format!("{GOOD}\n{broken}"), 1);
        assert_good(&format!("{{\"records\":[{broken}]}}\n{{\"records\":[{GOOD}]}}"), 1);
    }
}

#[test]
fn a_broken_envelope_costs_nothing_of_one_that_is_joined_by_nothing() {
    for (_, broken) in BROKEN {
        assert_good(&format!(r#"{{"records":[{broken}]}}{{"records":[{GOOD}]}}"#), 1);
        assert_good(&format!(r#"{{"records":[{GOOD}]}}{{"records":[{broken},{GOOD}]}}{{"records":[{GOOD}]}}"#), 3);
        assert_good(&format!("{broken}{GOOD}"), 1);
    }
}

#[test]
fn a_tail_that_is_cut_off_costs_nothing_before_and_behind_it() {
    for cut in CUT {
        assert_good(&format!(r#"{{"records":[{GOOD},{GOOD},{cut}"#), 2);
        assert_good(&format!("{GOOD}\n{cut}"), 1);
        assert_good(&format!("{GOOD}\n{cut}\n{GOOD}\n{GOOD}\n"), 3);
        assert_good(&format!("{{\"records\":[{GOOD},{cut}\n{{\"records\":[{GOOD}]}}"), 2);
        assert_good(&format!(r#"{{"records":[{GOOD},{cut}{{"records":[{GOOD},{GOOD}]}}"#), 3);
    }
}

#[test]
fn an_envelope_cut_anywhere_gives_its_whole_records_and_those_of_the_next_one() {
    let envelope = format!(r#"{{"records":[{GOOD},{GOOD},{GOOD}]}}"#);
    for cut in 1..envelope.len() {
        let whole = envelope[..cut].matches(GOOD).count();

        let (records, _) = pieces(format!("{}{envelope}", &envelope[..cut]).as_bytes());
        let (lines, _) = pieces(format!("{}\n{envelope}", &envelope[..cut]).as_bytes());

        assert_eq!(records, vec![GOOD; whole + 3], "cut at {cut}");
        assert_eq!(lines, vec![GOOD; whole + 3], "cut at {cut}");
    }
}

#[test]
fn fragments_between_records_are_passed_over() {
    let fragments = [
        r#"}{"correlationId":"00000000-0000-0000-0000-000000000001","pageNumber":0,"isEnd":true}}]}"#,
        r#"}}]}"#,
        "<134>1 host app: ",
        "218 B blob data",
        r#"","x":1},"#,
        "'",
    ];
    for fragment in fragments {
        let (records, _) = pieces(format!("{GOOD}{fragment}{GOOD}").as_bytes());

        let good = records.iter().filter(|record| *record == GOOD).count();
        assert_eq!(good, 2, "{fragment}: {records:?}");
    }
}

#[test]
fn a_pretty_printed_envelope_gives_its_records_around_a_broken_one() {
    let event = "{\"records\": [\n\t{ \"time\": \"1\",\n\t\"category\": \"A\",\n\t\"properties\": {\n\t'levelId':2\n\t}\n\t},\n\t{ \"time\": \"2\",\n\t\"properties\": {\n\t\t\"list\": [\n\t\t\t{ \"time\": \"3\" }\n\t\t]\n\t}\n\t}\n]}\n";

    let (records, reasons) = pieces(event.as_bytes());

    assert_eq!(records.len(), 1);
    assert!(records[0].starts_with("{ \"time\": \"2\""));
    assert_eq!(reasons, [Reason::Malformed]);
}

#[test]
fn text_of_brackets_only_is_malformed() {
    for event in ["[", "}", "{", "]]", "[[,", "{\"records\":[", "\u{1e}["] {
        assert_eq!(pieces(event.as_bytes()), (vec![], vec![Reason::Malformed]), "{event}");
    }
}

#[test]
fn a_hostile_megabyte_takes_less_than_a_moment() {
    // A debug build is slow by itself; .ci/run has this in release, too.
    let (size, limit) = if cfg!(debug_assertions) { (1 << 17, 2) } else { (1 << 20, 1) };
    let repeated = |unit: &str| unit.repeat(size / unit.len());
    let texts = [
        "{",
        "[",
        "\"",
        "'",
        "\\",
        "}",
        "{\"",
        "{\"a\":",
        "{\"a\":[{},",
        "{'",
        "{\"a\":'",
        "{\n",
        "\n{\"",
        " {",
        "{ ",
        "x{\"a\":[",
        "[{\"a\":1,",
        "{\"time\":[",
        "}{\"time\":{",
        "{\"records\":[",
        "{\"records\":[{},",
        "\\u005c",
        "{\"x\":\"\n",
        "{\"a\" ' ",
        "\u{fffd}{",
        "' ,{\"records\":",
        "{\"time\":\"\",\"category\":[}",
    ]
    .map(repeated);
    let limit = Duration::from_secs(limit);
    for text in texts {
        for event in [text.clone(), format!("{text}\n{GOOD}"), serde_json::to_string(&text).unwrap()] {
            let started = Instant::now();

            pieces(event.as_bytes());
            std::hint::black_box(
                OperationNames::new(["MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ"]).may_occur_in(&event),
            );

            assert!(started.elapsed() < limit, "{:?} for {}", started.elapsed(), &text[..20]);
        }
    }
}

#[test]
fn a_good_line_behind_a_hostile_text_is_found() {
    let hostile = "x{\"a\":[".repeat(20_000);

    assert_eq!(pieces(format!("{hostile}\n{GOOD}\n").as_bytes()).0, [GOOD]);
}

#[test]
fn what_stands_before_the_list_of_a_broken_envelope_is_not_dropped() {
    for head in [
        r#"{'Microsoft.KeyVault/vaults/certificates/read':1,"records":["#,
        r#"{ Microsoft.KeyVault/vaults/certificates/read,"records":"#,
        r#"{ Microsoft.KeyVault/vaults/certificates/read, 'records':["#,
    ] {
        let answer = answer(&binary_batch(&[format!("{head}{WRITE},x")]));

        assert_eq!(rejected(&answer)[0]["reason"], "malformed", "{head}");
    }
}

#[test]
fn a_salvaged_match_is_alerted_and_the_broken_one_is_rejected() {
    let broken = read_of("kv-b", "192.0.2.8").replace("\"resultType\"", "'resultType'");
    let event = format!(r#"{{"records":[{WRITE},{broken},{READ}]}}"#);

    let answer = answer(&binary_batch(&[event]));

    let alerts = alerts(&answer);
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0]["alertContext"]["keyvault_name"], "kv-web");
    assert_eq!(alerts[0]["records"][0]["source"]["salvaged"], true);
    assert_eq!(rejected(&answer)[0]["reason"], "malformed");
    assert_eq!(summary(&answer)["undecodable"]["malformed"], 1);
}
