//! The beginning of a body, passed over while the rest of it arrives.

use super::reading::{Event, skip_or_read};
use crate::decode::{KindCounts, Skip};
use crate::wire::{Batch, DataType};

/// How many bytes have to come before another look pays.
const LEAST_BYTES: usize = 32 << 10;

/// How far a body was read before all of it was there: up to the first event that may matter, or to the last that is whole.
#[derive(Debug, Clone, Default)]
pub struct PassedOver {
    /// Where to go on, and how the events stand there; `None` before the first event.
    pub(super) next: Option<(usize, DataType)>,
    /// How many events there were.
    pub(super) events: u64,
    /// How many records they hold.
    pub(super) records: u64,
    /// Of which kinds these are.
    pub(super) kinds: KindCounts,
    /// From how many bytes on another look pays: as many again as wait to become an event, so that none are looked at often.
    enough: usize,
}

impl PassedOver {
    /// Nothing, and nothing will be: the body is read when all of it is there.
    pub(super) fn nothing() -> Self {
        Self { enough: usize::MAX, ..Self::default() }
    }

    /// Goes on over what has arrived: all of the body's bytes so far.
    pub(super) fn go_on(mut self, skip: &Skip, arrived: &[u8]) -> Self {
        if arrived.len() < self.enough {
            return self;
        }
        let batch = match self.next {
            Some((next, data_type)) => arrived.get(next..).map(|rest| Batch::at_event(rest, data_type)),
            None => Batch::of(arrived),
        };
        if let Some(mut batch) = batch {
            let mut buffer = Vec::new();
            while let (Some(event), Some(rest)) = (batch.next(), batch.rest()) {
                let Some(Event::Skipped { records, kinds }) = skip_or_read(&batch, Some(skip), event, &mut buffer)
                else {
                    // One that may matter needs to know its place, and that stands behind all events.
                    self.enough = usize::MAX;
                    return self;
                };
                self.next = Some((arrived.len() - rest.len(), batch.data_type));
                self.events += 1;
                self.records += records;
                self.kinds.merge(&kinds);
            }
        }
        let waiting = arrived.len() - self.next.map_or(0, |(next, _)| next);
        self.enough = arrived.len() + waiting.max(LEAST_BYTES);
        self
    }
}
