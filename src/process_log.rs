//! What the process says of itself: start, stop and fatal errors as JSON lines on stdout, reasons on stderr.
//!
//! The host turns every stdout line into a trace and every stderr line into an error, so stderr holds nothing but
//! fatal errors and the reasons of failed invocations. Both are written by a thread of their own and dropped when
//! nobody reads: a closed or full pipe never blocks or ends the detection.

use std::io::Write as _;

use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};

use crate::wire::sanitized;

/// How many lines wait for a reader before new ones are dropped.
const MAX_WAITING_LINES: usize = 4096;

/// Keeps the writing threads alive; dropping it writes what is waiting, for a moment.
#[derive(Debug)]
pub struct Guards {
    _stdout: WorkerGuard,
    _stderr: WorkerGuard,
}

/// The way to stderr.
#[derive(Clone, Debug)]
pub struct ErrorStream(NonBlocking);

impl ErrorStream {
    /// Writes one line, control characters escaped.
    pub fn line(&self, text: &str) {
        // A line that nobody reads is dropped.
        let _dropped = writeln!(self.0.clone(), "{}", sanitized(text));
    }
}

/// Starts the process log.
#[must_use]
pub fn start(level: tracing::Level) -> (ErrorStream, Guards) {
    let (stdout, stdout_guard) = lossy().finish(std::io::stdout());
    let (stderr, stderr_guard) = lossy().finish(std::io::stderr());
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_target(false)
        .with_current_span(false)
        .with_max_level(level)
        .with_writer(stdout)
        .finish();
    // A second start in one process keeps the first log.
    let _kept = tracing::subscriber::set_global_default(subscriber);
    (ErrorStream(stderr), Guards { _stdout: stdout_guard, _stderr: stderr_guard })
}

fn lossy() -> NonBlockingBuilder {
    NonBlockingBuilder::default().lossy(true).buffered_lines_limit(MAX_WAITING_LINES)
}
