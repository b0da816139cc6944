//! What the handler writes to stdout and stderr, line by line.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncBufReadExt as _, AsyncRead, BufReader};
use tokio::task::JoinHandle;

/// The level that the host gives a line (functions-host §5, `WorkerProcess`), whatever the line says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// All of stdout.
    Information,
    /// A line of stderr with "warn" in it.
    Warning,
    /// Any other line of stderr.
    Error,
}

impl Level {
    /// The level of a line on stderr.
    pub fn of_stderr(line: &str) -> Self {
        if line.to_ascii_lowercase().contains("warn") { Self::Warning } else { Self::Error }
    }
}

/// Lines that a process has written so far; clones share them.
#[derive(Debug, Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    /// All lines up to now.
    pub fn all(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The lines after the first `count`.
    pub fn after(&self, count: usize) -> Vec<String> {
        self.all().split_off(count.min(self.count()))
    }

    /// How many lines there are.
    pub fn count(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn push(&self, line: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    /// Reads a pipe to its end in the background.
    pub fn follow(&self, source: impl AsyncRead + Unpin + Send + 'static) -> JoinHandle<()> {
        let lines = self.clone();
        tokio::spawn(async move {
            let mut source = BufReader::new(source);
            let mut line = Vec::new();
            // Bytes, not `lines()`: a handler may write what is not UTF-8.
            while matches!(source.read_until(b'\n', &mut line).await, Ok(1..)) {
                let text = String::from_utf8_lossy(&line);
                lines.push(text.trim_end_matches(['\r', '\n']).to_owned());
                line.clear();
            }
        })
    }
}
