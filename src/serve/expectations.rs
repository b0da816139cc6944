//! Expected access: a file is read once, a blob every minute. A list that cannot be used does not end the detection.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::config::{BlobPlace, ExpectedPlace, Settings};
use crate::detector::Detector;
use crate::expected::{ExpectedAccess, MAX_FILE_BYTES};
use crate::expected_blob::ExpectedBlob;
use crate::process_log::ErrorStream;
use crate::small_file;
use crate::storage::{Account, AccountFault};

/// How often a blob is read.
const READ_AGAIN_EVERY: Duration = Duration::from_mins(1);

/// Hands the list of expected access to the detector, and reports what is wrong with it.
pub(super) struct Expectations {
    detector: Arc<Detector>,
    errors: ErrorStream,
    /// The fault that was reported last.
    reported: Option<String>,
}

impl Expectations {
    pub(super) fn new(detector: Arc<Detector>, errors: ErrorStream) -> Self {
        Self { detector, errors, reported: None }
    }

    /// Reads the list before the first batch is taken, so that a start raises no alert that is expected; a blob is read
    /// again and again after that.
    pub(super) async fn read(mut self, settings: &Settings) {
        if let Some(fault) = settings.optional_faults.expected_access.sentence() {
            return self.take(ExpectedAccess::broken(fault));
        }
        match &settings.expected_access {
            None => {}
            Some(ExpectedPlace::File(path)) => self.take(read_file(path)),
            Some(ExpectedPlace::Blob(place)) => self.keep_reading(place.clone(), &settings.storage).await,
        }
    }

    async fn keep_reading(mut self, place: BlobPlace, account: &Result<Account, AccountFault>) {
        let blob = account.as_ref().map_err(Clone::clone).and_then(|account| ExpectedBlob::of(account, place));
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

    /// Uses this list from the next batch on; a fault is reported if it is new.
    fn take(&mut self, expected: ExpectedAccess) {
        let fault = expected.fault().map(str::to_owned);
        if fault != self.reported {
            match &fault {
                Some(fault) => self.errors.warning(&format!("EXPECTED_ACCESS cannot be used: {fault}")),
                None => tracing::info!("EXPECTED_ACCESS can be used again"),
            }
            self.reported = fault;
        }
        self.detector.expect(expected);
    }
}

fn read_file(path: &Path) -> ExpectedAccess {
    let read = small_file::read(path, MAX_FILE_BYTES).map_err(|fault| fault.to_string());
    let parsed = read.and_then(|text| ExpectedAccess::parse(&text).map_err(|error| error.to_string()));
    parsed.unwrap_or_else(ExpectedAccess::broken)
}
