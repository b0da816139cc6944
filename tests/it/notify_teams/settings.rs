//! The settings, and what may never be said of them.

use std::path::Path;
use std::time::Duration;

use certificate_accessed::config::Settings;
use certificate_accessed::render::CardNames;
use serde_json::Value;

use crate::given::{READ, answer_of, binary_batch, detector};
use support::functions_host::queue_listener::QueueSettings;

const WEBHOOK: (&str, &str) = ("TEAMS_WEBHOOK_URL", "https://hooks.example.com/canary?sig=canary");

fn read(settings: &[(&str, &str)]) -> Result<Settings, String> {
    let lookup = |name: &str| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
    Settings::read(&lookup).map_err(|faults| faults.to_string())
}

fn repository_json(file: &str) -> Value {
    let text = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap();
    serde_json::from_slice(&text).unwrap()
}

#[test]
fn without_a_webhook_no_alert_goes_to_teams() {
    let answer = answer_of(&detector(&[]), &binary_batch(&[READ]));

    assert!(answer["Outputs"].get("teams").is_none());
}

#[test]
fn with_a_webhook_every_alert_goes_to_both_queues_as_the_same_message() {
    let answer = answer_of(&detector(&[WEBHOOK]), &binary_batch(&[READ]));

    assert_eq!(answer["Outputs"]["teams"].as_array().unwrap().len(), 1);
    assert_eq!(answer["Outputs"]["teams"], answer["Outputs"]["alerts"]);
}

#[test]
fn alerts_below_the_least_severity_go_to_the_other_queue_only() {
    for (least, goes) in [("INFO", true), ("info", true), ("LOW", false), ("CRITICAL", false)] {
        let answer = answer_of(&detector(&[WEBHOOK, ("TEAMS_MIN_SEVERITY", least)]), &binary_batch(&[READ]));

        assert_eq!(answer["Outputs"].get("teams").is_some(), goes, "{least}");
        assert_eq!(answer["Outputs"]["alerts"].as_array().unwrap().len(), 1, "{least}");
    }
}

#[test]
fn every_fault_is_named_at_once_without_its_value() {
    let faults = read(&[
        ("TEAMS_WEBHOOK_URL", "http://canary.example.com"),
        ("TEAMS_MIN_SEVERITY", "canary"),
        ("TEAMS_ALLOWED_HOSTS", "https://canary.example.com/"),
        ("TEAMS_ALLOW_LOOPBACK", "canary"),
        ("TEAMS_NAMES", "canary"),
    ])
    .unwrap_err();

    for name in
        ["TEAMS_WEBHOOK_URL", "TEAMS_MIN_SEVERITY", "TEAMS_ALLOWED_HOSTS", "TEAMS_ALLOW_LOOPBACK", "TEAMS_NAMES"]
    {
        assert!(faults.contains(&format!("{name} is not usable")), "{name}: {faults}");
    }
    assert!(!faults.contains("canary"), "{faults}");
}

#[test]
fn the_webhook_is_https_without_user_info_and_of_an_allowed_host() {
    let taken = |url: &str, hosts: &str, loopback: &str| {
        let settings = [("TEAMS_WEBHOOK_URL", url), ("TEAMS_ALLOWED_HOSTS", hosts), ("TEAMS_ALLOW_LOOPBACK", loopback)];
        read(&settings).is_ok_and(|settings| settings.teams.is_some())
    };
    assert!(taken("https://hooks.example.com/x", "", ""));
    assert!(taken("https://hooks.example.com/x", "other.example.com, HOOKS.example.com", ""));
    assert!(!taken("https://hooks.example.com/x", "other.example.com", ""));
    assert!(!taken("https://ada:pw@hooks.example.com/x", "", ""));
    assert!(!taken("http://hooks.example.com/x", "", "1"));
    assert!(taken("http://127.0.0.1:9/x", "", "1"));
    assert!(!taken("http://127.0.0.1:9/x", "", ""));
    assert!(!taken("http://127.0.0.1:9/x", "hooks.example.com", "1"));
}

#[test]
fn names_are_on_cards_unless_the_setting_says_counts() {
    let names = |value: &str| read(&[("TEAMS_NAMES", value)]).map(|settings| settings.cards.names);

    assert_eq!(names(""), Ok(CardNames::All));
    assert_eq!(names("all"), Ok(CardNames::All));
    assert_eq!(names("counts"), Ok(CardNames::Counts));
    assert!(names("some").unwrap_err().contains("TEAMS_NAMES is not usable: set it to all or counts"));
    let deployment = read(&[("WEBSITE_SITE_NAME", "func-certificates")]).unwrap().cards.deployment;
    assert_eq!(deployment.as_deref(), Some("func-certificates"));
}

#[test]
fn printing_the_settings_prints_nothing_of_the_webhook() {
    let settings = read(&[WEBHOOK]).unwrap();

    assert!(settings.teams.is_some());
    assert!(!format!("{settings:?} {settings:#?}").contains("canary"));
}

#[test]
fn the_queue_keeps_an_alert_for_a_day_of_tries_one_at_a_time() {
    let queues = QueueSettings::read(Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();

    assert!(queues.visibility() >= Duration::from_secs(60), "{queues:?}");
    assert!(queues.visibility() * queues.max_dequeue_count >= Duration::from_secs(24 * 60 * 60), "{queues:?}");
    assert_eq!((queues.batch_size, queues.new_batch_threshold), (1, 0));
    assert_eq!(queues.message_encoding, "base64");
}

#[test]
fn both_functions_name_the_same_queue() {
    let writer = repository_json("CertificateAccessed/function.json");
    let reader = repository_json("NotifyTeams/function.json");
    let output = writer["bindings"].as_array().unwrap().iter().find(|binding| binding["name"] == "teams").unwrap();
    let trigger = &reader["bindings"][0];

    assert_eq!((&trigger["type"], &trigger["name"]), (&"queueTrigger".into(), &"alert".into()));
    assert_eq!((&trigger["queueName"], &trigger["connection"]), (&output["queueName"], &output["connection"]));
    assert!(trigger.get("dataType").is_none() && reader.get("retry").is_none());
}

#[test]
fn the_committed_settings_hold_no_webhook_and_so_have_the_function_off() {
    let values = &repository_json("local.settings.json")["Values"];

    assert!(values.get("TEAMS_WEBHOOK_URL").is_none());
    assert_eq!(values["AzureWebJobs.NotifyTeams.Disabled"], "true");
    for (name, value) in values.as_object().unwrap() {
        let value = value.as_str().unwrap().to_ascii_lowercase();
        assert!(!value.contains("https://") && !value.contains("sig="), "{name}");
    }
}
