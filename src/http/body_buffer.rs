//! The memory that bodies are read into.

use std::sync::{Arc, Mutex, PoisonError};

/// How much is kept while there is no invocation: what a usual batch has.
const MAX_KEPT_BYTES: usize = 1 << 20;

/// A buffer that invocations use one after another, so that the system need not give and clear its pages each time.
#[derive(Debug, Clone, Default)]
pub struct BodyBuffer(Arc<Mutex<Vec<u8>>>);

impl BodyBuffer {
    /// Takes the buffer; where another invocation has it, a new one.
    pub(super) fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Gives it back, empty, when the body is no longer needed.
    pub(super) fn give_back(&self, mut buffer: Vec<u8>) {
        buffer.clear();
        if buffer.capacity() <= MAX_KEPT_BYTES {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = buffer;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_buffer_is_used_again_unless_it_is_large() {
        let bodies = BodyBuffer::default();
        let buffer = [bodies.take(), b"a body".to_vec()].concat();
        let place = buffer.as_ptr();

        bodies.give_back(buffer);

        let again = bodies.take();
        assert_eq!((again.as_ptr(), again.len()), (place, 0));
        assert_eq!(bodies.take().capacity(), 0, "while the first is out, there is a new one");
        bodies.give_back(vec![0; MAX_KEPT_BYTES + 1]);
        assert_eq!(bodies.take().capacity(), 0, "a large one goes back to the system");
    }
}
