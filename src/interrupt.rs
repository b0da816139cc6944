//! Ctrl-C while files are read: the first one asks to stop, the second one ends the process.

use std::io::{self, Write as _};
use std::process::exit;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The exit code of what Ctrl-C ended, as shells have it: 128, and the number of the signal.
pub const EXIT_CODE: u8 = 130;

/// Whether somebody asked to stop; its clones know the same.
#[derive(Debug, Clone, Default)]
pub struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Listens to Ctrl-C from now on, in a thread of its own.
    ///
    /// # Errors
    /// When the system gives no thread, or no signals.
    pub fn listen() -> io::Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
        let mut pressed = {
            let _in_runtime = runtime.enter();
            #[cfg(unix)]
            let pressed = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())?;
            #[cfg(windows)]
            let pressed = tokio::signal::windows::ctrl_c()?;
            pressed
        };
        let interrupt = Self::default();
        let asked = interrupt.clone();
        std::thread::Builder::new().spawn(move || {
            while runtime.block_on(pressed.recv()).is_some() {
                if asked.0.swap(true, Ordering::Relaxed) {
                    exit(EXIT_CODE.into());
                }
                // Whether or not somebody reads it.
                let _unread = writeln!(io::stderr(), "\nstopping; Ctrl-C again ends at once");
            }
        })?;
        Ok(interrupt)
    }

    /// Whether somebody asked to stop.
    #[must_use]
    pub fn is_asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Goes on, unless somebody asked to stop: for readers, which an error ends.
    ///
    /// # Errors
    /// When somebody asked.
    pub fn check(&self) -> io::Result<()> {
        if self.is_asked() { Err(io::Error::other("stopped by Ctrl-C")) } else { Ok(()) }
    }
}
