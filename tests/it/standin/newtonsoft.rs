use support::functions_host::iso_date::IsoDate;
use support::functions_host::json::Json;
use support::functions_host::newtonsoft::{compact, indented, invariant_number, number, quoted};

#[test]
fn line_separators_and_controls_are_escaped_and_the_rest_stays_raw() {
    assert_eq!(
        quoted("é<&>'\u{7f}\u{85}\u{2028}\u{2029}\u{1}\u{1b}\"\\\n\u{8}"),
        "\"é<&>'\u{7f}\\u0085\\u2028\\u2029\\u0001\\u001b\\\"\\\\\\n\\b\""
    );
}

#[test]
fn dates_lose_trailing_zeros_and_offsets_become_utc() {
    let rewritten = |text: &str| IsoDate::parse(text).map(IsoDate::rewritten);
    let expected = [
        ("2026-05-04T10:20:30.1200000Z", Some("2026-05-04T10:20:30.12Z")),
        ("2026-05-04T10:20:30.0000000Z", Some("2026-05-04T10:20:30Z")),
        ("2026-05-04T10:20:30.5+02:00", Some("2026-05-04T08:20:30.5+00:00")),
        ("2026-05-04T23:20:30-0130", Some("2026-05-05T00:50:30+00:00")),
        ("2026-05-04T10:20:30", Some("2026-05-04T10:20:30")),
        ("2026-05-04T10:20:30.12345678Z", None),
        ("2026-05-04", None),
        ("2026-13-04T10:20:30Z", None),
        ("2026-05-04T10:20:30Zulu", None),
        ("at 2026-05-04T10:20:30Z", None),
        ("T", None),
        ("", None),
    ];
    for (text, date) in expected {
        assert_eq!(rewritten(text).as_deref(), date, "{text}");
    }
}

#[test]
fn a_date_as_text_has_whole_seconds_and_no_zone() {
    let date = IsoDate::parse("2026-05-04T10:20:30.9+02:00").unwrap();
    assert_eq!(date.invariant(), "05/04/2026 08:20:30");
}

#[test]
fn floats_are_shortest_and_whole_numbers_keep_their_digits() {
    for (given, inside, alone) in [
        ("1.0", "1.0", "1"),
        ("1.50", "1.5", "1.5"),
        ("1e3", "1000.0", "1000"),
        ("1e15", "1E+15", "1E+15"),
        ("0.000001", "1E-06", "1E-06"),
        ("123456789012345678901234567890", "123456789012345678901234567890", "123456789012345678901234567890"),
    ] {
        assert_eq!(number(given), inside);
        assert_eq!(invariant_number(given), alone);
    }
}

#[test]
fn tokens_keep_their_order_and_can_be_indented() {
    let token = Json::parse(r#"{"b":[1,{}],"a":"2026-05-04T10:20:30.10Z","e":[],"b":[2]}"#).unwrap();
    assert_eq!(compact(&token), r#"{"b":[2],"a":"2026-05-04T10:20:30.1Z","e":[]}"#);
    assert_eq!(indented(&token), "{\n  \"b\": [\n    2\n  ],\n  \"a\": \"2026-05-04T10:20:30.1Z\",\n  \"e\": []\n}");
}

#[test]
fn nesting_ends_at_64() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(Json::parse(&nested(64)).is_ok());
    assert!(Json::parse(&nested(65)).is_err());
}
