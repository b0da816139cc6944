//! The events of an invocation, read and evaluated: the usual form fast, and any form.

use std::cell::OnceCell;

use jiff::Timestamp;

use crate::pipeline::{Evaluation, Pipeline};
use crate::wire::{Batch, EventPlaces, Invocation, InvocationFault, for_each_event};

/// What an invocation came to.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) evaluation: Evaluation,
    /// When the hub took the first event of which it says so.
    pub(super) oldest: Option<Timestamp>,
}

/// Reads a body of any form.
pub(super) fn read_any_form(pipeline: &Pipeline, body: &[u8]) -> Result<Reading, InvocationFault> {
    let text = Invocation::text(body);
    let invocation = Invocation::parse(&text)?;
    let places = EventPlaces::of(invocation.metadata());
    let mut evaluation = Evaluation::default();
    for data in invocation.data() {
        for_each_event(data, &mut |event| {
            let index = evaluation.counts.events;
            pipeline.evaluate(event, &|| places.of_event(index), &mut evaluation);
        });
    }
    Ok(Reading { oldest: places.oldest(evaluation.counts.events), evaluation })
}

/// Reads a body of the form that the host writes; `None` where the body has another form.
pub(super) fn read_as_the_host_writes(pipeline: &Pipeline, body: &[u8]) -> Option<Reading> {
    let mut batch = Batch::of(body)?;
    let places = OnceCell::new();
    let mut evaluation = Evaluation::default();
    let mut buffer = Vec::new();
    while let Some(written) = batch.next() {
        let event = batch.read(written, &mut buffer)?;
        let index = evaluation.counts.events;
        let place = || places.get_or_init(|| EventPlaces::of(batch.metadata().unwrap_or("{}"))).of_event(index);
        pipeline.evaluate(event, &place, &mut evaluation);
    }
    let metadata = batch.metadata()?;
    let places = places.into_inner().unwrap_or_else(|| EventPlaces::of(metadata));
    Some(Reading { oldest: places.oldest(evaluation.counts.events), evaluation })
}
