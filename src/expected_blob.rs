//! The list of expected access in a blob of the app's own storage account, read again and again.
//!
//! An edge. The last usable list stays in force while the blob cannot be read or has no usable one.

use std::time::Duration;

use bytes::Bytes;

use crate::config::BlobPlace;
use crate::expected::{ExpectedAccess, ExpectedAccessError, MAX_FILE_BYTES};
use crate::storage::{Account, AccountFault, Container, StorageFault};

/// How long one reading may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The blob, and the last usable list in it.
#[derive(Debug)]
pub struct ExpectedBlob {
    container: Container,
    name: String,
    good: Option<(Bytes, ExpectedAccess)>,
}

/// Why a blob has no usable list. Nothing of it is repeated.
#[derive(Debug, thiserror::Error)]
enum BlobFault {
    #[error("there is no such blob; upload it, into a container with access for nobody else")]
    Missing,
    #[error(transparent)]
    Storage(StorageFault),
    #[error("the storage account did not answer within {} seconds; it is asked again", TIMEOUT.as_secs())]
    Late,
    #[error(transparent)]
    NoList(#[from] ExpectedAccessError),
}

impl ExpectedBlob {
    /// A blob of an account; nothing is sent yet.
    ///
    /// # Errors
    /// When the account cannot be addressed.
    pub fn of(account: &Account, place: BlobPlace) -> Result<Self, AccountFault> {
        Ok(Self { container: Container::of(account, &place.container)?, name: place.name, good: None })
    }

    /// The list that is in force now, with what is wrong with the blob.
    pub async fn read(&mut self) -> ExpectedAccess {
        match tokio::time::timeout(TIMEOUT, self.read_good()).await.unwrap_or(Err(BlobFault::Late)) {
            Ok(expected) => expected,
            Err(fault) => match &self.good {
                Some((_, good)) => good.clone().with_fault(format!("{fault}; the last usable list stays in force")),
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
        let expected = ExpectedAccess::parse(&bytes)?;
        self.good = Some((bytes, expected.clone()));
        Ok(expected)
    }
}
