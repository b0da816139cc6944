//! Any event: what is passed over without decoding holds no match and nothing to reject, in either form.

#![no_main]

mod given;

use std::sync::LazyLock;

use certificate_accessed::alert::Place;
use certificate_accessed::decode::{Escaping, Skip};
use certificate_accessed::pipeline::{Evaluation, Pipeline};

static PIPELINE: LazyLock<Pipeline> = LazyLock::new(given::pipeline);
static SKIP: LazyLock<Skip> = LazyLock::new(|| Skip::new(PIPELINE.operations()).expect("names that can be found"));

libfuzzer_sys::fuzz_target!(|event: &[u8]| {
    let text = String::from_utf8_lossy(event);
    assert_sound(event, SKIP.records(event, Escaping::None));
    let escaped = quoted(&quoted(&text));
    assert_sound(text.as_bytes(), SKIP.records(escaped.as_bytes(), Escaping::Twice));
});

fn assert_sound(event: &[u8], passed_over: Option<u64>) {
    let Some(records) = passed_over else { return };
    let mut evaluation = Evaluation::default();
    PIPELINE.evaluate(event, &Place::default, &mut evaluation);
    assert!(evaluation.matches.is_empty() && evaluation.rejected.is_empty());
    let values = serde_json::Deserializer::from_slice(event).into_iter::<serde_json::Value>();
    let is_json = values.into_iter().all(|value| value.is_ok_and(|value| value.is_object()));
    let counts_all = evaluation.counts.records == records && evaluation.counts.undecodable.is_empty();
    assert!(!is_json || counts_all, "of JSON objects, everything is counted");
}

fn quoted(text: &str) -> String {
    let quoted = serde_json::Value::from(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}
