//! How far a replay is: a line on stderr, on a terminal only, and only when the work is long.

use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::hidden::sanitized;
use crate::terminal::{columns_of_stderr, is_dumb};

/// Work below this many bytes is over before a line could be read.
const MIN_BYTES: u64 = 16 << 20;
/// How often the line changes.
const TICK: Duration = Duration::from_millis(200);

/// How much of a file's path is in the line: its end, because all of an archive of Azure's begin alike.
const MAX_FILE_CHARS: usize = 40;

/// The line, and what it is about.
#[derive(Debug)]
pub(super) struct Progress {
    /// Whether anybody would read it.
    is_shown: bool,
    total: u64,
    started: Instant,
    state: Mutex<State>,
}

/// What changes.
#[derive(Debug)]
struct State {
    read: u64,
    matches: u64,
    file: String,
    drawn: Instant,
}

impl Progress {
    /// Begins, over the bytes of all files. What has no size yet, as standard input, counts as empty.
    pub(super) fn new(inputs: &[PathBuf], lookup: &dyn Fn(&str) -> Option<String>) -> Self {
        let total = inputs.iter().map(|path| path.metadata().map_or(0, |metadata| metadata.len())).sum();
        let is_shown = total >= MIN_BYTES && io::stderr().is_terminal() && !is_dumb(lookup);
        let started = Instant::now();
        let state = Mutex::new(State { read: 0, matches: 0, file: String::new(), drawn: started });
        Self { is_shown, total, started, state }
    }

    /// Names the file that is read from now on.
    pub(super) fn begin(&self, path: &Path) {
        self.change(|state| state.file = path.display().to_string());
    }

    /// Counts matches.
    pub(super) fn found(&self, matches: u64) {
        self.change(|state| state.matches += matches);
    }

    /// Counts bytes that were read, and moves the line.
    pub(super) fn add(&self, bytes: u64) {
        self.change(|state| {
            state.read += bytes;
            if state.drawn.elapsed() >= TICK {
                state.drawn = Instant::now();
                draw(&line(state, self.total, self.started.elapsed()));
            }
        });
    }

    /// Clears the line.
    pub(super) fn finish(&self) {
        self.change(|_| draw(""));
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        if self.is_shown {
            change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
}

/// Writes a text over the line, without anything that a terminal would have to know.
fn draw(text: &str) {
    let columns = columns_of_stderr().saturating_sub(1);
    let text: String = text.chars().take(columns).collect();
    // A terminal that is gone needs no line.
    let _drawn = write!(io::stderr(), "\r{text:<columns$}\r");
}

/// How much is done of how much, how fast it goes, how long it will take, what was found and where.
fn line(state: &State, total: u64, elapsed: Duration) -> String {
    let State { read, matches, file, .. } = state;
    let percent = 100.0 * *read as f64 / total.max(1) as f64;
    let per_second = *read as f64 / elapsed.as_secs_f64().max(0.001);
    let left = total.saturating_sub(*read) as f64 / per_second.max(1.0);
    let [read, total, per_second] = [*read, total, per_second as u64].map(|bytes| bytes / 1_000_000);
    let skipped = file.chars().count().saturating_sub(MAX_FILE_CHARS);
    let start = if skipped > 0 { "…" } else { "" };
    let file = format!("{start}{}", sanitized(&file.chars().skip(skipped).collect::<String>()));
    format!("{percent:3.0} %  {read} of {total} MB, {per_second} MB/s, {left:.0} s left, {matches} matches, in {file}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_says_how_far_how_fast_how_long_and_what_was_found_in_which_file() {
        let line = |read, seconds| {
            let state = State { read, matches: 7, file: "logs/PT1H.json".to_owned(), drawn: Instant::now() };
            line(&state, 3_200_000_000, Duration::from_secs(seconds))
        };

        assert_eq!(line(800_000_000, 4), " 25 %  800 of 3200 MB, 200 MB/s, 12 s left, 7 matches, in logs/PT1H.json");
        assert!(line(3_200_000_000, 16).starts_with("100 %  3200 of 3200 MB, 200 MB/s, 0 s left"));
        assert!(line(0, 0).starts_with("  0 %  0 of 3200 MB"));
    }
}
