//! The body of a request, kept in segments, so that what was read of a large one is given back while the rest is read.

use std::collections::VecDeque;
use std::mem::take;

use bytes::{Bytes, BytesMut};

/// How long the first segment is: most bodies are one. What is only reserved takes no page.
const FIRST_SEGMENT_BYTES: usize = 1 << 20;
/// How long the others are: whole pages together with what an allocator writes beside them, or each would take a page more.
const SEGMENT_BYTES: usize = (256 << 10) - 64;

/// A body, or a part of one.
#[derive(Debug, Default)]
pub struct Body {
    /// Its segments.
    segments: VecDeque<Bytes>,
    /// The beginning of the next one.
    open: BytesMut,
}

impl Body {
    /// Adds bytes as they arrive.
    pub fn extend(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            if self.open.len() == self.open.capacity() {
                self.close();
                let is_first = self.segments.is_empty();
                self.open = BytesMut::with_capacity(if is_first { FIRST_SEGMENT_BYTES } else { SEGMENT_BYTES });
            }
            let room = self.open.capacity() - self.open.len();
            let (now, later) = bytes.split_at(bytes.len().min(room));
            self.open.extend_from_slice(now);
            bytes = later;
        }
    }

    /// How long it is.
    #[must_use]
    pub fn len(&self) -> usize {
        self.segments.iter().map(Bytes::len).sum::<usize>() + self.open.len()
    }

    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All of it in one piece. Each segment is given back when it is copied.
    #[must_use]
    pub fn whole(mut self) -> Bytes {
        let len = self.len();
        let first = self.next().unwrap_or_default();
        if first.len() == len {
            return first;
        }
        let mut whole = Vec::with_capacity(len);
        whole.extend_from_slice(&first);
        drop(first);
        self.for_each(|segment| whole.extend_from_slice(&segment));
        whole.into()
    }

    /// Its first segment. Of a body that was filled by [`extend`](Self::extend) that is all of it, or [`FIRST_SEGMENT_BYTES`].
    pub(super) fn start(&mut self) -> &[u8] {
        self.close();
        self.segments.front().map_or(&[], |first| first)
    }

    /// Takes bytes off its [`start`](Self::start).
    pub(super) fn advance(&mut self, bytes: usize) {
        if let Some(first) = self.segments.front_mut() {
            drop(first.split_to(bytes));
        }
    }

    /// Splits it before the first of these bytes; `None` where there is none.
    pub(super) fn split_before(&mut self, byte: u8) -> Option<Self> {
        self.close();
        let mut segments = self.segments.iter_mut().enumerate();
        let (number, end) = segments.find_map(|(number, segment)| {
            let at = memchr::memchr(byte, segment)?;
            Some((number, segment.split_off(at)))
        })?;
        let after = self.segments.split_off(number + 1);
        Some([end].into_iter().chain(after).collect())
    }

    /// Adds what was split off.
    pub(super) fn append(&mut self, end: Bytes) {
        self.close();
        self.segments.push_back(end);
    }

    fn close(&mut self) {
        if !self.open.is_empty() {
            self.segments.push_back(take(&mut self.open).freeze());
        }
    }
}

/// Gives the segments out, and keeps none of them.
impl Iterator for Body {
    type Item = Bytes;

    fn next(&mut self) -> Option<Bytes> {
        self.close();
        self.segments.pop_front()
    }
}

impl FromIterator<Bytes> for Body {
    fn from_iter<I: IntoIterator<Item = Bytes>>(segments: I) -> Self {
        Self { segments: segments.into_iter().collect(), open: BytesMut::new() }
    }
}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self::from_iter([bytes])
    }
}

impl From<&[u8]> for Body {
    fn from(bytes: &[u8]) -> Self {
        let mut body = Self::default();
        body.extend(bytes);
        body
    }
}
