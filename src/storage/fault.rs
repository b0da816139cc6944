//! Why a storage account did not do what it was asked.

/// A request that was not carried out, or of which nobody knows. No text of the service's answer is repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StorageFault {
    /// There is no such blob or container.
    #[error("the storage account has no such blob or container")]
    Missing,
    /// The account does not let this app in.
    #[error(
        "the storage account refuses access (status {status}); give the app's identity the role Storage Blob Data Owner, \
         or mend AzureWebJobsStorage and the account's firewall"
    )]
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// There is no way to sign in.
    #[error(
        "no token for the storage account can be had; check AzureWebJobsStorage__clientId, and that the app has this identity"
    )]
    SignIn,
    /// No answer in time, no connection, or an error of the service's own: what became of the request is unknown.
    #[error("the storage account does not answer ({detail}); it is asked again")]
    Away {
        /// A status, or what kind of failure it is.
        detail: String,
    },
}

impl StorageFault {
    /// The fault that a status says.
    pub(super) fn of_status(status: u16) -> Self {
        match status {
            404 => Self::Missing,
            401 | 403 => Self::Refused { status },
            _ => Self::Away { detail: format!("status {status}") },
        }
    }

    /// The fault of a request in which no answer came.
    pub(super) fn no_answer(error: &(dyn std::error::Error + 'static)) -> Self {
        let mut chain = std::iter::successors(Some(error), |error| error.source());
        let is_late = chain.any(|error| {
            let text = error.to_string();
            text.contains("timed out") || text.contains("timeout")
        });
        Self::Away { detail: if is_late { "no answer in time" } else { "no connection" }.to_owned() }
    }
}

impl From<object_store::Error> for StorageFault {
    fn from(error: object_store::Error) -> Self {
        match &error {
            object_store::Error::NotFound { .. } => Self::Missing,
            object_store::Error::PermissionDenied { .. } => Self::Refused { status: 403 },
            object_store::Error::Unauthenticated { .. } => Self::Refused { status: 401 },
            _ => Self::no_answer(&error),
        }
    }
}
