//! The memory that bodies are read into.

use std::sync::{Arc, Mutex, PoisonError};

use super::body_room::BodyRoom;

/// How large a buffer may be that is kept while there is no invocation: what a usual batch has.
const MAX_KEPT_BYTES: usize = 1 << 20;
/// How many are kept: one for each partition that an instance usually has.
const MAX_KEPT: usize = 8;

/// Buffers that invocations use one after another, so that the system need not give and clear their pages each time.
#[derive(Debug, Clone, Default)]
pub struct BodyBuffers {
    kept: Arc<Mutex<Vec<Vec<u8>>>>,
    room: BodyRoom,
}

impl BodyBuffers {
    /// Takes a buffer; a new one where other invocations have them all.
    #[must_use]
    pub fn take(&self) -> Vec<u8> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    /// The room that all bodies share.
    pub(super) fn room(&self) -> &BodyRoom {
        &self.room
    }

    /// Gives it back, empty, when the body is no longer needed.
    pub fn give_back(&self, mut buffer: Vec<u8>) {
        buffer.clear();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if buffer.capacity() <= MAX_KEPT_BYTES && kept.len() < MAX_KEPT {
            kept.push(buffer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_used_again_unless_it_is_large_or_one_of_many() {
        let bodies = BodyBuffers::default();
        let buffer = [bodies.take(), b"a body".to_vec()].concat();
        let place = buffer.as_ptr();

        bodies.give_back(buffer);

        let again = bodies.take();
        assert_eq!((again.as_ptr(), again.len()), (place, 0));
        assert_eq!(bodies.take().capacity(), 0, "while the first is out, there is a new one");
        bodies.give_back(vec![0; MAX_KEPT_BYTES + 1]);
        assert_eq!(bodies.take().capacity(), 0, "a large one goes back to the system");
        (0..=MAX_KEPT).for_each(|_| bodies.give_back(vec![0; 10]));
        assert_eq!(bodies.kept.lock().unwrap().len(), MAX_KEPT);
    }
}
