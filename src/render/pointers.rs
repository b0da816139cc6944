//! What was cut out of one part of a message, as JSON pointers (RFC 6901).

use crate::json::quoted;

/// How many bytes the pointers into one part of a message may take together.
pub(super) const MAX_POINTER_BYTES: usize = 1024;

/// The pointers into one part of a message; if they are too long, only the pointer to the part itself.
#[derive(Debug)]
pub(super) struct Pointers {
    part: &'static str,
    pointers: Vec<String>,
    bytes: usize,
}

impl Pointers {
    /// No pointers yet into the part with the pointer `part`.
    pub(super) fn into_part(part: &'static str) -> Self {
        Self { part, pointers: Vec::new(), bytes: 0 }
    }

    /// Adds the value that these keys and indexes lead to, and takes out the pointers into it.
    pub(super) fn add<'k>(&mut self, keys: impl IntoIterator<Item = &'k str>) {
        if self.bytes > MAX_POINTER_BYTES {
            return;
        }
        let pointer = keys
            .into_iter()
            .fold(self.part.to_owned(), |pointer, key| pointer + "/" + &key.replace('~', "~0").replace('/', "~1"));
        let is_inside = |known: &str| known.strip_prefix(&pointer).is_some_and(|rest| rest.starts_with('/'));
        self.pointers.retain(|known| !is_inside(known));
        if !self.pointers.contains(&pointer) {
            self.bytes += quoted(&pointer).len() + 1;
            self.pointers.push(pointer);
        }
    }

    /// The pointers, ready for `truncated`.
    pub(super) fn into_vec(self) -> Vec<String> {
        if self.bytes > MAX_POINTER_BYTES { vec![self.part.to_owned()] } else { self.pointers }
    }
}
