//! What `replay` finds over saved logs is what comes out of the queue, by the program that compares the two.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::host::{FUNCTION, host_with};
use support::azurite::{Azurite, StorageClient};
use support::compare_alerts::{kinds, messages};
use support::functions_host::delivery::Patience;
use support::functions_host::event_hub::Batch;
use support::functions_host::sink::Sink;

const RULES: (&str, &str) = ("RULES", "CertificateAccessed,AuditedCertificateRead,CertificateDump");
/// How many lines of logs are one batch.
const BATCH: usize = 64;

fn samples(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut paths: Vec<_> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() { samples(&path, into) } else { into.push(path) }
    }
}

/// The text of a saved log, unpacked where it has to be.
fn text(file: &Path) -> String {
    let bytes = std::fs::read(file).unwrap();
    let mut text = String::new();
    if bytes.starts_with(&[0x1F, 0x8B]) {
        flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
        return text;
    }
    String::from_utf8(bytes).unwrap()
}

/// The saved logs of a folder as events: a line each, or a document that is one.
fn events(folder: &Path) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    samples(folder, &mut files);
    let of_file = |file: &PathBuf| {
        let text = text(file);
        match serde_json::from_str::<serde_json::Value>(&text) {
            Ok(_) => vec![text.into_bytes()],
            Err(_) => text.lines().filter(|line| !line.is_empty()).map(|line| line.as_bytes().to_vec()).collect(),
        }
    };
    files.iter().flat_map(of_file).collect()
}

#[tokio::test]
async fn every_alert_that_replay_finds_over_the_samples_comes_out_of_the_queue() {
    // Of its own, because the queue must hold the alerts of this test alone.
    let Some(azurite) = Azurite::own() else { return };
    let client = StorageClient::of_connection_string(&azurite.connection_string()).unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("samples");
    let (host, _folder) = host_with(&[RULES]).await;
    let host = host.with_sink(Sink::Azurite(client.clone()));
    let replayed = Command::new(env!("CARGO_BIN_EXE_certificate-accessed"))
        .args(["replay", "--format", "ndjson"])
        .arg(&folder)
        .envs([RULES])
        .output()
        .unwrap();

    let events = events(&folder);
    for (number, events) in events.chunks(BATCH).enumerate() {
        let first = i64::try_from(number * BATCH).unwrap();
        let batch = Batch::new("3", first, events.to_vec());
        assert!(host.deliver(FUNCTION, &batch, Patience::default()).await.unwrap().succeeded());
    }

    let wanted = kinds(&String::from_utf8(replayed.stdout).unwrap()).unwrap();
    let came = kinds(&messages(&client, "certificate-alerts").await.unwrap()).unwrap();
    let missing: Vec<_> = wanted.difference(&came).map(ToString::to_string).collect();
    assert!(wanted.len() > 10 && missing.is_empty(), "of {} are missing: {missing:#?}", wanted.len());
}

#[test]
fn alerts_are_the_same_by_rule_and_dedup_string_alone() {
    let alert = |rule: &str, dedup: &str, id: &str| {
        format!(r#"{{"alertId":"{id}","dedup":"{dedup}","rule":{{"id":"{rule}"}}}}"#)
    };
    let replayed = [alert("A", "one", "1"), alert("A", "two", "2"), alert("B", "one", "3")].join("\n");
    let delivered = format!("{}\n\n{}\n", alert("A", "one", "9"), alert("A", "one", "8"));

    let (wanted, came) = (kinds(&replayed).unwrap(), kinds(&delivered).unwrap());

    let missing: Vec<_> = wanted.difference(&came).map(ToString::to_string).collect();
    assert_eq!(missing, ["A two", "B one"]);
    assert!(kinds("{}").unwrap_err().to_string().contains("line 1 is no alert message"));
}
