//! How far a replay is: a line on stderr, on a terminal only, and only when the work is long.

use std::cell::Cell;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Work below this many bytes is over before a line could be read.
const MIN_BYTES: u64 = 16 << 20;
/// How often the line changes.
const TICK: Duration = Duration::from_millis(200);
/// Moves the terminal's cursor to the start of its line, and clears the line.
const CLEAR: &str = "\r\x1b[K";

/// The line, and what it is about.
#[derive(Debug)]
pub(super) struct Progress {
    /// Whether anybody would read it.
    is_shown: bool,
    total: u64,
    read: Cell<u64>,
    started: Instant,
    drawn: Cell<Instant>,
}

impl Progress {
    /// Begins, over the bytes of all files. What has no size yet, as standard input, counts as empty.
    pub(super) fn new(inputs: &[PathBuf]) -> Self {
        let total = inputs.iter().map(|path| path.metadata().map_or(0, |metadata| metadata.len())).sum();
        let is_shown = total >= MIN_BYTES && io::stderr().is_terminal();
        let started = Instant::now();
        Self { is_shown, total, read: Cell::new(0), started, drawn: Cell::new(started) }
    }

    /// Counts bytes that were read, and moves the line.
    pub(super) fn add(&self, bytes: u64) {
        self.read.set(self.read.get() + bytes);
        if self.is_shown && self.drawn.get().elapsed() >= TICK {
            self.drawn.set(Instant::now());
            // A terminal that is gone needs no line.
            let _drawn = write!(io::stderr(), "{CLEAR}{}", line(self.read.get(), self.total, self.started.elapsed()));
        }
    }

    /// Clears the line.
    pub(super) fn finish(&self) {
        if self.is_shown {
            let _drawn = write!(io::stderr(), "{CLEAR}");
        }
    }
}

/// How much is done of how much, how fast it goes, and how long it will take.
fn line(read: u64, total: u64, elapsed: Duration) -> String {
    let percent = 100.0 * read as f64 / total.max(1) as f64;
    let per_second = read as f64 / elapsed.as_secs_f64().max(0.001);
    let left = total.saturating_sub(read) as f64 / per_second.max(1.0);
    let [read, total, per_second] = [read, total, per_second as u64].map(|bytes| bytes / 1_000_000);
    format!("{percent:3.0} %  {read} of {total} MB, {per_second} MB/s, {left:.0} s left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_how_fast_and_how_long() {
        let line = |read, seconds| line(read, 3_200_000_000, Duration::from_secs(seconds));

        assert_eq!(line(800_000_000, 4), " 25 %  800 of 3200 MB, 200 MB/s, 12 s left");
        assert_eq!(line(3_200_000_000, 16), "100 %  3200 of 3200 MB, 200 MB/s, 0 s left");
        assert!(line(0, 0).starts_with("  0 %  0 of 3200 MB"));
    }
}
