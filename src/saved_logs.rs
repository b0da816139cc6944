//! Files as bodies: every kind of file in which people hold these logs, cut into what Event Hubs would have carried.
//!
//! A file is looked at by its first bytes, never by its name. What is packed is unpacked while it streams, and what holds
//! several files is read as several inputs. Memory has a bound whatever stands in a file.

mod archive;
mod avro;
mod budget;
mod form;
mod inputs;
mod layer;
mod lines;
mod list;
mod peeked;
mod receiver;
mod table;
mod unread;
mod utf16;

pub use avro::AvroFault;
pub use inputs::{PassedOver, find};
pub use layer::{OnRead, read_path, read_seekable, read_stream};
pub use lines::MAX_TEXT_BYTES;
pub use receiver::{Body, Receiver};
pub use unread::Unread;
