//! Who takes part: the naive decoder, ours, and floors.

use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::Bytes;
use certificate_accessed::config::{Settings, load_rules};
use certificate_accessed::detector::Detector;
use certificate_accessed::expected::ExpectedAccess;
use certificate_accessed::pipeline::Pipeline;
use jiff::Timestamp;
use serde_json::Value;

use super::naive::{self, RuleSet};

/// One who works through bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contender {
    /// `serde_json::Value` at every level, and no more than a count of matches.
    Naive,
    /// The product: decode, rules, and matches grouped for their windows.
    Ours,
    /// The same up to the bytes of its answer, alerts and log lines included.
    Answer,
    /// A copy of the bytes.
    Memcpy,
    /// The standard library's check that the bytes are UTF-8.
    Utf8,
}

impl Contender {
    /// All of them, in the order of the columns.
    pub const ALL: [Self; 5] = [Self::Naive, Self::Ours, Self::Answer, Self::Memcpy, Self::Utf8];

    /// Its name in a table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Naive => "naive",
            Self::Ours => "ours",
            Self::Answer => "ours, whole answer",
            Self::Memcpy => "memcpy",
            Self::Utf8 => "utf-8 check",
        }
    }

    /// How long all bodies take with these rules, one after another.
    pub fn run(self, rules: RuleSet, bodies: &[Bytes]) -> Duration {
        match self {
            Self::Naive => timed(bodies, |body| naive::matches(body, rules).expect("a sound body")),
            Self::Ours => {
                let detector = detector(rules);
                let now = now();
                timed(bodies, |body| detector.read(body.clone(), now).expect("a sound body"))
            }
            Self::Answer => {
                // A new one each time, or the windows would know every match already.
                let detector = detector(rules);
                let now = now();
                timed(bodies, |body| answer(&detector, body, now))
            }
            Self::Memcpy => {
                let mut copy = vec![0; bodies.iter().map(Bytes::len).max().unwrap_or_default()];
                timed(bodies, |body| {
                    copy[..body.len()].copy_from_slice(body);
                    black_box(&mut copy);
                })
            }
            Self::Utf8 => timed(bodies, |body| std::str::from_utf8(body).is_ok()),
        }
    }
}

/// How many matches the product finds in bodies with these rules.
pub fn matches(rules: RuleSet, bodies: &[Bytes]) -> usize {
    let detector = detector(rules);
    let now = now();
    let in_body = |body: &Bytes| {
        let answer: Value = serde_json::from_slice(&answer(&detector, body, now)).expect("JSON");
        let summary = answer["Logs"][0].as_str().expect("a summary line");
        let summary: Value = serde_json::from_str(summary).expect("JSON");
        usize::try_from(summary["matches"].as_u64().expect("a count of matches")).expect("a small one")
    };
    bodies.iter().map(in_body).sum()
}

fn timed<T>(bodies: &[Bytes], mut work: impl FnMut(&Bytes) -> T) -> Duration {
    let begun = Instant::now();
    for body in bodies {
        black_box(work(black_box(body)));
    }
    begun.elapsed()
}

fn detector(rules: RuleSet) -> Detector {
    let lookup = |name: &str| (name == "RULES").then(|| rules.setting().to_owned());
    let settings = Settings::read(&lookup).expect("a usable setting");
    let pipeline = Pipeline::new(load_rules(&settings).expect("usable rules"), settings.parameters.clone());
    Detector::new(pipeline, settings.dedup_minutes, ExpectedAccess::default())
}

fn answer(detector: &Detector, body: &Bytes, now: Timestamp) -> Vec<u8> {
    detector.answer(body.clone(), now, &|| Duration::ZERO).expect("a sound body").to_json()
}

fn now() -> Timestamp {
    "2026-03-02T09:00:00Z".parse().expect("a time")
}
