//! JSON text as Python and Panther would hold it, and what UTF-8 cannot hold.

use certificate_accessed::json::{Value, mend_lone_surrogates, python_dumps_len};
use proptest::prelude::*;
use serde_json::json;

#[test]
fn a_value_is_printed_as_python_would_hold_it() {
    let cases = [
        (r#" [ "a" , 1.0 ] "#, r#"["a",1.0]"#),
        (r#"{"a":1,"b":2,"a":[3]}"#, r#"{"a":[3],"b":2}"#),
        (r#"{"":{"\u00e9":null},"b":[]}"#, r#"{"":{"é":null},"b":[]}"#),
        ("12e3", "12e3"),
    ];
    for (given, printed) in cases {
        assert_eq!(Value::parse(given).unwrap().compact(), printed);
    }
}

#[test]
fn lengths_are_those_of_python() {
    let cases = [
        (r#"{"a":1,"b":[1,2]}"#, r#"{"a": 1, "b": [1, 2]}"#),
        (r#"{"a":1,"a":22}"#, r#"{"a": 22}"#),
        (r#"["é","😀","\u007f","\n","/"]"#, r#"["\u00e9", "\ud83d\ude00", "\u007f", "\n", "/"]"#),
        ("[1.0,1e5,1e16,1e-5,0.0001,-0,-0.0,1.50]", "[1.0, 100000.0, 1e+16, 1e-05, 0.0001, 0, -0.0, 1.5]"),
        ("[]", "[]"),
        (r#"{"a":{},"b":[[]],"c":null}"#, r#"{"a": {}, "b": [[]], "c": null}"#),
        (r#""plain""#, r#""plain""#),
    ];
    for (given, printed) in cases {
        assert_eq!(python_dumps_len(Value::parse(given).unwrap()), Some(printed.len()), "{given}");
    }
}

#[test]
fn a_number_that_python_reads_as_infinity_is_a_fault() {
    assert_eq!(python_dumps_len(Value::parse("[1e400]").unwrap()), None);
}

#[test]
fn only_surrogates_without_a_partner_are_replaced() {
    let cases = [
        (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
        (r#""\ud800""#, r#""\ufffd""#),
        (r#""\ude00\ud83d""#, r#""\ufffd\ufffd""#),
        (r#""\\ud800""#, r#""\\ud800""#),
        (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
        (r#""\u00e9""#, r#""\u00e9""#),
        (r#""\ud8"#, r#""\ud8"#),
    ];
    for (given, expected) in cases {
        assert_eq!(mend_lone_surrogates(given), expected, "{given}");
    }
}

/// Any value of JSON.
fn any_value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        any::<Option<i64>>().prop_map(|number| json!(number)),
        any::<String>().prop_map(|text| json!(text))
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|values| json!(values)),
            prop::collection::hash_map("[ a\"\\\\,]{0,4}", inner, 0..4).prop_map(|members| json!(members)),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_loses_the_white_space_between_its_tokens_and_nothing_else(value in any_value()) {
        let compact = value.to_string();
        let pretty = serde_json::to_string_pretty(&value).unwrap();

        for given in [&compact, &pretty] {
            prop_assert_eq!(Value::parse(given).unwrap().squeezed(), compact.as_str());
        }
    }
}
