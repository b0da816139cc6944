//! The theft of the invented month, as somebody in a Teams channel sees it.

use std::path::Path;

use certificate_accessed::detector::Detector;
use certificate_accessed::expected::ExpectedAccess;
use serde_json::{Value, json};
use support::invented_logs::{book::Record, month};

use crate::given::{answer_at, batch_at, detector};

/// How many names the theft has.
const NAMES: u64 = 638;

/// All rules with Teams and the list of expected access of the documents.
fn recommended() -> Detector {
    let detector = detector(&[
        ("RULES", "CertificateAccessed,AuditedCertificateRead,CertificateDump"),
        ("TEAMS_WEBHOOK_URL", "https://example.com/hook"),
    ]);
    let list = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/expected-access.yml")).expect("a file");
    detector.expect(ExpectedAccess::parse(list).expect("a list"));
    detector
}

/// The cards and all alerts of day 19, delivered in batches of so many records.
fn day_19(size: usize) -> (Vec<Value>, Vec<Value>) {
    let (detector, records) = (recommended(), month::Day::new(19).records());
    let (mut cards, mut alerts) = (Vec::new(), Vec::new());
    for (number, batch) in records.chunks(size).enumerate() {
        let events: Vec<_> = batch.iter().map(|record: &Record| &record.line).collect();
        let last = batch.last().expect("a record").at.format("%Y-%m-%dT%H:%M:%SZ");
        let answer = answer_at(&detector, &batch_at(number * size, &last, &events), &last);
        let of = |queue: &str| answer["Outputs"][queue].as_array().cloned().unwrap_or_default();
        let parsed = |message: &Value| serde_json::from_str(message.as_str().expect("text")).expect("JSON");
        cards.extend(of("teams").iter().map(parsed));
        alerts.extend(of("alerts").iter().map(parsed));
    }
    (cards, alerts)
}

fn is_high(alert: &Value) -> bool {
    alert["severity"] == "HIGH"
}

#[test]
fn the_theft_of_638_names_is_told_in_few_cards_and_in_whole() {
    for size in [1, 20, 256] {
        let (cards, alerts) = day_19(size);

        let dumps: Vec<_> = cards.iter().filter(|card| is_high(card)).collect();
        let id = &dumps[0]["alertId"];
        let steps: Vec<_> = dumps.iter().map(|dump| &dump["incident"]["step"]).collect();
        let before = cards.iter().take_while(|card| !is_high(card)).count();
        let told = &dumps.last().unwrap()["alertContext"];
        println!(
            "batches of {size}: {} cards on day 19, {before} of them before the first HIGH; the last tells {} names in {} vaults",
            cards.len(),
            told["read_count"],
            told["vault_count"]
        );

        assert!(dumps.iter().all(|dump| dump["incident"]["id"] == *id), "{size}");
        assert_eq!(steps, [1, 2, 3], "{size}");
        // In each of two vaults one log, then the other, before the 25th name is read in the second of them.
        assert!(before <= 4, "{size}: {before} cards before the first HIGH");
        assert_eq!(cards.len(), before + 3, "{size}: no other card comes after it");
        assert!(told["read_count"].as_u64().unwrap() * 4 >= NAMES, "{size}: {told}");
        let joined = alerts.iter().filter(|alert| alert["incident"] == json!({"id": id, "step": null})).count();
        assert_eq!(joined + cards.len(), alerts.len(), "{size}: what has no card is of the incident");
        assert_eq!(alerts.len(), 103, "{size}: two alerts of each vault, and three of the theft");
    }
}
