//! The body of an invocation, by the stand-in for the Functions host that the tests use.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::{SignedDuration, Timestamp};

use crate::functions_host::encoding::envelope;
use crate::functions_host::event_hub;
pub use crate::functions_host::function::DataType;
use crate::functions_host::metadata::Metadata;
use crate::functions_host::newtonsoft::{array, quoted};

/// The bytes that the host posts for a batch whose trigger has this `dataType`, the same each time.
pub fn body(data_type: DataType, events: &[String]) -> Vec<u8> {
    let bodies = events.iter().map(|event| event.clone().into_bytes());
    let enqueued: Timestamp = "2026-03-02T08:15:30.417Z".parse().expect("a time");
    let batch = event_hub::Batch::new("2", 90_210, bodies).enqueued_from(enqueued, SignedDuration::from_millis(137));
    let mut metadata = Metadata::of_batch(&batch);
    metadata.set(
        "sys",
        r#"{"MethodName":"CertificateAccessed","UtcNow":"2026-03-02T08:15:31.1234567Z","RandGuid":"00000000-0000-0000-0000-00000000000e"}"#
            .to_owned(),
    );
    let elements = events.iter().map(|event| match data_type {
        DataType::Binary => quoted(&BASE64_STANDARD.encode(event)),
        DataType::String => quoted(event),
    });
    envelope("events", quoted(&array(elements)), metadata)
}
