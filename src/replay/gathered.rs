//! The matching records of some bodies, each as a brief.

use std::sync::Arc;

use super::brief::{Brief, InFile};
use super::kinds::{Kind, Kinds};
use crate::alert::MatchedRecord;
use crate::json::to_text;
use crate::pipeline::Evaluation;
use crate::source::{Marks, Source};

/// Matching records, and the texts of those that cannot be read again where they came from.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// The number of the evaluator that has its kinds.
    pub(super) evaluator: usize,
    /// With the numbers of kinds that it gave them.
    pub(super) briefs: Vec<Brief>,
    /// Those that are new to it.
    pub(super) kinds: Vec<Arc<Kind>>,
    /// Texts, each after a line that says where it came from.
    pub(super) kept: Vec<u8>,
}

impl Gathered {
    /// Takes the matches of a body that begins at this place of an input, if it is the input's own bytes.
    pub(super) fn take(&mut self, evaluation: &mut Evaluation, kinds: &mut Kinds, input: u32, offset: Option<u64>) {
        let mut matches = evaluation.matches.drain(..).peekable();
        while let Some(first) = matches.next() {
            let record = Arc::clone(&first.record);
            let mut of_record = vec![first];
            while let Some(next) = matches.next_if(|next| Arc::ptr_eq(&next.record, &record)) {
                of_record.push(next);
            }
            self.add(&record, kinds.number(Kind::of(&record, of_record, false)), input, offset);
        }
        for refused in evaluation.refused.drain(..) {
            let record = Arc::clone(&refused.record);
            self.add(&record, kinds.number(Kind::of(&record, vec![refused], true)), input, offset);
        }
    }

    fn add(&mut self, record: &MatchedRecord, kind: u32, input: u32, offset: Option<u64>) {
        let time = record.time.as_ref().map(|time| time.moment);
        let brief = match offset.and_then(|offset| in_file(record, input, offset)) {
            Some(place) => Brief::in_file(time, kind, place),
            None => {
                let at = self.kept.len();
                self.kept.extend_from_slice(to_text(&record.source).as_bytes());
                self.kept.push(b'\n');
                self.kept.extend_from_slice(record.text().as_bytes());
                Brief::kept(time, kind, at as u64, (self.kept.len() - at) as u32)
            }
        };
        self.briefs.push(brief);
    }
}

/// Where a record can be read again: where its text is the file's own, and nothing else is known of where it came from than its
/// file and line.
fn in_file(record: &MatchedRecord, input: u32, offset: u64) -> Option<InFile> {
    let Source { place, record_index, marks, .. } = &record.source;
    let is_as_it_came = Marks { form: None, ..*marks } == Marks::default();
    Some(InFile {
        at: offset + record.at.filter(|_| is_as_it_came)? as u64,
        bytes: u32::try_from(record.text().len()).ok()?,
        input,
        line: u32::try_from(place.line?).ok()?,
        index: u32::try_from((*record_index)?).ok()?,
    })
}
