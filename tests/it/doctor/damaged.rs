//! Copies of the shipped app, each damaged in one way: what `doctor` says is what the host was seen to do.

use serde_json::{Value, json};

use super::app_folder::{AppFolder, BINARY, DETECTOR, HOST, assert_fault, assert_note};

const ALONE: &str = "the host switches off that function alone, and says Running";

#[test]
fn an_output_in_another_case_loses_what_is_written_to_it() {
    assert_fault(
        |app| app.change(DETECTOR, "/bindings/1/name", json!("Alerts")),
        "no binding alerts in this case, so every alert would be lost",
    );
}

#[test]
fn a_retry_policy_without_a_member_switches_off_its_function_alone() {
    assert_fault(|app| app.change(DETECTOR, "/retry/minimumInterval", Value::Null), ALONE);
    assert_fault(|app| app.change(DETECTOR, "/retry/strategy", json!("linear")), ALONE);
}

#[test]
fn a_binding_that_the_host_does_not_know_switches_off_its_function_alone() {
    let unknown = json!({"type": "pigeon", "direction": "out", "name": "copies"});
    assert_fault(
        |app| app.change(DETECTOR, "/bindings/-", unknown),
        "of a type that the binary does not know; the host switches off that function alone, and says Running",
    );
}

#[test]
fn a_place_to_begin_at_that_does_not_exist_keeps_the_host_from_starting() {
    let kind = "/extensions/eventHubs/initialOffsetOptions/type";
    assert_fault(|app| app.change(HOST, kind, json!("begin")), "one that does not exist, so the host does not start");
    assert_note(|app| app.change(HOST, kind, json!("fromEnd")), "what waited there before is never read");
}

#[test]
fn a_function_is_disabled_with_full_stops_or_single_underscores() {
    for name in ["AzureWebJobs.CertificateAccessed.Disabled", "AzureWebJobs_CertificateAccessed_Disabled"] {
        assert_fault(|app| app.set(name, "true"), "the detection is turned off");
    }
}

#[test]
fn a_function_is_not_disabled_with_double_underscores() {
    assert_fault(
        |app| app.set("AzureWebJobs__CertificateAccessed__Disabled", "true"),
        "AzureWebJobs__CertificateAccessed__Disabled does nothing",
    );
}

#[test]
fn a_handler_that_has_no_time_to_start_ends_the_host() {
    assert_fault(
        |app| app.change(HOST, "/customHandler/initializationTimeout", json!("00:00:02")),
        "a start that takes longer counts as a crash, and the third crash ends the host",
    );
}

#[test]
fn a_batch_beyond_the_memory_of_an_instance_ends_the_host_and_comes_again() {
    let hub = "/extensions/eventHubs";
    for batch in [json!(26), json!(100), Value::Null] {
        assert_fault(
            |app| app.change(HOST, &format!("{hub}/maxEventBatchSize"), batch),
            "than the host can hold with 2,048 MB: it ends, and the same batch comes again",
        );
    }
    for waiting in [json!(26), json!(300), Value::Null] {
        assert_fault(
            |app| app.change(HOST, &format!("{hub}/prefetchCount"), waiting),
            "than the host can hold with 2,048 MB: it ends, and they come again",
        );
    }
}

#[test]
fn a_minimum_above_the_maximum_of_a_batch_keeps_the_host_from_starting() {
    assert_fault(
        |app| app.change(HOST, "/extensions/eventHubs/minEventBatchSize", json!(50)),
        "above it the host does not start",
    );
}

#[test]
fn an_executable_that_is_missing_stops_the_host_at_the_first_invocation() {
    assert_fault(
        |app| std::fs::remove_file(app.0.path().join(BINARY)).unwrap(),
        "the host says Running, and the first invocation stops it",
    );
}

#[test]
fn a_value_out_of_range_keeps_the_host_from_starting() {
    for (path, value) in [
        ("/extensions/queues/batchSize", json!(100)),
        ("/extensions/queues/messageEncoding", json!("base32")),
        ("/extensions/eventHubs/maxEventBatchSize", json!(0)),
        ("/functionTimeout", json!("5m")),
        ("/version", Value::Null),
    ] {
        assert_fault(|app| app.change(HOST, path, value), "so the host does not start");
    }
}

#[test]
fn a_message_that_is_no_base64_goes_to_the_poison_queue_at_once() {
    assert_note(
        |app| app.change(HOST, "/extensions/queues/messageEncoding", json!("none")),
        "puts each into the poison queue at once, with a warning only",
    );
}

#[test]
fn a_deployment_that_waits_for_nothing_pays_for_each_event() {
    let hub = "/extensions/eventHubs";
    assert_note(
        |app| app.change(HOST, &format!("{hub}/minEventBatchSize"), Value::Null),
        "each event of a trickle is an invocation, which is billed as a second at least",
    );
    assert_note(
        |app| app.change(HOST, &format!("{hub}/targetUnprocessedEventThreshold"), Value::Null),
        "Azure starts an instance for each maxEventBatchSize events that wait",
    );
    assert_fault(|app| app.change(HOST, &format!("{hub}/maxWaitTime"), json!("00:15:00")), "no time up to ten minutes");
    assert_fault(
        |app| app.change(HOST, &format!("{hub}/partitionOwnershipExpirationInterval"), json!("00:00:20")),
        "hosts take partitions from each other",
    );
}

#[test]
fn another_runtime_is_mended_as_the_plan_allows() {
    assert_fault(|app| app.set("FUNCTIONS_WORKER_RUNTIME", "node"), "on Flex Consumption remove it");
}

#[test]
fn the_shipped_app_is_what_the_decision_says() {
    let (lines, code) = AppFolder::whole().examined();

    assert_eq!(code, Some(0), "{lines}");
    assert!(lines.contains("ok     four partitions of the largest events fit into an instance of 2,048 MB"), "{lines}");
}
