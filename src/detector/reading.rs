//! The events of an invocation, read and evaluated: the usual form fast, and any form.

use std::cell::OnceCell;

use jiff::Timestamp;

use super::PassedOver;
use crate::decode::{Escaping, KindCounts, Skip};
use crate::pipeline::{Evaluation, Pipeline};
use crate::wire::{Batch, DataType, EventPlaces, Invocation, InvocationFault, for_each_event};

/// What an invocation came to.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) evaluation: Evaluation,
    /// When the hub took the first event of which it says so.
    pub(super) oldest: Option<Timestamp>,
}

/// Reads a body of any form.
pub(super) fn read_any_form(
    pipeline: &Pipeline,
    max_alert_bytes: usize,
    body: &[u8],
) -> Result<Reading, InvocationFault> {
    let text = Invocation::text(body);
    let invocation = Invocation::parse(&text)?;
    let places = EventPlaces::of(invocation.metadata());
    let mut evaluation = Evaluation::bounded(max_alert_bytes);
    for data in invocation.data() {
        for_each_event(data, &mut |event| {
            let index = evaluation.counts.events;
            pipeline.evaluate(event, &|| places.of_event(index), &mut evaluation);
        });
    }
    Ok(Reading { oldest: places.oldest(evaluation.counts.events), evaluation })
}

/// Reads a body of the form that the host writes, behind what was passed over, and decodes of its events only those that may
/// matter; `None` where the body has another form.
pub(super) fn read_as_the_host_writes(
    pipeline: &Pipeline,
    skip: Option<&Skip>,
    max_alert_bytes: usize,
    body: &[u8],
    passed: &PassedOver,
) -> Option<Reading> {
    let mut batch = match passed.next {
        Some((next, data_type)) => Batch::at_event(body.get(next..)?, data_type),
        None => Batch::of(body)?,
    };
    let places = OnceCell::new();
    let mut evaluation = Evaluation::bounded(max_alert_bytes);
    evaluation.counts.skip(passed.events, passed.records, &passed.kinds);
    let mut buffer = Vec::new();
    while let Some(written) = batch.next() {
        let event = match skip_or_read(&batch, skip, written, &mut buffer)? {
            Event::Skipped { records, kinds } => {
                evaluation.counts.skip(1, records, &kinds);
                continue;
            }
            Event::Read(event) => event,
        };
        let index = evaluation.counts.events;
        let place = || places.get_or_init(|| EventPlaces::of(batch.metadata().unwrap_or("{}"))).of_event(index);
        pipeline.evaluate(event, &place, &mut evaluation);
    }
    let metadata = batch.metadata()?;
    let places = places.into_inner().unwrap_or_else(|| EventPlaces::of(metadata));
    Some(Reading { oldest: places.oldest(evaluation.counts.events), evaluation })
}

/// What was done with an event.
pub(super) enum Event<'b> {
    /// It cannot matter, and was not decoded, but where its bytes do not tell the kinds of its records.
    Skipped { records: u64, kinds: KindCounts },
    /// Its bytes.
    Read(&'b [u8]),
}

/// Skips or reads an event; `None` where it does not stand in the batch as the host writes it.
pub(super) fn skip_or_read<'b>(
    batch: &Batch<'_>,
    skip: Option<&Skip>,
    written: &[u8],
    buffer: &'b mut Vec<u8>,
) -> Option<Event<'b>> {
    let Some(skip) = skip else { return batch.read(written, buffer).map(Event::Read) };
    if batch.data_type == DataType::String
        && let Some(records) = skip.records(written, Escaping::Twice)
    {
        let kinds = match skip.kinds(written, Escaping::Twice, records) {
            Some(kinds) => kinds,
            None => KindCounts::of(batch.read(written, buffer)?),
        };
        return Some(Event::Skipped { records, kinds });
    }
    let event = batch.read(written, buffer)?;
    let Some(records) = skip.records(event, Escaping::None) else { return Some(Event::Read(event)) };
    let kinds = skip.kinds(event, Escaping::None, records).unwrap_or_else(|| KindCounts::of(event));
    Some(Event::Skipped { records, kinds })
}
