//! Microsoft's own renderer takes every card.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use certificate_accessed::render::{Card, CardOptions};
use serde::Deserialize;
use serde_json::{Value, json};

use super::hostile::{alert_full_of, corpus};
use super::{ALERT, DUMP_FIRST, DUMP_LATER, THREE_CERTIFICATES, alert, least};
use crate::given::{READ, answer, binary_batch};

/// What check.cjs says.
#[derive(Debug, Deserialize)]
struct Verdict {
    cards: usize,
    faults: Vec<String>,
}

/// The repository's folder with the scripts and the pinned package.
fn tools() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cards")
}

/// The folder of the installed package. `None`, and a loud word on stderr, where it cannot be had; with `CI=true` that
/// is a failed test instead.
fn modules() -> Option<&'static Path> {
    static MODULES: OnceLock<Option<PathBuf>> = OnceLock::new();
    let install = || match install() {
        Ok(modules) => Some(modules),
        Err(reason) => {
            let ci = std::env::var("CI").is_ok_and(|value| value == "true");
            assert!(!ci, "CI=true, and the cards cannot be checked: {reason}");
            eprintln!("\n*** NO CARD WAS CHECKED WITH THE adaptivecards PACKAGE: {reason} ***\n");
            None
        }
    };
    MODULES.get_or_init(install).as_deref()
}

/// Installs the package as package-lock.json has it, unless it is there.
fn install() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cards");
    let failed = |error: std::io::Error| error.to_string();
    fs::create_dir_all(&folder).map_err(failed)?;
    let is_same = |file: &str| fs::read(tools().join(file)).ok() == fs::read(folder.join(file)).ok();
    let modules = folder.join("node_modules");
    if is_same("package.json") && is_same("package-lock.json") && modules.join("adaptivecards/dist").is_dir() {
        return Ok(modules);
    }
    for file in ["package.json", "package-lock.json"] {
        fs::copy(tools().join(file), folder.join(file)).map_err(failed)?;
    }
    let installed = Command::new("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--legacy-peer-deps"])
        .current_dir(&folder)
        .output()
        .map_err(|error| format!("npm does not start, install Node: {error}"))?;
    if installed.status.success() {
        Ok(modules)
    } else {
        Err(format!("npm ci failed: {}", String::from_utf8_lossy(&installed.stderr)))
    }
}

fn check(modules: &Path, cards: &[(String, Value)]) -> Verdict {
    let mut node = Command::new("node")
        .arg(tools().join("check.cjs"))
        .arg(modules)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node, as npm is there");
    let mut input = node.stdin.take().unwrap();
    for (name, card) in cards {
        writeln!(input, "{}", json!({"name": name, "card": card})).unwrap();
    }
    drop(input);
    let output = node.wait_with_output().unwrap();
    assert!(output.status.success(), "check.cjs failed");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn content(message: &str) -> Value {
    Card::of(message, &CardOptions::default()).unwrap().content().clone()
}

#[test]
fn every_sample_card_is_parsed_without_a_complaint() {
    let Some(modules) = modules() else { return };
    let mut cards = vec![
        ("the saved alert".to_owned(), content(ALERT)),
        ("the first card of a dump".to_owned(), content(DUMP_FIRST)),
        ("a later card of a dump".to_owned(), content(DUMP_LATER)),
        ("three certificates".to_owned(), content(THREE_CERTIFICATES)),
        ("the least alert".to_owned(), content(&least().to_string())),
        ("the test card".to_owned(), content(include_str!("../../../src/notify/sample.json"))),
        ("a card cut to fit".to_owned(), content(&alert_full_of(&"日本".repeat(5000)).to_string())),
    ];
    let answer = answer(&binary_batch(&[READ]));
    cards.push(("a real alert".to_owned(), content(answer["Outputs"]["alerts"][0].as_str().unwrap())));
    for severity in ["CRITICAL", "HIGH", "MEDIUM", "LOW", "INFO", "else"] {
        let mut alert = alert();
        alert["severity"] = json!(severity);
        cards.push((severity.to_owned(), content(&alert.to_string())));
    }
    for text in corpus() {
        cards.push((text.escape_debug().to_string(), content(&alert_full_of(&text).to_string())));
    }

    let verdict = check(modules, &cards);

    assert_eq!(verdict.cards, cards.len());
    assert!(verdict.faults.is_empty(), "{:#?}", verdict.faults);
}

#[test]
fn the_check_sees_what_is_wrong_with_a_card() {
    let Some(modules) = modules() else { return };
    let broken = [
        ("/body/0/style", json!("loud")),
        ("/body/1/type", json!("CodeBlock")),
        ("/actions/0/type", json!("Action.Explode")),
        ("/version", json!("1.9")),
    ];
    for (pointer, value) in broken {
        let mut card = content(ALERT);
        *card.pointer_mut(pointer).unwrap() = value;

        let verdict = check(modules, &[(pointer.to_owned(), card)]);

        assert!(!verdict.faults.is_empty(), "{pointer}");
    }
}
