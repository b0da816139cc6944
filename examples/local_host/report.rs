//! What the loop shows: each file, the handler's log lines, each write, and a summary.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use support::functions_host::delivery::Delivery;
use support::functions_host::write::Write;

/// How much of a message is shown.
const MAX_SHOWN_CHARS: usize = 240;

/// Counts what goes by and prints it. A closed pipe on stdout is no reason to stop.
pub(super) struct Report {
    begun: Instant,
    handler_started_in: Duration,
    files: usize,
    left_out: usize,
    unreadable: usize,
    events: usize,
    batches: usize,
    failed_attempts: usize,
    given_up: usize,
    written: BTreeMap<String, usize>,
}

impl Report {
    pub(super) fn new(handler_started_in: Duration) -> Self {
        Self {
            begun: Instant::now(),
            handler_started_in,
            files: 0,
            left_out: 0,
            unreadable: 0,
            events: 0,
            batches: 0,
            failed_attempts: 0,
            given_up: 0,
            written: BTreeMap::new(),
        }
    }

    pub(super) fn file(&mut self, path: &Path, events: &[Vec<u8>]) {
        self.files += 1;
        self.events += events.len();
        say(&format!("{}: {} events", path.display(), events.len()));
    }

    pub(super) fn left_out(&mut self, path: &Path, reason: &str) {
        self.left_out += 1;
        warn(&format!("{}: left out, {reason}", path.display()));
    }

    pub(super) fn unreadable(&mut self, path: &Path, reason: &str) {
        self.unreadable += 1;
        warn(&format!("{}: {reason}", path.display()));
    }

    pub(super) fn delivery(&mut self, delivery: &Delivery) {
        self.batches += 1;
        self.given_up += delivery.given_up;
        for failure in delivery.failures() {
            self.failed_attempts += 1;
            warn(&format!("failed: {failure}"));
        }
        for invocation in delivery.invocations() {
            for line in &invocation.logs {
                say(&format!("  log  {line}"));
            }
            for output in &invocation.ignored {
                warn(&format!("  output {output} is not in function.json"));
            }
            for write in &invocation.writes {
                self.write(write);
            }
        }
    }

    fn write(&mut self, write: &Write) {
        let (kind, count) = match write {
            Write::Queue { queue, .. } => ("queue", format!("queue {queue}")),
            Write::Blob { .. } => ("blob ", "blobs".to_owned()),
        };
        *self.written.entry(count).or_default() += 1;
        let text = String::from_utf8_lossy(write.bytes());
        say(&format!("  {kind}  {}  {}", write.target(), beginning(text.trim_end())));
    }

    pub(super) fn handler_errors(&self, lines: &[String]) {
        for line in lines {
            warn(&format!("  handler stderr  {line}"));
        }
    }

    /// Prints the summary; whether every input was read and every batch taken.
    pub(super) fn finish(&self) -> bool {
        let written: Vec<String> = self.written.iter().map(|(target, count)| format!("{target}: {count}")).collect();
        let written = match written.as_slice() {
            [] => "nothing written".to_owned(),
            written => written.join(", "),
        };
        say(&format!(
            "\n{} files, {} events in {} batches; {written}; {} failed attempts, {} events given up; \
             {} files left out, {} unreadable; handler up in {:.0?}, {:.1?} in all",
            self.files,
            self.events,
            self.batches,
            self.failed_attempts,
            self.given_up,
            self.left_out,
            self.unreadable,
            self.handler_started_in,
            self.begun.elapsed() + self.handler_started_in,
        ));
        self.unreadable == 0 && self.given_up == 0
    }
}

fn say(line: &str) {
    writeln!(io::stdout(), "{line}").ok();
}

fn warn(line: &str) {
    writeln!(io::stderr(), "{line}").ok();
}

/// As much of a message as one reads on a terminal; `replay` prints messages whole.
fn beginning(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((at, _)) => format!("{}… ({} bytes)", text.get(..at).unwrap_or_default(), text.len()),
        None => text.to_owned(),
    }
}
