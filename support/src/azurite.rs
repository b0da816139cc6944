//! A real Azurite, started once for all tests of a process, and a client for it.

mod client;
mod process;
mod signature;
mod xml;

use std::sync::OnceLock;

pub use client::{StorageClient, StorageFailure};
pub use xml::StoredMessage;

use process::AzuriteProcess;

/// The account that every storage emulator knows; its key is public.
pub const ACCOUNT: &str = "devstoreaccount1";
/// The public key of [`ACCOUNT`].
pub const ACCOUNT_KEY: &str =
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

/// A running Azurite.
#[derive(Debug)]
pub struct Azurite {
    blob_endpoint: String,
    queue_endpoint: String,
    // Held for its pipe: when this process ends, however it ends, Azurite ends with it.
    _process: AzuriteProcess,
}

impl Azurite {
    /// The Azurite of this process, started on first use. `None`, with a warning on stderr, if it cannot run; with
    /// `CI=true` the test fails instead.
    pub fn shared() -> Option<&'static Self> {
        static SHARED: OnceLock<Option<Azurite>> = OnceLock::new();
        SHARED
            .get_or_init(|| match Self::start() {
                Ok(azurite) => Some(azurite),
                Err(reason) => {
                    report_absence(&reason);
                    None
                }
            })
            .as_ref()
    }

    /// An Azurite for one test, whose contents no other test may change. `None` as above.
    pub fn own() -> Option<Self> {
        Self::start().inspect_err(|reason| report_absence(reason)).ok()
    }

    /// The blob endpoint, with the account's name.
    pub fn blob_endpoint(&self) -> &str {
        &self.blob_endpoint
    }

    fn start() -> Result<Self, String> {
        let (process, endpoints) = AzuriteProcess::start()?;
        Ok(Self {
            blob_endpoint: format!("{}/{ACCOUNT}", endpoints.blob),
            queue_endpoint: format!("{}/{ACCOUNT}", endpoints.queue),
            _process: process,
        })
    }

    /// What `AzureWebJobsStorage` is set to.
    pub fn connection_string(&self) -> String {
        format!(
            "DefaultEndpointsProtocol=http;AccountName={ACCOUNT};AccountKey={ACCOUNT_KEY};\
             BlobEndpoint={};QueueEndpoint={};",
            self.blob_endpoint, self.queue_endpoint
        )
    }

    /// A new client, because a client's connections end with the runtime of its test.
    pub fn client(&self) -> Result<StorageClient, StorageFailure> {
        StorageClient::new(&self.blob_endpoint, &self.queue_endpoint)
    }
}

#[allow(
    clippy::panic,
    clippy::print_stderr,
    reason = "a skipped test has to be seen, and in CI there is no such thing"
)]
fn report_absence(reason: &str) {
    let ci = std::env::var("CI").is_ok_and(|value| value == "true");
    assert!(!ci, "CI=true, and Azurite cannot run: {reason}");
    eprintln!("\n*** AZURITE TESTS DID NOT RUN: {reason} ***\n");
}
