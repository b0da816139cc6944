//! Who is given what stands in files.

use super::unread::Unread;
use crate::source::Place;

/// A body as Event Hubs would have carried it.
#[derive(Debug)]
pub struct Body<'b> {
    /// Its bytes.
    pub bytes: &'b [u8],
    /// Where it begins.
    pub place: Place,
    /// Whether it is longer than what is read of it.
    pub is_cut: bool,
}

/// Who is given the bodies of files, in their order.
///
/// `name` is a file's path, or `archive.zip:path/in/archive.json` for a file in an archive.
pub trait Receiver {
    /// Takes a body.
    fn body(&mut self, body: &Body<'_>);

    /// Takes what could not be read of an input; what came before it was given out, and more may come.
    fn fault(&mut self, name: &str, fault: &Unread);

    /// Takes the end of an input: nothing more of it will come.
    fn end(&mut self, name: &str);
}
