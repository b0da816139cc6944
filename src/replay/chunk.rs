//! Some of what is read, for one thread to evaluate.

use std::borrow::Cow;

use crate::saved_logs::{Body, Unread};
use crate::source::Place;

/// How many bytes of bodies a chunk has, about; one that is longer has a chunk of its own.
const CHUNK_BYTES: usize = 512 * 1024;
/// About how many bytes a body takes besides its own: there may be many that are short.
const PIECE_BYTES: usize = 256;
/// How much is read ahead at the most, whatever the number of threads; what is longer is evaluated before more is read.
pub(super) const MAX_BYTES_AHEAD: usize = 16 * CHUNK_BYTES;

/// Bodies one after another, and what was told between them.
#[derive(Debug, Default)]
pub(super) struct Chunk {
    pub(super) bytes: Vec<u8>,
    pub(super) pieces: Vec<Piece>,
}

/// A part of a chunk.
#[derive(Debug)]
pub(super) enum Piece {
    /// A body, whose bytes end there in the chunk's.
    Body { end: usize, input: u32, place: Place, offset: Option<u64> },
    /// What is told of an input.
    Told(Told),
}

/// What is told of an input, or of a part of one.
#[derive(Debug)]
pub(super) enum Told {
    /// Only the beginning of a body was read.
    Cut(Place),
    /// It could not be read.
    Fault(String, Unread),
    /// Nothing more of it will come.
    End(String),
}

impl Chunk {
    /// Whether it has enough for a thread, or would have too much with so many bytes more.
    pub(super) fn is_full_with(&self, more: usize) -> bool {
        self.weight() + more > CHUNK_BYTES
    }

    /// About how many bytes it takes.
    pub(super) fn weight(&self) -> usize {
        self.bytes.len() + PIECE_BYTES * self.pieces.len()
    }

    /// Adds a body of an input.
    pub(super) fn add(&mut self, input: u32, body: Body<'_>) {
        let Body { bytes, place, offset, is_cut } = body;
        if is_cut {
            self.tell(Told::Cut(place.clone()));
        }
        match bytes {
            Cow::Owned(bytes) if self.bytes.is_empty() => self.bytes = bytes,
            bytes => {
                // Growing step by step would copy what is there again and again.
                self.bytes.reserve(bytes.len().max(CHUNK_BYTES.saturating_sub(self.bytes.len())));
                self.bytes.extend_from_slice(&bytes);
            }
        }
        self.pieces.push(Piece::Body { end: self.bytes.len(), input, place, offset });
    }

    /// Adds what is told.
    pub(super) fn tell(&mut self, told: Told) {
        self.pieces.push(Piece::Told(told));
    }
}
