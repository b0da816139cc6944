//! The list of expected access in a blob of the app's own storage account, read again and again.
//!
//! An edge. What was good last stays in force while the blob cannot be read or holds something else.

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;

use crate::config::BlobPlace;
use crate::expected::{ExpectedAccess, MAX_FILE_BYTES};
use crate::storage::{Account, AccountFault, Container, StorageFault};

/// How long one reading may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The blob, and what was good in it last.
#[derive(Debug)]
pub struct ExpectedBlob {
    container: Container,
    name: String,
    good: Option<(Bytes, ExpectedAccess)>,
}

/// Why a blob holds no list that could be used. Nothing of it is repeated.
#[derive(Debug, thiserror::Error)]
enum BlobFault {
    /// Nobody has put one there.
    #[error("there is no such blob; upload it, into a container with access for nobody else")]
    Missing,
    /// The account does not give it out.
    #[error(transparent)]
    Storage(StorageFault),
    /// No answer in time.
    #[error("the storage account did not answer within {} seconds; it is asked again", TIMEOUT.as_secs())]
    Late,
    /// More than a list can be.
    #[error("the blob is over {} MiB; look whether it is the right one", MAX_FILE_BYTES >> 20)]
    TooLong,
    /// Bytes that are no text.
    #[error("the blob is not UTF-8; save it as UTF-8")]
    NotUtf8,
    /// No list, by line and column.
    #[error("{0}")]
    NoList(String),
}

impl ExpectedBlob {
    /// Reaches a blob of an account; nothing is sent yet.
    ///
    /// # Errors
    /// When the account cannot be addressed.
    pub fn of(account: &Account, place: BlobPlace) -> Result<Self, AccountFault> {
        Ok(Self { container: Container::of(account, &place.container)?, name: place.name, good: None })
    }

    /// What is expected as of now. A fault of the blob is told with it.
    pub async fn read(&mut self) -> ExpectedAccess {
        match in_time(self.read_good()).await {
            Ok(expected) => expected,
            Err(fault) => match &self.good {
                Some((_, good)) => {
                    good.clone().with_fault(format!("{fault}; the last list that was good stays in force"))
                }
                None => ExpectedAccess::broken(fault.to_string()),
            },
        }
    }

    async fn read_good(&mut self) -> Result<ExpectedAccess, BlobFault> {
        let read = self.container.read(&self.name, 0, Some(MAX_FILE_BYTES as u64 + 1)).await;
        let chunks = read.map_err(|fault| match fault {
            StorageFault::Missing => BlobFault::Missing,
            fault => BlobFault::Storage(fault),
        })?;
        let bytes = Bytes::from(chunks.concat());
        if let Some((_, good)) = self.good.as_ref().filter(|(known, _)| *known == bytes) {
            return Ok(good.clone());
        }
        if bytes.len() > MAX_FILE_BYTES {
            return Err(BlobFault::TooLong);
        }
        let text = std::str::from_utf8(&bytes).map_err(|_| BlobFault::NotUtf8)?;
        let expected = ExpectedAccess::parse(text).map_err(|error| BlobFault::NoList(error.to_string()))?;
        self.good = Some((bytes, expected.clone()));
        Ok(expected)
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T, BlobFault>>) -> Result<T, BlobFault> {
    tokio::time::timeout(TIMEOUT, work).await.unwrap_or(Err(BlobFault::Late))
}
