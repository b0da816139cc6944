//! A body is read in the segments in which it is kept.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use certificate_accessed::wire::{BinaryBatch, Body};
use proptest::prelude::*;
use proptest::test_runner::Config;
use serde_json::Value;

use crate::given::{READ, REFUSED, WRITE, alerts, answer, binary_batch, detector, string_batch, summary};

/// The answer to a body in these segments.
fn answer_in_segments(segments: impl IntoIterator<Item = Bytes>) -> Value {
    let now = "2026-03-02T08:15:31Z".parse().unwrap();
    let answer = detector(&[]).answer(Body::from_iter(segments), now, &|| Duration::ZERO).unwrap();
    serde_json::from_slice(&answer.to_json()).unwrap()
}

proptest! {
    #![proptest_config(Config { cases: 500, ..Config::default() })]

    #[test]
    fn a_body_is_answered_alike_wherever_it_is_cut(
        events in prop::collection::vec(prop::sample::select(vec![READ, REFUSED, WRITE, "", "abcd", "{'a':1}", "a]"]), 0..4),
        is_binary in any::<bool>(),
        segment_bytes in 1usize..700,
    ) {
        let body = Bytes::from(if is_binary { binary_batch(&events) } else { string_batch(&events) });

        let cut = body.chunks(segment_bytes).map(|segment| body.slice_ref(segment));

        let answer = answer_in_segments(cut);

        prop_assert_eq!(&answer, &answer_in_segments([body.clone()]));
        // A blank before it is not of the host's form, so it is parsed whole.
        prop_assert_eq!(&answer, &answer_in_segments([Bytes::from_static(b" "), body.clone()]));
    }

    #[test]
    fn a_body_is_whole_again_after_it_was_filled(pieces in prop::collection::vec(0usize..600_000, 0..6)) {
        let mut body = Body::default();
        let mut expected = Vec::new();
        for (number, length) in pieces.into_iter().enumerate() {
            let piece = vec![number as u8; length];
            body.extend(&piece);
            expected.extend(piece);
        }

        prop_assert_eq!(body.len(), expected.len());
        prop_assert!(body.whole() == expected);
    }
}

#[test]
fn a_text_in_a_batch_that_is_base64_costs_no_event_after_it() {
    for events in [["abcd", READ, WRITE], ["", "abcd", READ], ["abcd", "a word", READ]] {
        let answer = answer(&string_batch(&events));

        assert_eq!(alerts(&answer).len(), 1, "{events:?}");
        assert_eq!(summary(&answer)["events"], 3, "{events:?}");
    }
}

#[test]
fn a_list_that_ends_in_the_middle_is_no_invocation_and_a_retry_may_help() {
    let whole = String::from_utf8(binary_batch(&[WRITE, READ])).unwrap();
    let now = "2026-03-02T08:15:31Z".parse().unwrap();
    for end in [r#"\"]""#, r#"\",\""#] {
        // The quotes after its backslashes are gone.
        let cut = whole.replacen(end, &end.replace(r#"\""#, r"\"), 1);

        assert!(detector(&[]).answer(cut.as_bytes(), now, &|| Duration::ZERO).is_err(), "{end}");
    }
}

/// A segment that counts when it is given back.
struct Segment(Vec<u8>, Arc<AtomicUsize>);

impl AsRef<[u8]> for Segment {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Segment {
    fn drop(&mut self) {
        self.1.fetch_add(1, Ordering::Relaxed);
    }
}

#[test]
fn what_was_read_of_a_large_body_is_given_back_before_the_rest_is_read() {
    let bytes = binary_batch(&[READ; 100]);
    let given_back = Arc::new(AtomicUsize::new(0));
    let segments = bytes.chunks(1_000).map(|bytes| Bytes::from_owner(Segment(bytes.to_vec(), Arc::clone(&given_back))));
    let body: Body = segments.collect();
    let in_list = bytes.iter().position(|byte| *byte == b']').unwrap() / 1_000;

    let batch = BinaryBatch::of(body).unwrap();
    let mut given_back_before = Vec::new();
    batch.events.for_each(&mut |_| given_back_before.push(given_back.load(Ordering::Relaxed))).unwrap();

    let after_metadata = given_back_before[0];
    assert!(given_back_before[99] - after_metadata >= in_list - 2, "{given_back_before:?}");
    assert_eq!(given_back_before.len(), 100);
}
