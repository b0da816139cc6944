//! What is passed over while a body arrives: the answer is that to the whole body.

use std::time::{Duration, Instant};

use certificate_accessed::detector::PassedOver;
use jiff::Timestamp;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::Config;

use crate::given::{READ, WRITE, binary_batch, detector};
use crate::skip::{event, string_batch};
use crate::{cannot, given};

fn now() -> Timestamp {
    "2026-03-02T08:15:31Z".parse().unwrap()
}

proptest! {
    #![proptest_config(Config { cases: 500, ..Config::default() })]

    #[test]
    fn a_body_is_answered_alike_whether_it_arrives_in_pieces_or_at_once(
        events in prop::collection::vec(prop_oneof![
            3 => Just(WRITE.as_bytes().to_vec()),
            1 => event().prop_map(String::into_bytes),
            1 => cannot::event(),
        ], 0..8),
        large_events in 0..4usize,
        is_binary in any::<bool>(),
        pieces in prop::collection::vec(any::<Index>(), 0..8),
    ) {
        // Each is enough for another look at what has arrived.
        let large = WRITE.replace("rg-données", &"x".repeat(40_000)).into_bytes();
        let events: Vec<_> = std::iter::repeat_n(large, large_events).chain(events).collect();
        let body = if is_binary { binary_batch(&events) } else { string_batch(&events) };
        let mut pieces: Vec<_> = pieces.iter().map(|piece| piece.index(body.len() + 1)).collect();
        pieces.sort_unstable();
        let detector = || detector(&[]);

        let in_pieces = detector();
        let passed = pieces.iter().fold(PassedOver::default(), |passed, len| in_pieces.pass_over(&body[..*len], passed));
        let in_pieces = in_pieces.answer_rest(&body, &passed, now(), &Duration::default).map(|answer| answer.to_json());

        let at_once = detector().answer(&body, now(), &Duration::default).map(|answer| answer.to_json());
        assert_eq!(in_pieces.ok(), at_once.ok());
    }
}

#[test]
fn a_large_event_in_small_pieces_is_not_read_again_with_each() {
    let detector = detector(&[]);
    for event in ["{".repeat(16 << 20), format!("{{{}", "\\\"".repeat(4 << 20))] {
        for body in [binary_batch(&[&event]), string_batch(&[&event])] {
            let started = Instant::now();

            let pieces = (0..body.len()).step_by(1 << 10);
            let _passed = pieces.fold(PassedOver::default(), |passed, len| detector.pass_over(&body[..len], passed));

            // With each piece read from the start it would be hours.
            assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
        }
    }
}

#[test]
fn an_alert_behind_what_was_passed_over_knows_its_place() {
    let detector = detector(&[]);
    let body = binary_batch(&[WRITE, WRITE, READ, WRITE]);

    let passed = detector.pass_over(&body[..body.len() - 10], PassedOver::default());
    let answer = detector.answer_rest(&body, &passed, now(), &Duration::default).unwrap();

    let alert: serde_json::Value = serde_json::from_str(&answer.outputs.alerts[0]).unwrap();
    let summary = given::summary(&serde_json::from_slice(&answer.to_json()).unwrap());
    assert_eq!(alert["records"][0]["source"]["sequenceNumber"], 90_212);
    assert_eq!((&summary["events"], &summary["records"]), (&4.into(), &4.into()));
}
