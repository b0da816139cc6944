//! What is wrong in `host.json`, or in a setting that stands above it.

use serde_json::{Value, json};

use super::app_folder::{HOST, assert_fault};

const DESCRIPTION: &str = "/customHandler/description";

#[test]
fn what_is_wrong_in_host_json_is_named() {
    let arguments = format!("{DESCRIPTION}/arguments");
    assert_fault(|app| app.change(HOST, &arguments, json!([])), "with serve");
    assert_fault(|app| app.change(HOST, &arguments, json!(["serve", 5])), "with serve");
    let path = format!("{DESCRIPTION}/defaultExecutablePath");
    assert_fault(|app| app.change(HOST, &path, json!("")), "no executable");
    assert_fault(|app| app.change(HOST, "/version", Value::Null), "version 2.0");
    assert_fault(|app| app.change(HOST, "/extensions/eventHubs/maxEventBatchSize", json!(1000)), "limit of 256 MiB");
    assert_fault(|app| app.change(HOST, "/extensions/queues/maxDequeueCount", Value::Null), "maxDequeueCount");
    assert_fault(|app| app.change(HOST, "/extensions/queues/visibilityTimeout", json!("5m")), "visibilityTimeout");
    assert_fault(|app| app.write(HOST, b"{\n  \"canary\": }"), "host.json is not JSON: fix line 2");
    assert_fault(|app| app.write(HOST, b"[]"), "host.json is not a JSON object");
    assert_fault(|app| app.write(HOST, b""), "host.json is empty");
    assert_fault(|app| std::fs::remove_file(app.0.path().join(HOST)).unwrap(), "host.json is missing");
}

#[test]
fn what_stops_a_function_or_the_host_is_named() {
    assert_fault(|app| app.change(HOST, "/functions", json!(["NotifyTeams"])), "leaves out CertificateAccessed");
    assert_fault(|app| app.change(HOST, "/functions", json!(["CertificateAccessed"])), "leaves out NotifyTeams");
    assert_fault(|app| app.change(HOST, "/retry", json!({"strategy": "fixedDelay"})), "retry policy for all");
    assert_fault(|app| app.change(HOST, "/functionTimeout", json!("-1")), "functionTimeout");
    assert_fault(|app| app.change(HOST, "/functionTimeout", json!("5m")), "functionTimeout");
    let old = json!({"description": {"defaultExecutablePath": "x"}});
    assert_fault(|app| app.change(HOST, "/httpWorker", old), "httpWorker");
}

#[test]
fn a_bundle_without_the_extensions_of_version_4_is_a_fault() {
    assert_fault(|app| app.change(HOST, "/extensionBundle", Value::Null), "extensionBundle");
    assert_fault(|app| app.change(HOST, "/extensionBundle/id", json!("X")), "extensionBundle");
    for range in ["[1.*, 2.0.0)", "[3.*, 4.0.0)", "[5.*, 6.0.0)", "(5.0.0, )", "[3.0.0]", "x", "[4.*"] {
        assert_fault(|app| app.change(HOST, "/extensionBundle/version", json!(range)), "version 4");
    }
    let app = super::AppFolder::whole();
    for range in ["[4.0.0, 5.0.0)", "[3.3.0, 4.5.0]", "[4.*, )", "[4.26.0]", "4.*"] {
        app.change(HOST, "/extensionBundle/version", json!(range));
        assert_eq!(app.examined().1, Some(0), "{range}");
    }
}

#[test]
fn logs_that_do_not_reach_the_queries_are_a_fault() {
    let level = "/logging/logLevel";
    assert_fault(|app| app.change(HOST, &format!("{level}/default"), json!("None")), "queries and alarms are blind");
    assert_fault(|app| app.change(HOST, &format!("{level}/Function"), json!("Warning")), "are blind");
    assert_fault(|app| app.change(HOST, &format!("{level}/default"), json!("Loud")), "no level that the host knows");
    let sampling = "/logging/applicationInsights/samplingSettings/excludedTypes";
    assert_fault(|app| app.change(HOST, sampling, json!("Request")), "samples");
    assert_fault(|app| app.change(HOST, "/logging", Value::Null), "samples");

    let app = super::AppFolder::whole();
    app.change(HOST, &format!("{level}/default"), json!("Warning"));
    app.change(HOST, &format!("{level}/Function.CertificateAccessed"), json!("information"));
    app.change(HOST, sampling, Value::Null);
    app.change(HOST, "/logging/applicationInsights/samplingSettings/isEnabled", json!(false));
    assert_eq!(app.examined().1, Some(0), "{}", app.examined().0);
}

#[test]
fn any_setting_that_stands_above_host_json_is_read() {
    for (path, value, words) in [
        ("customHandler__description__defaultExecutablePath", "bin/x", "bin/x of host.json is missing"),
        ("customHandler__description__arguments__0", "replay", "with serve"),
        ("customHandler__description__arguments__1", "more", "with serve"),
        ("customhandler__description__arguments__1", "more", "with serve"),
        ("extensions__eventHubs__maxEventBatchSize", "5000", "limit of 256 MiB"),
        ("extensions__queues__maxDequeueCount", "5", "given up after 5"),
        ("functions__0", "NotifyTeams", "leaves out CertificateAccessed"),
        ("functionTimeout", "-1", "functionTimeout"),
        ("extensionBundle__version", "[1.*, 2.0.0)", "version 4"),
        ("logging__logLevel__default", "None", "are blind"),
    ] {
        assert_fault(|app| app.set(&format!("AzureFunctionsJobHost__{path}"), value), words);
        let path = path.replace("__", ":");
        assert_fault(|app| app.set(&format!("AzureFunctionsJobHost:{path}"), value), words);
    }
}
