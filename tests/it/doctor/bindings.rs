//! What is wrong in a `function.json`.

use serde_json::{Value, json};

use super::app_folder::{DETECTOR, NOTIFIER, assert_fault, assert_note};

#[test]
fn what_is_wrong_in_a_function_json_is_named() {
    assert_fault(|app| app.change(DETECTOR, "/bindings/0/name", json!("event")), "no binding events");
    assert_fault(|app| app.change(DETECTOR, "/bindings/1/name", json!("Alerts")), "every alert would be lost");
    assert_fault(|app| app.change(DETECTOR, "/bindings/3", Value::Null), "no binding rejected");
    assert_fault(|app| app.change(DETECTOR, "/bindings/1/type", json!("blob")), "another type than queue");
    assert_fault(|app| app.change(DETECTOR, "/bindings/2/direction", json!("in")), "another direction than out");
    assert_fault(|app| app.change(DETECTOR, "/bindings/0/cardinality", json!("several")), "cardinality");
    assert_fault(|app| app.change(DETECTOR, "/bindings/0/dataType", json!("stream")), "dataType");
    assert_fault(|app| app.change(DETECTOR, "/bindings/0/consumerGroup", Value::Null), "no consumerGroup");
    assert_fault(|app| app.change(NOTIFIER, "/bindings/0/name", json!("message")), "no binding alert");
    assert_fault(|app| app.change(NOTIFIER, "/bindings/0/queueName", json!("other")), "the queueName of output teams");
    assert_fault(|app| app.change(DETECTOR, "/bindings", json!({})), "CertificateAccessed/function.json has no list");
    let again = json!({"type": "queue", "direction": "out", "name": "alerts", "queueName": "certificate-alerts",
        "connection": "AzureWebJobsStorage"});
    assert_fault(|app| app.change(DETECTOR, "/bindings/-", again), "two bindings alerts");
}

#[test]
fn a_folder_that_is_none_of_the_functions_is_named_with_what_to_do() {
    assert_fault(|app| app.write("Other/function.json", b"{}"), "no function Other");
    assert_fault(|app| app.rename("CertificateAccessed", "certificateaccessed"), "rename it to CertificateAccessed");
}

#[test]
fn a_target_that_loses_data_or_stops_the_host_is_a_fault() {
    let path = "/bindings/3/path";
    assert_fault(|app| app.change(DETECTOR, path, json!("rejected/one.ndjson")), "overwrites the previous one");
    assert_fault(|app| app.change(DETECTOR, path, json!("{rand-guid}.ndjson")), "names no container");
    assert_fault(
        |app| app.change(DETECTOR, path, json!("Re_jected/{rand-guid}.ndjson")),
        "does not begin with the name of a container",
    );
    let alerts = "/bindings/1/queueName";
    assert_fault(
        |app| app.change(DETECTOR, alerts, json!("certificate_alerts")),
        "the queueName of binding alerts of CertificateAccessed is not a name that Azure accepts",
    );
    assert_fault(
        |app| app.change(DETECTOR, alerts, json!("a--b")),
        "the queueName of binding alerts of CertificateAccessed is not a name that Azure accepts",
    );
    assert_fault(|app| app.change(DETECTOR, alerts, json!("certificate-teams")), "go to one queue");
}

#[test]
fn a_target_that_nobody_looks_at_is_a_note() {
    assert_note(|app| app.change(DETECTOR, "/bindings/1/queueName", json!("other-alerts")), "certificate-alerts");
    assert_note(
        |app| app.change(DETECTOR, "/bindings/3/path", json!("bad/{rand-guid}.ndjson")),
        "not rejected/{DateTime:yyyy}",
    );
    assert_note(
        |app| {
            app.change(DETECTOR, "/bindings/2/queueName", json!("x-teams"));
            app.change(NOTIFIER, "/bindings/0/queueName", json!("x-teams"));
        },
        "certificate-teams",
    );
}

#[test]
fn a_setting_within_a_longer_text_is_looked_for() {
    let hub = "/bindings/0/eventHubName";
    assert_fault(|app| app.change(DETECTOR, hub, json!("logs-%OTHER%")), "the setting OTHER is missing");
    assert_fault(|app| app.change(DETECTOR, hub, json!("logs-%OTHER")), "has a single %");
    let app = super::AppFolder::whole();
    app.change(DETECTOR, "/bindings/1/queueName", json!("certificate-%OTHER%"));
    app.set("OTHER", "alerts");
    assert!(!app.examined().0.contains("certificate-alerts"), "it is the usual name: {}", app.examined().0);
}

#[test]
fn a_retry_policy_that_gives_up_or_stops_the_host_is_a_fault() {
    assert_fault(|app| app.change(DETECTOR, "/retry", Value::Null), "no retry policy");
    assert_fault(|app| app.change(DETECTOR, "/retry/maxRetryCount", json!(5)), "gives a batch up");
    for wrong in ["5s", "5", "00:00:75", "99:00:00", "-00:00:05"] {
        assert_fault(|app| app.change(DETECTOR, "/retry/minimumInterval", json!(wrong)), "minimumInterval");
    }
    assert_fault(|app| app.change(DETECTOR, "/retry/maximumInterval", Value::Null), "has no maximumInterval");
    assert_fault(|app| app.change(DETECTOR, "/retry/minimumInterval", json!("00:10:00")), "above its maximumInterval");
    let fixed = json!({"strategy": "fixedDelay", "maxRetryCount": -1});
    assert_fault(|app| app.change(DETECTOR, "/retry", fixed), "has no delayInterval");
    let fixed = json!({"strategy": "fixedDelay", "maxRetryCount": "-1", "delayInterval": "00:00:10"});
    assert_note(|app| app.change(DETECTOR, "/retry", fixed), "at a fixed interval");
}
