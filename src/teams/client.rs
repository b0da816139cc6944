//! The one HTTP client of the process.

use std::time::Duration;

use reqwest::{Client, redirect, retry};

use super::error::{Fault, SendError};
use crate::tls;

/// The longest that a connection may take to open.
const CONNECT_LIMIT: Duration = Duration::from_secs(3);
/// How long an unused connection is kept; webhooks close it after a minute or two.
const IDLE_LIMIT: Duration = Duration::from_secs(30);

/// Makes the client, off the thread that answers the host: the system's root certificates are read from disk.
pub(super) async fn build() -> Result<Client, SendError> {
    let client = tokio::task::spawn_blocking(configured).await;
    // A panic while building would be a bug of ours; it must not look as if a card had been posted.
    client.ok().flatten().ok_or_else(|| SendError::new(Fault::NoClient, 0))
}

fn configured() -> Option<Client> {
    tls::provide();
    Client::builder()
        .user_agent(concat!("certificate-accessed/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(CONNECT_LIMIT)
        .pool_idle_timeout(IDLE_LIMIT)
        // A 302 would turn the POST into a GET of a sign-in page that answers 200; a 307 would send the alert elsewhere.
        .redirect(redirect::Policy::none())
        // Retries are decided in `retry`, within the budget.
        .retry(retry::never())
        // A proxy in the environment must not get a credential.
        .no_proxy()
        .build()
        .ok()
}
