//! What is expected: from a file once, from a blob again and again. A list that cannot be used does not end the detection.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::config::{BlobPlace, ExpectedPlace, Settings};
use crate::detector::Detector;
use crate::expected::{ExpectedAccess, MAX_FILE_BYTES};
use crate::expected_blob::ExpectedBlob;
use crate::process_log::ErrorStream;
use crate::small_file;
use crate::storage::Account;

/// How long a blob counts as it was read.
const READ_AGAIN_EVERY: Duration = Duration::from_mins(1);

/// Who learns what is expected, and what is wrong with it.
pub(super) struct Expectations {
    detector: Arc<Detector>,
    errors: ErrorStream,
    /// What was told last.
    told: Option<String>,
}

impl Expectations {
    pub(super) fn new(detector: Arc<Detector>, errors: ErrorStream) -> Self {
        Self { detector, errors, told: None }
    }

    /// Reads what the settings name before the first batch is taken, so that a start makes no noise; a blob goes on being read.
    pub(super) async fn read(mut self, settings: &Settings, lookup: &dyn Fn(&str) -> Option<String>) {
        if let Some(fault) = settings.lacking.expected_access.sentence() {
            return self.take(ExpectedAccess::broken(fault));
        }
        match &settings.expected_access {
            None => {}
            Some(ExpectedPlace::File(path)) => self.take(read_file(path)),
            Some(ExpectedPlace::Blob(place)) => self.keep_reading(place.clone(), lookup).await,
        }
    }

    async fn keep_reading(mut self, place: BlobPlace, lookup: &dyn Fn(&str) -> Option<String>) {
        let blob = Account::read(lookup).and_then(|account| ExpectedBlob::of(&account, place));
        let mut blob = match blob {
            Ok(blob) => blob,
            Err(fault) => return self.take(ExpectedAccess::broken(fault.to_string())),
        };
        self.take(blob.read().await);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(READ_AGAIN_EVERY).await;
                self.take(blob.read().await);
            }
        });
    }

    /// Expects this from the next batch on; a fault is told where it is new.
    fn take(&mut self, expected: ExpectedAccess) {
        let fault = expected.fault().map(str::to_owned);
        if fault != self.told {
            match &fault {
                Some(fault) => self.errors.warning(&format!("EXPECTED_ACCESS cannot be used: {fault}")),
                None => tracing::info!("EXPECTED_ACCESS can be used again"),
            }
            self.told = fault;
        }
        self.detector.expect(expected);
    }
}

fn read_file(path: &Path) -> ExpectedAccess {
    let read = small_file::read(path, MAX_FILE_BYTES).map_err(|fault| fault.to_string());
    let parsed = read.and_then(|text| ExpectedAccess::parse(&text).map_err(|error| error.to_string()));
    parsed.unwrap_or_else(ExpectedAccess::broken)
}
