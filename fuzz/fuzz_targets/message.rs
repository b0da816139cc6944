//! Any record that matches, made long by repeating parts of it: its message fits, is valid JSON, and keeps its ids.

#![no_main]

mod given;

use std::sync::LazyLock;

use certificate_accessed::alert::{Alert, Due, Evidence};
use certificate_accessed::json::Value;
use certificate_accessed::pipeline::{Evaluation, Pipeline};
use certificate_accessed::render::{MAX_MESSAGE_BYTES, queue_message};
use certificate_accessed::source::Place;

static PIPELINE: LazyLock<Pipeline> = LazyLock::new(given::pipeline);

libfuzzer_sys::fuzz_target!(|input: (u16, &str)| {
    let (times, text) = input;
    let members = text.repeat(1 + usize::from(times) % 2000);
    let event = format!(
        "{{\"operationName\":\"Microsoft.KeyVault/vaults/certificates/read\",\"resultType\":\"Success\",{members}\"end\":1}}"
    );
    let mut evaluation = Evaluation::default();
    PIPELINE.evaluate(event.as_bytes(), &Place::default, &mut evaluation);
    for found in evaluation.matches {
        let severity = found.rule.metadata.severity;
        let mut evidence = Evidence::new(found);
        evidence.describe(&Due::default());
        let alert = Alert::new(0, jiff::Timestamp::UNIX_EPOCH, None, severity, &evidence);
        let message = queue_message(&alert);
        assert!(message.len() <= MAX_MESSAGE_BYTES, "{} bytes", message.len());
        Value::parse(&message).expect("a message is JSON");
        assert!(message.contains(&alert.alert_id.to_string()));
    }
});
