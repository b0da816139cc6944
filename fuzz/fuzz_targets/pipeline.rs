//! Any event: no panic, and an event with the operation name in plain text is rejected if no record can be read.

#![no_main]

mod given;

use std::sync::LazyLock;

use certificate_accessed::source::Place;
use certificate_accessed::pipeline::{Evaluation, Pipeline};

static PIPELINE: LazyLock<Pipeline> = LazyLock::new(given::pipeline);

libfuzzer_sys::fuzz_target!(|event: &[u8]| {
    let mut evaluation = Evaluation::default();
    PIPELINE.evaluate(event, &Place::default, &mut evaluation);
    assert!(!evaluation.counts.undecodable.contains_key(&certificate_accessed::decode::Reason::Panic));
    let upper = String::from_utf8_lossy(event).to_uppercase();
    if evaluation.counts.records == 0 && upper.contains("MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ") {
        assert!(!evaluation.rejected.is_empty(), "the operation name was dropped");
    }
});
