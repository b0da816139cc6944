//! What the detection can do without never ends it: it starts without, says so, and has it again at the next start.

use std::process::Command;

use serde_json::Value;

use crate::given::READ;
use crate::host::{FUNCTION, batch, host_with};
use support::fake_teams::{FakeTeams, Says};
use support::functions_host::answer::Answer;
use support::functions_host::delivery::Patience;
use support::functions_host::host::FunctionsHost;
use support::functions_host::invocation::Framing;
use support::functions_host::lines::Level;
use support::functions_host::queue_trigger::QueueMessage;

const NOTIFY: &str = "NotifyTeams";
const REFERENCE: &str = "@Microsoft.KeyVault(SecretUri=https://canary.vault.azure.net/secrets/x)";
/// A storage account as the host takes it and the product cannot sign in to it.
const WITHOUT_KEY: &str =
    "BlobEndpoint=https://st.example.com;QueueEndpoint=https://q.example.com;SharedAccessSignature=x";

/// A setting and its value, or a field of the summary line and what stands in it.
type Pair = (&'static str, &'static str);

/// The summary line of a batch with one read in it.
async fn summary_of_a_read(host: &FunctionsHost) -> Value {
    let delivery = host.deliver(FUNCTION, &batch(&[READ]), Patience::default()).await.unwrap();
    assert!(delivery.succeeded());
    serde_json::from_str(&host.function_log()[0]).unwrap()
}

async fn notify(host: &FunctionsHost, message: &[u8]) -> Answer {
    let body = QueueMessage::new(message).request_body(host.function(NOTIFY).unwrap()).unwrap();
    host.post(NOTIFY, body, "id", Framing::Chunked).await.unwrap()
}

/// Whether a line with these words is told as a level, once it is there.
async fn is_told(host: &FunctionsHost, level: Level, words: &str) -> bool {
    for _attempt in 0..100 {
        if host.logged().iter().any(|(of, line)| *of == level && line.contains(words)) {
            return true;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    false
}

#[tokio::test]
async fn a_webhook_that_does_not_resolve_costs_no_alert_and_its_cards_come_once_it_does() {
    let (host, _folder) = host_with(&[("TEAMS_WEBHOOK_URL", REFERENCE)]).await;

    let summary = summary_of_a_read(&host).await;
    let [alerts, waiting] = ["certificate-alerts", "certificate-teams"].map(|queue| host.sink().messages(queue));
    let refused = notify(&host, &waiting[0]).await;

    assert_eq!((alerts.len(), &alerts), (1, &waiting));
    let fault = summary["teamsFault"].as_str().unwrap();
    assert!(fault.starts_with("TEAMS_WEBHOOK_URL is a Key Vault reference that did not resolve"), "{fault}");
    assert!(is_told(&host, Level::Warning, "no card is posted, and alerts wait in certificate-teams: TEAMS").await);
    assert_eq!(refused.status, 503);
    assert!(String::from_utf8_lossy(&refused.body).contains("the alert stays in the queue: TEAMS_WEBHOOK_URL is"));
    assert!(!format!("{:?}{summary}", host.logged()).contains("canary"));

    let webhook = FakeTeams::start([Says::status(202)]).await.unwrap();
    let (next, _folder) =
        host_with(&[("TEAMS_WEBHOOK_URL", &webhook.url("resolved")), ("TEAMS_ALLOW_LOOPBACK", "1")]).await;
    assert_eq!(notify(&next, &waiting[0]).await.status, 200);
    assert_eq!(webhook.received().len(), 1);
    assert!(summary_of_a_read(&next).await.get("teamsFault").is_none());
}

#[tokio::test]
async fn no_fault_of_a_setting_that_is_no_part_of_the_detection_ends_it() {
    let webhook = ("TEAMS_WEBHOOK_URL", "https://hooks.example.com/canary");
    let cases: [(&[Pair], Option<Pair>, usize); 8] = [
        (&[("TEAMS_WEBHOOK_URL", "http://canary.example.com")], Some(("teamsFault", "TEAMS_WEBHOOK_URL")), 1),
        (&[webhook, ("TEAMS_MIN_SEVERITY", "canary")], Some(("teamsFault", "TEAMS_MIN_SEVERITY")), 1),
        (&[webhook, ("TEAMS_ALLOWED_HOSTS", "https://canary")], Some(("teamsFault", "TEAMS_ALLOWED_HOSTS")), 1),
        (&[webhook, ("TEAMS_ALLOW_LOOPBACK", "canary")], Some(("teamsFault", "TEAMS_ALLOW_LOOPBACK")), 1),
        (&[webhook, ("TEAMS_NAMES", "canary")], Some(("teamsFault", "TEAMS_NAMES")), 1),
        (&[("TEAMS_MIN_SEVERITY", "canary")], Some(("teamsFault", "TEAMS_MIN_SEVERITY")), 0),
        (&[("EXPECTED_ACCESS", REFERENCE)], Some(("expectedAccessFault", "EXPECTED_ACCESS")), 0),
        (&[("LOG_LEVEL", "canary")], None, 0),
    ];
    for (settings, told, waiting) in cases {
        let (host, _folder) = host_with(settings).await;

        let summary = summary_of_a_read(&host).await;

        assert_eq!(summary["alerts"], 1, "{settings:?}");
        assert_eq!(host.sink().messages("certificate-teams").len(), waiting, "{settings:?}");
        if let Some((field, name)) = told {
            assert!(summary[field].as_str().unwrap().contains(name), "{settings:?}: {summary}");
        }
        let name = told.map_or("LOG_LEVEL", |(_, name)| name);
        assert!(is_told(&host, Level::Warning, name).await, "{settings:?}: {:?}", host.logged());
        assert!(!format!("{:?}{summary}", host.logged()).contains("canary"), "{settings:?}");
    }
}

#[test]
fn a_fault_of_the_detection_itself_ends_the_start() {
    let wrong = [
        ("RULES", "none"),
        ("CERTIFICATE_SECRETS", REFERENCE),
        ("DUMP_THRESHOLD", "none"),
        ("AzureWebJobsStorage", WITHOUT_KEY),
    ];
    for (name, value) in wrong {
        let output = Command::new(env!("CARGO_BIN_EXE_certificate-accessed"))
            .arg("serve")
            .envs([("FUNCTIONS_CUSTOMHANDLER_PORT", "1"), ("TEAMS_WEBHOOK_URL", REFERENCE), ("STATE_STORE", "blob")])
            .env("AzureWebJobsStorage", "UseDevelopmentStorage=true")
            .env(name, value)
            .output()
            .unwrap();

        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{name}");
        assert!(stderr.contains(name) && stderr.contains("TEAMS_WEBHOOK_URL"), "{stderr}");
    }
}

#[test]
fn notify_by_hand_names_the_fault() {
    let output = Command::new(env!("CARGO_BIN_EXE_certificate-accessed"))
        .args(["notify", "--test"])
        .env("TEAMS_WEBHOOK_URL", REFERENCE)
        .output()
        .unwrap();

    assert_eq!(output.status.code(), Some(1));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(stderr.contains("TEAMS_WEBHOOK_URL is a Key Vault reference that did not resolve"), "{stderr}");
}
