//! A host that can be killed, or run out of memory: its state is lost, and its handler goes on running
//! (functions-host §7 and §11). The partition's next owner gets the same batch again, from its first event.

use std::io;
use std::path::Path;
use std::process::ExitStatus;

use super::app::{App, Settings, SetupFailure};
use super::host::FunctionsHost;

/// A script in place of the host's process: it starts the handler, writes its id to a file, and ends when it ends.
const HOST: &str = "\"$0\" \"$@\" & echo \"$!\" > handler.pid; wait \"$!\"";

/// A handler whose host is gone. Dropping it kills it.
#[derive(Debug)]
pub struct Orphan {
    id: String,
    /// Where it listens.
    pub port: u16,
}

impl FunctionsHost {
    /// Starts a host whose process can die without its handler.
    pub async fn start_mortal(app_root: &Path, settings: &[(String, String)]) -> Result<Self, SetupFailure> {
        let mut app = App::read(app_root, Settings::new(settings))?;
        let handler = app.executable.to_string_lossy().into_owned();
        let words = ["-c".to_owned(), HOST.to_owned(), handler];
        app.arguments = words.into_iter().chain(app.arguments).collect();
        app.executable = "sh".into();
        Self::start_app(app).await
    }

    /// SIGKILL to the host: its connections and pipes break, and nothing that it did since its last checkpoint counts.
    pub async fn die(self) -> io::Result<Orphan> {
        self.process.lock().await.abandon().await?;
        let id = std::fs::read_to_string(self.app().working_directory.join("handler.pid"))?;
        Ok(Orphan { id: id.trim().to_owned(), port: self.port() })
    }
}

impl Orphan {
    /// Whether it still runs.
    pub fn is_running(&self) -> bool {
        self.kill("0").is_ok_and(|status| status.success())
    }

    fn kill(&self, signal: &str) -> io::Result<ExitStatus> {
        let mut command = std::process::Command::new("sh");
        command.args(["-c", "kill -s \"$0\" \"$1\" 2>/dev/null", signal, &self.id]).status()
    }
}

impl Drop for Orphan {
    fn drop(&mut self) {
        // It has gone by itself unless a test failed.
        self.kill("KILL").ok();
    }
}
