//! `notify` on the command line.

use std::process::{Output, Stdio};

use serde_json::Value;
use tokio::process::Command;

use crate::card::ALERT;
use support::fake_teams::{FakeTeams, Says};

const ALLOWED: (&str, &str) = ("TEAMS_ALLOW_LOOPBACK", "1");

async fn notify(arguments: &[&str], settings: &[(&str, &str)], input: &str) -> Output {
    use tokio::io::AsyncWriteExt as _;
    let mut process = Command::new(env!("CARGO_BIN_EXE_certificate-accessed"))
        .arg("notify")
        .args(arguments)
        .env_clear()
        .envs(settings.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = process.stdin.take().unwrap();
    // A command that reads no input may be gone before it is written.
    stdin.write_all(input.as_bytes()).await.ok();
    drop(stdin);
    process.wait_with_output().await.unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test]
async fn the_sample_card_is_posted_once_and_the_answer_is_told_plainly() {
    let webhook = FakeTeams::start([Says::status(202)]).await.unwrap();
    let url = webhook.url("canary");

    let output = notify(&["--test"], &[("TEAMS_WEBHOOK_URL", &url), ALLOWED], "").await;

    assert_eq!(output.status.code(), Some(0));
    let said = text(&output.stdout);
    assert!(said.contains("it answered 202 after 1 attempt(s)"), "{said}");
    assert!(said.contains("Accepted is not delivered"), "{said}");
    assert!(!said.contains("canary") && output.stderr.is_empty());
    let received = webhook.received();
    assert_eq!(received.len(), 1);
    assert!(received[0].body.contains("Drill: an invented theft. Nothing needs doing."), "{}", received[0].body);
}

#[tokio::test]
async fn a_refused_sample_card_ends_with_1_and_what_to_do() {
    let webhook = FakeTeams::start([Says::status(404)]).await.unwrap();
    let url = webhook.url("canary");

    let output = notify(&["--test"], &[("TEAMS_WEBHOOK_URL", &url), ALLOWED], "").await;

    assert_eq!(output.status.code(), Some(1));
    let reason = text(&output.stderr);
    assert!(reason.contains("it answered 404") && reason.contains("Copy the URL anew"), "{reason}");
    assert!(!reason.contains("canary") && output.stdout.is_empty());
}

#[tokio::test]
async fn without_a_webhook_or_with_a_bad_one_nothing_is_posted() {
    let unset = notify(&["--test"], &[], "").await;
    let bad = notify(&["--test"], &[("TEAMS_WEBHOOK_URL", "http://canary.example.com")], "").await;

    assert_eq!((unset.status.code(), bad.status.code()), (Some(1), Some(1)));
    assert!(text(&unset.stderr).contains("TEAMS_WEBHOOK_URL is not set"));
    assert!(text(&bad.stderr).contains("TEAMS_WEBHOOK_URL is not usable") && !text(&bad.stderr).contains("canary"));
}

#[tokio::test]
async fn a_preview_is_the_card_itself_for_one_alert_and_a_line_each_for_more() {
    let one = notify(&["--preview", "tests/cards/alert.json"], &[], "").await;
    let line = serde_json::from_str::<Value>(ALERT).unwrap().to_string();
    let two = notify(&["--preview", "-"], &[], &format!("{line}\n{line}\n")).await;

    let card: Value = serde_json::from_slice(&one.stdout).unwrap();
    assert_eq!((&card["type"], &card["version"]), (&"AdaptiveCard".into(), &"1.4".into()));
    let cards: Vec<Value> = text(&two.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(cards, [card.clone(), card]);
}

#[tokio::test]
async fn a_preview_keeps_names_out_where_the_cards_of_the_deployment_do() {
    let file = ["--preview", "tests/cards/dump-first.json"];

    let all = text(&notify(&file, &[], "").await.stdout);
    let counts = text(&notify(&file, &[("TEAMS_NAMES", "counts")], "").await.stdout);
    let wrong = notify(&file, &[("TEAMS_NAMES", "some")], "").await;

    assert!(all.contains("saml-signing") && !counts.contains("saml-signing"), "{counts}");
    assert!(text(&wrong.stderr).contains("TEAMS_NAMES is not usable"), "{}", text(&wrong.stderr));
}

#[tokio::test]
async fn a_file_without_an_alert_is_named_with_its_line() {
    let missing = notify(&["--preview", "tests/cards/none.json"], &[], "").await;
    let other = notify(&["--preview", "-"], &[], "\n{}\n").await;
    let empty = notify(&["--preview", "-"], &[], "\n").await;

    assert!(text(&missing.stderr).contains("cannot read tests/cards/none.json"));
    assert!(text(&other.stderr).contains("line 2 is no alert"), "{}", text(&other.stderr));
    assert!(text(&empty.stderr).contains("is empty"));
    assert!([missing, other, empty].iter().all(|output| output.status.code() == Some(1)));
}

#[tokio::test]
async fn notify_alone_says_how_it_is_used() {
    let neither = notify(&[], &[], "").await;
    let both = notify(&["--test", "--preview", "-"], &[], "").await;

    assert_eq!((neither.status.code(), both.status.code()), (Some(2), Some(2)));
}
