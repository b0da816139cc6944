//! What a rule says of a record in the hub's form is what RSigma's own event says of it.

use certificate_accessed::decode::{Record, RecordKind};
use proptest::prelude::*;
use proptest::test_runner::Config;
use rsigma_eval::Engine;
use rsigma_eval::event::JsonEvent;
use serde_json::{Value, json};

use super::rules;

/// Selections of every kind of path and value.
const SELECTIONS: &[&str] = &[
    "a: x",
    "a: 'X*'",
    "a|contains: y",
    "a: null",
    "a: 5",
    "a|exists: false",
    "b.c: x",
    "b.c|startswith: x",
    "b.c|cased: x",
    "b.c: 1.5",
    "b.c: true",
    "b.c|gte: 5",
    "b.c.d: x",
    "b.c.d.e: x",
    "list.c: x",
    "list: x",
    "b: null",
    "'b.c': -1",
];

fn leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-3..8_i64).prop_map(Value::from),
        Just(json!(1.5)),
        Just(json!(18_446_744_073_709_551_615_u64)),
        prop::sample::select(vec!["x", "X", "xy", "", "5", "null", "x\\u0000", "\"", "é"]).prop_map(Value::from),
    ]
}

fn tree() -> impl Strategy<Value = Value> {
    leaf().prop_recursive(4, 24, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(prop::sample::select(vec!["c", "d", "e"]), inner, 0..3)
                .prop_map(|map| json!(map)),
        ]
    })
}

fn record() -> impl Strategy<Value = Value> {
    prop::collection::btree_map(prop::sample::select(vec!["a", "b", "list", "b.c"]), tree(), 0..5).prop_map(|fields| {
        let mut record = json!(fields);
        record["category"] = json!("Administrative");
        record
    })
}

proptest! {
    #![proptest_config(Config { cases: 2_000, ..Config::default() })]

    #[test]
    fn a_field_is_looked_up_in_the_text_as_in_the_values(record in record(), selection in prop::sample::select(SELECTIONS)) {
        let rule = format!(
            "title: A Rule\nlogsource: {{product: azure, service: activitylogs}}\ndetection:\n    selection:\n        {selection}\n    condition: selection\n"
        );
        let ours = rules(&[&rule]);
        prop_assert_eq!(ours.faults(), []);
        let mut engine = Engine::new();
        engine.add_collection(&rsigma_parser::parse_sigma_yaml(&rule).unwrap()).unwrap();

        let text = record.to_string();
        let read = Record::parse(&text).unwrap();
        let kind = RecordKind::of(&read);
        let is_match = !ours.verdict(&read, kind).found.matching.is_empty();

        prop_assert_eq!(is_match, !engine.evaluate(&JsonEvent::borrow(&record)).is_empty(), "{}: {}", selection, text);
    }
}
