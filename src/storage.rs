//! The app's own storage account: who it is, and one container of blobs in it.
//!
//! An edge. `object_store` signs in, signs requests and lists blobs. It has no append blobs and creates no container, and its
//! errors hide what the service said of a request, so [`Container`] makes the requests itself.

mod account;
mod container;
mod fault;

pub use account::{Account, AccountFault};
pub use container::{Appended, Container};
pub use fault::StorageFault;

/// The container for the product's own state, which creates it where the deployment has not.
pub const STATE_CONTAINER: &str = "certificate-state";
