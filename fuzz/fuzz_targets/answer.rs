//! Any body: an answer with outputs that the host accepts, or an error.

#![no_main]

mod given;

use std::sync::LazyLock;
use std::time::Duration;

use certificate_accessed::detector::Detector;
use certificate_accessed::expected::ExpectedAccess;
use certificate_accessed::render::MAX_MESSAGE_BYTES;

static DETECTOR: LazyLock<Detector> =
    LazyLock::new(|| Detector::new(given::pipeline(), Some(0), ExpectedAccess::default()));

libfuzzer_sys::fuzz_target!(|body: &[u8]| {
    let now = jiff::Timestamp::UNIX_EPOCH;
    let Ok(answer) = DETECTOR.answer(body, now, &|| Duration::ZERO) else { return };
    let json: serde_json::Value = serde_json::from_slice(&answer.to_json()).expect("an answer is JSON");
    assert!(json["Outputs"].is_object() && json["Logs"][0].is_string());
    assert!(answer.outputs.alerts.iter().all(|message| message.len() <= MAX_MESSAGE_BYTES));
    assert!(answer.logs.iter().all(|line| !line.contains(char::is_control)));
});
