//! Functions of a made-up app, for the stand-in's own tests.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use support::functions_host::app::{App, Settings};
use support::functions_host::function::Function;

const DETECTOR: &str = "Detector";
const NOTIFIER: &str = "Notifier";

/// An app whose Event Hub function is bound with this cardinality and dataType.
fn app_with(cardinality: &str, data_type: Option<&str>, retries: i64) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let host = json!({
        "version": "2.0",
        "extensions": { "eventHubs": { "maxEventBatchSize": 7 } },
        "customHandler": { "description": {
            "defaultExecutablePath": "bin/handler", "arguments": ["%HANDLER_MODE%"],
        } },
    });
    write(&root.path().join("host.json"), &host);
    let mut trigger = json!({
        "type": "eventHubTrigger", "direction": "in", "name": "events", "cardinality": cardinality,
    });
    if let Some(data_type) = data_type {
        trigger["dataType"] = json!(data_type);
    }
    let detector = json!({
        "bindings": [
            trigger,
            { "type": "queue", "direction": "out", "name": "alerts", "queueName": "%ALERT_QUEUE%" },
            { "type": "queue", "direction": "out", "name": "copies", "queueName": "copies" },
            { "type": "blob", "direction": "out", "name": "rejected",
              "path": "rejected/{DateTime:yyyy}/{DateTime:MM}/{DateTime:dd}/{rand-guid}.ndjson" },
        ],
        "retry": { "strategy": "exponentialBackoff", "maxRetryCount": retries,
                   "minimumInterval": "00:00:05", "maximumInterval": "00:05:00" },
    });
    write(&root.path().join(DETECTOR).join("function.json"), &detector);
    let notifier = json!({ "bindings": [
        { "type": "queueTrigger", "direction": "in", "name": "alert", "queueName": "alerts" },
    ] });
    write(&root.path().join(NOTIFIER).join("function.json"), &notifier);
    root
}

fn settings(mode: &str) -> Vec<(String, String)> {
    let pairs = [("HANDLER_MODE", mode), ("ALERT_QUEUE", "alerts")];
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

/// The Event Hub function, read from an app folder.
pub(super) fn detector(cardinality: &str, data_type: Option<&str>) -> Function {
    let root = app_with(cardinality, data_type, -1);
    let mut app = App::read(root.path(), Settings::new(&settings("serve"))).unwrap();
    app.functions.remove(DETECTOR).unwrap()
}

/// The queue function.
pub(super) fn notifier() -> Function {
    let root = app_with("many", None, -1);
    let mut app = App::read(root.path(), Settings::default()).unwrap();
    app.functions.remove(NOTIFIER).unwrap()
}

fn write(file: &Path, json: &Value) {
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(file, json.to_string()).unwrap();
}
