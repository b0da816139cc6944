//! How far a replay is: a line on stderr, on a terminal only, and only when the work is long.

use std::cell::RefCell;
use std::io::{self, IsTerminal as _, Read, Write as _};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Work below this many bytes is over before a line could be read.
const MIN_BYTES: u64 = 16 << 20;
/// How often the line changes.
const TICK: Duration = Duration::from_millis(200);
/// Moves the terminal's cursor to the start of its line, and clears the line.
const CLEAR: &str = "\r\x1b[K";

/// The line; `None` where nobody would read it.
#[derive(Debug)]
pub(super) struct Progress(Option<RefCell<Line>>);

/// What the line says.
#[derive(Debug)]
struct Line {
    total: u64,
    read: u64,
    started: Instant,
    drawn: Instant,
}

impl Progress {
    /// Begins, over the bytes of all files. What has no size yet, as standard input, counts as empty.
    pub(super) fn new(inputs: &[PathBuf]) -> Self {
        let total = inputs.iter().map(|path| path.metadata().map_or(0, |metadata| metadata.len())).sum();
        let is_shown = total >= MIN_BYTES && io::stderr().is_terminal();
        let now = Instant::now();
        Self(is_shown.then(|| RefCell::new(Line { total, read: 0, started: now, drawn: now })))
    }

    /// A reader that counts what is read through it.
    pub(super) fn count<R: Read>(&self, reader: R) -> Counted<'_, R> {
        Counted { reader, progress: self }
    }

    fn add(&self, bytes: u64) {
        let Some(line) = &self.0 else { return };
        let mut line = line.borrow_mut();
        line.read += bytes;
        if line.drawn.elapsed() >= TICK {
            line.drawn = Instant::now();
            // A terminal that is gone needs no line.
            let _drawn = write!(io::stderr(), "{CLEAR}{}", line.text(line.started.elapsed()));
        }
    }

    /// Clears the line.
    pub(super) fn finish(&self) {
        if self.0.is_some() {
            let _drawn = write!(io::stderr(), "{CLEAR}");
        }
    }
}

impl Line {
    /// How much is done of how much, how fast it goes, and how long it will take.
    fn text(&self, elapsed: Duration) -> String {
        let share = self.read as f64 / self.total.max(1) as f64;
        let megabytes = |bytes: u64| bytes / 1_000_000;
        let per_second = self.read as f64 / elapsed.as_secs_f64().max(0.001);
        let left = self.total.saturating_sub(self.read) as f64 / per_second.max(1.0);
        format!(
            "{:3.0} %  {} of {} MB, {} MB/s, {left:.0} s left",
            share * 100.0,
            megabytes(self.read),
            megabytes(self.total),
            megabytes(per_second as u64)
        )
    }
}

/// A reader that moves the line.
pub(super) struct Counted<'p, R> {
    reader: R,
    progress: &'p Progress,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.progress.add(read as u64);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_how_fast_and_how_long() {
        let now = Instant::now();
        let line = |read| Line { total: 3_200_000_000, read, started: now, drawn: now };

        assert_eq!(line(800_000_000).text(Duration::from_secs(4)), " 25 %  800 of 3200 MB, 200 MB/s, 12 s left");
        assert_eq!(line(3_200_000_000).text(Duration::from_secs(16)), "100 %  3200 of 3200 MB, 200 MB/s, 0 s left");
        assert!(line(0).text(Duration::ZERO).starts_with("  0 %  0 of 3200 MB"));
    }
}
