//! Making a container, which `object_store` cannot.

use axum::http::{Request, StatusCode, header};
use object_store::azure::{AzureAuthorizer, MicrosoftAzure};
use object_store::client::{HttpConnector as _, HttpError, HttpRequestBody, ReqwestConnector};

use crate::blob_windows::Account;

/// Why a container could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ContainerFault {
    /// The account's address makes no request.
    #[error("its address makes no request")]
    Request(#[from] axum::http::Error),
    /// There is no way to sign in.
    #[error("there is no way to sign in")]
    SignIn(#[from] object_store::Error),
    /// The account cannot be reached.
    #[error("the storage account cannot be reached")]
    Unreachable(#[from] HttpError),
    /// The account refused.
    #[error("the storage account answered {}", .0.as_u16())]
    Refused(StatusCode),
}

/// Makes a container, signed in as its `store`; one that another instance has made meanwhile is fine.
pub(super) async fn make(account: &Account, store: &MicrosoftAzure, container: &str) -> Result<(), ContainerFault> {
    let url = format!("{}/{container}?restype=container", account.endpoint());
    let request = Request::put(url).header(header::CONTENT_LENGTH, "0");
    let mut request = request.body(HttpRequestBody::empty())?;
    let credential = store.credentials().get_credential().await?;
    AzureAuthorizer::new(&credential, account.name()).try_authorize(&mut request)?;
    let client = ReqwestConnector::default().connect(&account.client_options())?;
    let status = client.execute(request).await?.status();
    if status.is_success() || status == StatusCode::CONFLICT { Ok(()) } else { Err(ContainerFault::Refused(status)) }
}
