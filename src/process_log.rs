//! The process log: what the process does as JSON lines on stdout, what needs a person on stderr.
//!
//! The host logs every stdout line as Information, whatever level it names, and every stderr line as a Warning if it has
//! the letters "warn" in it, else as an Error. So only stderr can raise a level: it has fatal errors, the reasons of failed
//! invocations, and what is wrong although the work goes on. Each stream is written by a thread of its own, and lines are
//! dropped when nobody reads: a closed or full pipe never blocks or ends the detection.

use std::io::Write as _;

use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};

use crate::hidden::sanitized;

/// How many lines wait for a reader before new ones are dropped; their memory is allocated at the start.
const MAX_WAITING_LINES: usize = 512;

/// Writes to stderr.
#[derive(Clone, Debug)]
pub struct ErrorStream(NonBlocking);

impl ErrorStream {
    /// Writes to another place than stderr, as long as the guard lives.
    pub fn to(writer: impl std::io::Write + Send + 'static) -> (Self, WorkerGuard) {
        let (stream, guard) = lossy().finish(writer);
        (Self(stream), guard)
    }

    /// Writes a line that the host logs as an Error: something failed.
    pub fn error(&self, text: &str) {
        self.line(&as_error(text));
    }

    /// Writes a line that the host logs as a Warning: the work goes on, and a person should look.
    pub fn warning(&self, text: &str) {
        self.line(&format!("warning: {text}"));
    }

    /// Writes one line, control characters escaped.
    fn line(&self, text: &str) {
        // A line that nobody reads is dropped.
        let _dropped = writeln!(self.0.clone(), "{}", sanitized(text));
    }
}

/// The text of an error with a hyphen in the letters that would make it a Warning. Our own texts avoid them; those of the
/// system or of a webhook may not.
#[must_use]
pub fn as_error(text: &str) -> String {
    let mut parted = text.to_owned();
    while let Some(at) = parted.to_ascii_lowercase().find("warn") {
        parted.insert(at + 1, '-');
    }
    parted
}

/// Replaces the default panic hook, whose message may contain input: one line says where it was, and nothing else.
pub fn hook_panics(write: impl Fn(&str) + Send + Sync + 'static) {
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map_or_else(String::new, |at| {
            // A dependency's path without the part that differs between machines.
            let file = at.file().rsplit_once("/src/").map_or(at.file(), |(_, file)| file);
            format!(" at {file}:{}", at.line())
        });
        write(&sanitized(&format!("certificate-accessed: a bug, please report it: panicked{place}")));
    }));
}

/// Starts the process log; on drop the guards of its writing threads write the waiting lines, for a limited time.
pub fn start(level: tracing::Level) -> (ErrorStream, [WorkerGuard; 2]) {
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
    hook_panics(move |line| of_panics.error(line));
    (errors, [stdout_guard, stderr_guard])
}

fn lossy() -> NonBlockingBuilder {
    NonBlockingBuilder::default().lossy(true).buffered_lines_limit(MAX_WAITING_LINES)
}
