//! How far a replay is: a bar on stderr, on a terminal only, and only when the work is long.

use std::io::{self, IsTerminal as _, Read};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::input::Input;

/// Work below this many bytes is over before a bar could be read.
const MIN_BYTES: u64 = 16 << 20;

/// The bar.
#[derive(Debug, Clone)]
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Begins a bar over the bytes of all files.
    pub(super) fn new(inputs: &[Input]) -> Self {
        let size = |input: &Input| match input {
            Input::Stdin => 0,
            Input::File(path) => path.metadata().map_or(0, |metadata| metadata.len()),
        };
        let total: u64 = inputs.iter().map(size).sum();
        let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::hidden());
        if total >= MIN_BYTES && io::stderr().is_terminal() {
            let style = ProgressStyle::with_template("{wide_bar} {bytes}/{total_bytes} {bytes_per_sec} {eta}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_draw_target(ProgressDrawTarget::stderr());
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        Self(bar)
    }

    /// Takes the bar off the terminal.
    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }
}

/// A reader that moves the bar.
pub(super) struct Counted<R> {
    reader: R,
    progress: Progress,
}

impl<R> Counted<R> {
    /// Wraps a reader.
    pub(super) fn new(reader: R, progress: &Progress) -> Self {
        Self { reader, progress: progress.clone() }
    }
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.progress.0.inc(read as u64);
        Ok(read)
    }
}
