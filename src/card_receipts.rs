//! Receipts of posted cards: an empty blob for each alert, so that one card is posted however often the queue repeats it.
//!
//! An edge, and it fails open: a receipt that cannot be asked for counts as none, and one that cannot be written leads to
//! a second card at the most. Neither may take long, because a card is worth more than its receipt.

mod container;

use std::future::Future;
use std::time::Duration;

use object_store::azure::MicrosoftAzure;
use object_store::path::Path;
use object_store::{ObjectStoreExt as _, PutPayload};
use tokio::sync::OnceCell;

use crate::blob_windows::{Account, AccountFault};
use crate::tls;

/// The container of what instances share, made where it is missing.
const CONTAINER: &str = "certificate-state";
/// How long a card waits for its receipt to be found, and then the answer for it to be written.
const TIMEOUT: Duration = Duration::from_secs(1);

/// The receipts in one storage account.
#[derive(Debug)]
pub struct CardReceipts {
    account: Account,
    store: OnceCell<MicrosoftAzure>,
}

/// Why a receipt could not be found or written.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptFault {
    /// Settings that make no address.
    #[error(transparent)]
    Account(#[from] AccountFault),
    /// The account refused it, or could not be reached.
    #[error("the storage account does not take it: {}", first_line(.0))]
    Storage(#[from] object_store::Error),
    /// The container is missing and cannot be made.
    #[error("the container {CONTAINER} cannot be made: {0}; make it, or give the app's identity the right to")]
    Container(#[from] container::ContainerFault),
    /// No answer in time.
    #[error("the storage account did not answer within a second")]
    Late,
}

impl CardReceipts {
    /// The receipts of an account; nothing is sent yet.
    #[must_use]
    pub fn new(account: Account) -> Self {
        Self { account, store: OnceCell::new() }
    }

    /// Whether the card of an alert was posted before.
    ///
    /// # Errors
    /// [`ReceiptFault`] where the account cannot be asked.
    pub async fn has(&self, alert_id: &str) -> Result<bool, ReceiptFault> {
        in_time(async {
            match self.store().await?.head(&path(alert_id)).await {
                Ok(_) => Ok(true),
                Err(object_store::Error::NotFound { .. }) => Ok(false),
                Err(error) => Err(error.into()),
            }
        })
        .await
    }

    /// Keeps that the card of an alert was posted.
    ///
    /// # Errors
    /// [`ReceiptFault`] where the account does not take it.
    pub async fn put(&self, alert_id: &str) -> Result<(), ReceiptFault> {
        in_time(async {
            let store = self.store().await?;
            let put = || async { store.put(&path(alert_id), PutPayload::new()).await.map(drop) };
            match put().await {
                Err(object_store::Error::NotFound { .. }) => {
                    container::make(&self.account, store, CONTAINER).await?;
                    Ok(put().await?)
                }
                written => Ok(written?),
            }
        })
        .await
    }

    /// Made on first use and off the thread that answers the host: the system's root certificates are read from disk.
    async fn store(&self) -> Result<&MicrosoftAzure, ReceiptFault> {
        let account = self.account.clone();
        let make = || async {
            let made = tokio::task::spawn_blocking(move || {
                tls::provide();
                account.container(CONTAINER)
            });
            made.await.unwrap_or(Err(AccountFault::Address))
        };
        Ok(self.store.get_or_try_init(make).await?)
    }
}

/// An alert's id holds letters, digits and hyphens alone.
fn path(alert_id: &str) -> Path {
    Path::from(format!("cards/{alert_id}"))
}

async fn in_time<T>(work: impl Future<Output = Result<T, ReceiptFault>>) -> Result<T, ReceiptFault> {
    tokio::time::timeout(TIMEOUT, work).await.unwrap_or(Err(ReceiptFault::Late))
}

/// What the account said, without the XML that follows.
fn first_line(error: &object_store::Error) -> String {
    error.to_string().lines().next().unwrap_or_default().to_owned()
}
