//! Azurite as a child process that cannot outlive the tests.

use std::io::{BufRead as _, BufReader, Read};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Pinned: the newest that runs on Node 20.
const PACKAGE: &str = "azurite@3.35.0";
/// The first use downloads the package.
const START_LIMIT: Duration = Duration::from_secs(180);

/// The process group of npx and Azurite. When the pipe to the shell closes, because this value is
/// dropped or because the test process ended or was killed, the shell ends the group.
#[derive(Debug)]
pub(super) struct AzuriteProcess {
    _child: Child,
    _pipe: Option<ChildStdin>,
    _folder: TempDir,
}

/// Where the services listen.
#[derive(Debug, Default, Clone)]
pub(super) struct Endpoints {
    /// The blob service.
    pub(super) blob: String,
    /// The queue service.
    pub(super) queue: String,
}

impl AzuriteProcess {
    /// Starts it on ports of its own choice and waits until both services listen.
    pub(super) fn start() -> Result<(Self, Endpoints), String> {
        let folder = tempfile::tempdir().map_err(|failure| failure.to_string())?;
        let mut child = command(&folder)?.spawn().map_err(|failure| format!("sh does not start: {failure}"))?;
        let pipe = child.stdin.take();
        let lines = follow(child.stdout.take(), child.stderr.take());
        let process = Self { _child: child, _pipe: pipe, _folder: folder };
        let endpoints = endpoints(&lines)?;
        Ok((process, endpoints))
    }
}

#[cfg(unix)]
fn command(folder: &TempDir) -> Result<Command, String> {
    use std::os::unix::process::CommandExt as _;

    let script = format!(
        "command -v npx >/dev/null || {{ echo 'npx is not installed'; exit 1; }}\n\
         (npx --yes --package {PACKAGE} azurite --silent --inMemoryPersistence \
         --disableTelemetry --skipApiVersionCheck --blobHost 127.0.0.1 --queueHost 127.0.0.1 \
         --tableHost 127.0.0.1 --blobPort 0 --queuePort 0 --tablePort 0 </dev/null; \
         echo \"azurite ended with $?\") &\n\
         cat >/dev/null\n\
         kill -KILL 0"
    );
    let mut command = Command::new("sh");
    command
        .args(["-c", &script])
        .current_dir(folder.path())
        .process_group(0)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    Ok(command)
}

#[cfg(not(unix))]
fn command(_: &TempDir) -> Result<Command, String> {
    Err("the stand-in starts Azurite on Unix only".to_owned())
}

fn follow(stdout: Option<impl Read + Send + 'static>, stderr: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, lines) = channel();
    let read = |source: Box<dyn Read + Send>, sender: std::sync::mpsc::Sender<String>| {
        std::thread::spawn(move || {
            // Reads on after the receiver is gone; with a full pipe Azurite would block.
            for line in BufReader::new(source).lines().map_while(Result::ok) {
                sender.send(line).ok();
            }
        });
    };
    if let Some(stdout) = stdout {
        read(Box::new(stdout), sender.clone());
    }
    if let Some(stderr) = stderr {
        read(Box::new(stderr), sender);
    }
    lines
}

fn endpoints(lines: &Receiver<String>) -> Result<Endpoints, String> {
    let deadline = Instant::now() + START_LIMIT;
    let mut endpoints = Endpoints::default();
    let mut said = Vec::new();
    while endpoints.blob.is_empty() || endpoints.queue.is_empty() {
        let left = deadline.saturating_duration_since(Instant::now());
        let line = match lines.recv_timeout(left) {
            Ok(line) => line,
            Err(RecvTimeoutError::Timeout) => {
                return Err(format!("not listening in {} s", START_LIMIT.as_secs()));
            }
            Err(RecvTimeoutError::Disconnected) => return Err(said.join("; ")),
        };
        if let Some((service, url)) = line.split_once(" service is successfully listening at ") {
            match service {
                "Azurite Blob" => endpoints.blob = url.trim().to_owned(),
                "Azurite Queue" => endpoints.queue = url.trim().to_owned(),
                _ => {}
            }
        } else if line.starts_with("azurite ended with ") {
            said.push(line);
            return Err(said.join("; "));
        } else {
            said.push(line);
        }
    }
    Ok(endpoints)
}
