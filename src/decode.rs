//! Bytes of one Event Hubs event in, records out: every form that Azure Monitor and the Functions host write.
//!
//! What cannot be read becomes a [`Piece::Undecodable`] with its reason. It is never dropped silently, and it never costs
//! the records around it.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod body;
mod form;
mod kind;
mod operation_names;
mod piece;
mod record;
mod salvage;
mod tables;
mod walk;

pub(crate) use body::base64_of_json;
pub use body::read_body;
pub use form::NormalForm;
pub use kind::{KindCounts, RecordKind};
pub use operation_names::OperationNames;
pub use piece::{Piece, Reason};
pub use record::Record;
