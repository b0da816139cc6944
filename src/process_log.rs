//! What the process says of itself: start, stop and fatal errors as JSON lines on stdout, reasons on stderr.
//!
//! The host turns every stdout line into a trace and every stderr line into an error, so stderr holds nothing but
//! fatal errors and the reasons of failed invocations. Both are written by a thread of their own and dropped when
//! nobody reads: a closed or full pipe never blocks or ends the detection.

use std::io::Write as _;

use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};

use crate::wire::sanitized;

/// How many lines wait for a reader before new ones are dropped; the room for them is taken at the start.
const MAX_WAITING_LINES: usize = 512;

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
    /// A way to another place than stderr; it is open as long as the guard lives.
    pub fn to(writer: impl std::io::Write + Send + 'static) -> (Self, WorkerGuard) {
        let (stream, guard) = lossy().finish(writer);
        (Self(stream), guard)
    }

    /// Writes one line, control characters escaped.
    pub fn line(&self, text: &str) {
        // A line that nobody reads is dropped.
        let _dropped = writeln!(self.0.clone(), "{}", sanitized(text));
    }
}

/// Replaces the default panic hook, whose message may hold what a sender wrote: one line says where, and nothing else.
pub fn hook_panics(write: impl Fn(&str) + Send + Sync + 'static) {
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map_or_else(String::new, |at| {
            // Of a dependency's path only the part that is the same on every machine.
            let file = at.file().rsplit_once("/src/").map_or(at.file(), |(_, file)| file);
            format!(" at {file}:{}", at.line())
        });
        write(&sanitized(&format!("certificate-accessed: a bug, please report it: panicked{place}")));
    }));
}

/// Starts the process log.
#[must_use]
pub fn start(level: tracing::Level) -> (ErrorStream, Guards) {
    let (stdout, stdout_guard) = lossy().finish(std::io::stdout());
    let (errors, stderr_guard) = ErrorStream::to(std::io::stderr());
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
    let of_panics = errors.clone();
    hook_panics(move |line| of_panics.line(line));
    (errors, Guards { _stdout: stdout_guard, _stderr: stderr_guard })
}

fn lossy() -> NonBlockingBuilder {
    NonBlockingBuilder::default().lossy(true).buffered_lines_limit(MAX_WAITING_LINES)
}
