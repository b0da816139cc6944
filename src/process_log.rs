//! What the process says of itself: what it does as JSON lines on stdout, what needs a person on stderr.
//!
//! The host makes an Information of every stdout line, whatever level it names, and of every stderr line a Warning where
//! it holds the letters "warn", and an Error otherwise. So stderr alone can raise a level: it holds fatal errors, the reasons
//! of failed invocations, and what goes on and should not, and nothing else. Both streams are written by a thread of their
//! own and dropped when nobody reads: a closed or full pipe never blocks or ends the detection.

use std::io::Write as _;

use tracing_appender::non_blocking::{NonBlocking, NonBlockingBuilder, WorkerGuard};

use crate::wire::sanitized;

/// How many lines wait for a reader before new ones are dropped; the room for them is taken at the start.
const MAX_WAITING_LINES: usize = 512;

/// The letters by which the host knows a Warning, in any case.
const LETTERS: &str = "warn";
/// How a line begins that is meant to be one.
const WARNING: &str = "warning";

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

    /// Writes a line of which the host makes an Error: something failed.
    pub fn error(&self, text: &str) {
        self.line(&as_error(text));
    }

    /// Writes a line of which the host makes a Warning: the work goes on, and a person should look.
    pub fn warning(&self, text: &str) {
        self.line(&format!("{WARNING}: {text}"));
    }

    /// Writes one line, control characters escaped.
    fn line(&self, text: &str) {
        // A line that nobody reads is dropped.
        let _dropped = writeln!(self.0.clone(), "{}", sanitized(text));
    }
}

/// The text of an error, in which the letters that would make it a Warning do not stand together. Our own texts do without
/// them; those of the system or of a webhook may not.
#[must_use]
pub fn as_error(text: &str) -> String {
    let mut parted = text.to_owned();
    while let Some(at) = parted.to_ascii_lowercase().find(LETTERS) {
        parted.insert(at + 1, '-');
    }
    parted
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
    hook_panics(move |line| of_panics.error(line));
    (errors, Guards { _stdout: stdout_guard, _stderr: stderr_guard })
}

fn lossy() -> NonBlockingBuilder {
    NonBlockingBuilder::default().lossy(true).buffered_lines_limit(MAX_WAITING_LINES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_never_holds_the_letters_of_a_warning() {
        assert_eq!(
            as_error("no connection (Warned; WARNING, éwarnwarn)"),
            "no connection (W-arned; W-ARNING, éw-arnw-arn)"
        );
        assert_eq!(as_error("war ends"), "war ends");
    }
}
