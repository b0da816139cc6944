//! The bodies of one input, collected as they come.

use crate::dossier::{Collector, Input, Tally};
use crate::saved_logs::{Body, MAX_TEXT_BYTES, Receiver, Unread};

/// An input that is being read.
pub(super) struct Reading<'a> {
    pub(super) collector: &'a mut Collector,
    pub(super) input: &'a mut Input,
}

impl Receiver for Reading<'_> {
    fn body(&mut self, body: Body<'_>) {
        if body.is_cut {
            let line = body.place.line.unwrap_or_default();
            let mib = MAX_TEXT_BYTES >> 20;
            self.input.unread.push(format!("line {line}: only the first {mib} MiB (unpacked) were read"));
        }
        self.collector.take(&body.bytes, &body.place);
    }

    fn fault(&mut self, name: &str, fault: Unread) {
        // A file in an archive has a name of its own.
        let inner = name.strip_prefix(self.input.path.as_str()).map(|inner| inner.trim_start_matches(':'));
        self.input.unread.push(match inner.filter(|inner| !inner.is_empty()) {
            Some(inner) => format!("{inner}: {fault}"),
            None => fault.to_string(),
        });
    }

    fn end(&mut self, _name: &str) {
        let Tally { records, undecodable, undetermined } = self.collector.take_tally();
        self.input.records += records;
        self.input.unread.extend(undecodable.iter().map(|(reason, count)| format!("{count} not decodable: {reason}")));
        if undetermined > 0 {
            self.input
                .unread
                .push(format!("{undetermined} records of the identities do not say whether they are reads"));
        }
    }
}
