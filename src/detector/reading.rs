//! The events of an invocation, read and evaluated.

use jiff::Timestamp;

use crate::pipeline::{Evaluation, Pipeline};
use crate::wire::{BinaryBatch, EventPlaces, Invocation, InvocationFault};

/// What an invocation came to, and when the hub received the first event that has a time.
type Reading = (Evaluation, Option<Timestamp>);

/// Reads a body: one of the host's binary form in place, so that a large one is held once, and any other by parsing it.
pub(super) fn read(pipeline: &Pipeline, max_alert_bytes: usize, body: &[u8]) -> Result<Reading, InvocationFault> {
    if let Some(reading) = BinaryBatch::of(body).and_then(|batch| read_in_place(pipeline, max_alert_bytes, &batch)) {
        return Ok(reading);
    }
    let text = Invocation::text(body);
    let invocation = Invocation::parse(&text)?;
    let places = EventPlaces::of(invocation.metadata);
    let mut evaluation = Evaluation::bounded(max_alert_bytes);
    invocation.for_each_event(&mut |event| {
        let number = evaluation.counts.events;
        pipeline.evaluate(event, &|| places.of_event(number), &mut evaluation);
    });
    let oldest = places.oldest(evaluation.counts.events);
    Ok((evaluation, oldest))
}

fn read_in_place(pipeline: &Pipeline, max_alert_bytes: usize, batch: &BinaryBatch<'_>) -> Option<Reading> {
    let places = EventPlaces::of(batch.metadata);
    let mut evaluation = Evaluation::bounded(max_alert_bytes);
    batch.for_each_event(&mut |number, event| {
        pipeline.evaluate(event, &|| places.of_event(number), &mut evaluation);
    })?;
    // Not what the host writes: to be parsed whole, and refused.
    if places.are_broken() {
        return None;
    }
    let oldest = places.oldest(evaluation.counts.events);
    Some((evaluation, oldest))
}
