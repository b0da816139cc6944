//! The app's own storage account: who it is, and one container of blobs in it.
//!
//! An edge. Blobs are read and written by `object_store`; what it lacks, append blobs and the making of a container, is
//! signed by its authorizer and sent by its client.

mod account;
mod container;
mod fault;

pub use account::{Account, AccountFault};
pub use container::{Appended, Container};
pub use fault::StorageFault;

/// The container of what the product itself keeps; it makes it where the deployment has not.
pub const STATE_CONTAINER: &str = "certificate-state";
