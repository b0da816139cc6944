//! Why a storage account did not do what it was asked.

use object_store::client::{HttpError, HttpErrorKind};

/// A request that was not carried out, or of which nobody knows. No text of the service's answer is repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StorageFault {
    /// There is no such blob or container.
    #[error("the storage account has no such blob or container")]
    Missing,
    /// The account does not let this app in.
    #[error(
        "the storage account refuses access (status {status}); give the app's identity the role Storage Blob Data Owner, \
         or correct AzureWebJobsStorage and the account's firewall"
    )]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// There is no way to sign in.
    #[error(
        "cannot get a token for the storage account; check AzureWebJobsStorage__clientId, and that the app has this identity"
    )]
    SignIn,
    /// No answer in time, no connection, or an error of the service itself: what became of the request is unknown.
    #[error("the storage account does not answer ({detail}); it is asked again")]
    Away {
        /// A status, or the kind of failure.
        detail: String,
    },
}

impl StorageFault {
    pub(super) fn away(detail: impl Into<String>) -> Self {
        Self::Away { detail: detail.into() }
    }

    /// The fault that an HTTP status means.
    pub(super) fn of_status(status: u16) -> Self {
        match status {
            404 => Self::Missing,
            401 | 403 => Self::Refused { status },
            _ => Self::away(format!("status {status}")),
        }
    }
}

impl From<HttpError> for StorageFault {
    fn from(error: HttpError) -> Self {
        Self::away(if error.kind() == HttpErrorKind::Timeout { "no answer in time" } else { "no connection" })
    }
}
