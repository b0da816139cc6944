//! One thread's way from chunks to what came of them.

use std::rc::Rc;

use super::chunk::{Chunk, Piece, Told};
use super::gathered::Gathered;
use super::kinds::Kinds;
use crate::facts::Memo;
use crate::pipeline::{Counts, Evaluation, Pipeline, Rejection};

/// What came of a chunk, in order.
#[derive(Debug)]
pub(super) enum Done {
    /// Some bodies of one input.
    Bodies(Box<Evaluated>),
    /// What is told of the input.
    Told(Told),
}

/// What came of some bodies.
#[derive(Debug, Default)]
pub(super) struct Evaluated {
    pub(super) counts: Counts,
    pub(super) rejected: Vec<Rejection>,
    pub(super) gathered: Gathered,
}

/// Evaluates chunks, and knows the facts and the kinds of those before.
pub(super) struct Evaluator<'p> {
    pipeline: &'p Pipeline,
    number: usize,
    memo: Rc<Memo>,
    kinds: Kinds,
}

impl<'p> Evaluator<'p> {
    /// Knows nothing; no other has its number.
    pub(super) fn new(pipeline: &'p Pipeline, number: usize) -> Self {
        Self { pipeline, number, memo: Rc::default(), kinds: Kinds::default() }
    }

    /// Evaluates the bodies of a chunk.
    pub(super) fn evaluate(&mut self, chunk: Chunk) -> Vec<Done> {
        let mut done = Vec::new();
        let mut bodies = self.begin();
        let mut start = 0;
        for piece in chunk.pieces {
            match piece {
                Piece::Body { end, input, place, offset } => {
                    let bytes = chunk.bytes.get(start..end).unwrap_or_default();
                    let Bodies { evaluation, gathered } = &mut bodies;
                    self.pipeline.evaluate(bytes, &|| place.clone(), evaluation);
                    gathered.take(evaluation, &mut self.kinds, input, offset);
                    start = end;
                }
                Piece::Told(told) => {
                    done.extend(self.end(std::mem::replace(&mut bodies, self.begin())));
                    done.push(Done::Told(told));
                }
            }
        }
        done.extend(self.end(bodies));
        done
    }

    fn begin(&self) -> Bodies {
        let evaluation = Evaluation { memo: Rc::clone(&self.memo), ..Evaluation::default() };
        Bodies { evaluation, gathered: Gathered { evaluator: self.number, ..Gathered::default() } }
    }

    /// What came of some bodies, if there are any.
    fn end(&mut self, bodies: Bodies) -> Option<Done> {
        let Bodies { evaluation: Evaluation { counts, rejected, .. }, mut gathered } = bodies;
        gathered.kinds = self.kinds.take_new();
        (counts.events > 0).then(|| Done::Bodies(Box::new(Evaluated { counts, rejected, gathered })))
    }
}

/// The bodies since something was told.
struct Bodies {
    evaluation: Evaluation,
    gathered: Gathered,
}
