//! Who is given what stands in files.

use std::borrow::Cow;

use super::unread::Unread;
use crate::source::Place;

/// What is longer is given away as it is, so that it is never there twice.
const LONG_BYTES: usize = 1 << 20;

/// A body as Event Hubs would have carried it.
#[derive(Debug)]
pub struct Body<'b> {
    /// Its bytes; a long one gives them away.
    pub bytes: Cow<'b, [u8]>,
    /// Where it begins.
    pub place: Place,
    /// How many bytes of the file stand before it, where its bytes are the file's own, so that they can be read again.
    pub offset: Option<u64>,
    /// Whether it is longer than what is read of it.
    pub is_cut: bool,
}

/// Who is given the bodies of files, in their order.
///
/// `name` is a file's path, or `archive.zip:path/in/archive.json` for a file in an archive.
pub trait Receiver {
    /// Takes a body.
    fn body(&mut self, body: Body<'_>);

    /// Takes what could not be read of an input; what came before it was given out, and more may come.
    fn fault(&mut self, name: &str, fault: Unread);

    /// Takes the end of an input: nothing more of it will come.
    fn end(&mut self, name: &str);
}

/// Bytes as a body has them; long ones are taken away.
pub(super) fn bytes_of(bytes: &mut Vec<u8>) -> Cow<'_, [u8]> {
    if bytes.len() > LONG_BYTES { Cow::Owned(std::mem::take(bytes)) } else { Cow::Borrowed(bytes) }
}
