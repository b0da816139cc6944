//! The app's own storage account: who it is, and one container of blobs in it.
//!
//! An edge. `object_store` signs in, signs requests and lists blobs. It has no append blobs and creates no container, and its
//! errors hide what the service said of a request, so [`Container`] makes the requests itself.

mod account;
mod container;

pub use account::{Account, AccountFault};
pub use container::Container;

use object_store::client::{HttpError, HttpErrorKind};

/// The container for the product's own state, which creates it where the deployment has not.
pub const STATE_CONTAINER: &str = "certificate-state";
/// The container of the note that says since when reads were learnt: another one, so that the log cannot go without a trace.
pub const LEARNT_CONTAINER: &str = "certificate-learnt";

/// Why a request was not carried out, or why nobody knows whether it was. No text of the service's answer is repeated.
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
    fn away(detail: impl Into<String>) -> Self {
        Self::Away { detail: detail.into() }
    }

    /// The fault that an HTTP status means.
    fn of_status(status: u16) -> Self {
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
