//! Receipts of posted cards: an empty blob for each alert, so that a card is posted once however often the queue repeats the
//! alert.
//!
//! An edge, and it fails open: if a receipt cannot be looked up the card is posted, and if one cannot be written the card
//! may be posted twice. Neither may take long, because a card is worth more than its receipt.

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;
use tokio::sync::OnceCell;

use crate::storage::{Account, AccountFault, Container, STATE_CONTAINER, StorageFault};

/// How long a card waits for its receipt to be looked up, and the answer for the receipt to be written.
const TIMEOUT: Duration = Duration::from_secs(1);

/// The receipts in one storage account.
#[derive(Debug)]
pub struct CardReceipts {
    account: Account,
    container: OnceCell<Container>,
}

/// Why a receipt could not be looked up or written.
#[derive(Debug, thiserror::Error)]
pub enum ReceiptFault {
    /// Settings that give no address.
    #[error(transparent)]
    Account(#[from] AccountFault),
    /// The account refused it, or could not be reached.
    #[error(transparent)]
    Storage(#[from] StorageFault),
    /// No answer in time.
    #[error("the storage account did not answer within a second")]
    Late,
}

impl CardReceipts {
    /// The receipts of an account; nothing is sent yet.
    #[must_use]
    pub fn new(account: Account) -> Self {
        Self { account, container: OnceCell::new() }
    }

    /// Whether the card of an alert was posted before.
    ///
    /// # Errors
    /// [`ReceiptFault`] if the account cannot be asked.
    pub async fn has(&self, alert_id: &str) -> Result<bool, ReceiptFault> {
        in_time(async { Ok(self.container().await?.has(&name(alert_id)).await?) }).await
    }

    /// Records that the card of an alert was posted.
    ///
    /// # Errors
    /// [`ReceiptFault`] if the account does not take it.
    pub async fn put(&self, alert_id: &str) -> Result<(), ReceiptFault> {
        in_time(async {
            let (container, name) = (self.container().await?, name(alert_id));
            let put = || container.put_if_absent(&name, Bytes::new());
            let written = match put().await {
                Err(StorageFault::Missing) => {
                    container.create().await?;
                    put().await
                }
                written => written,
            };
            Ok(written.map(drop)?)
        })
        .await
    }

    /// The container, made on first use and off the thread that answers the host: root certificates are read from disk.
    async fn container(&self) -> Result<&Container, ReceiptFault> {
        let account = self.account.clone();
        let make = || async {
            let made = tokio::task::spawn_blocking(move || Container::of(&account, STATE_CONTAINER));
            made.await.unwrap_or(Err(AccountFault::Address))
        };
        Ok(self.container.get_or_try_init(make).await?)
    }
}

/// The name of an alert's blob; an id has letters, digits and hyphens only.
fn name(alert_id: &str) -> String {
    format!("cards/{alert_id}")
}

async fn in_time<T>(work: impl Future<Output = Result<T, ReceiptFault>>) -> Result<T, ReceiptFault> {
    tokio::time::timeout(TIMEOUT, work).await.unwrap_or(Err(ReceiptFault::Late))
}
