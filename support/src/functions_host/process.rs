//! The handler's process, started and watched as the host does.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::process::{ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::app::{App, SetupFailure};
use super::lines::Lines;

/// How often the host probes (functions-host §0, `DefaultHttpWorkerService.IsWorkerReady`).
const PROBE_INTERVAL: Duration = Duration::from_millis(25);
/// How often another port is tried.
const PORT_CLASHES: usize = 3;
/// `customHandler.initializationTimeout`.
const PROBE_LIMIT: Duration = Duration::from_secs(30);
/// The exit code with which a handler asks to be started again.
const RESTART: i32 = 200;

/// How a host reacts to the end of its handler (functions-host §7, `HttpFunctionInvocationDispatcher`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Exit code 0: it is never started again, and every invocation fails from then on.
    ForGood,
    /// Exit code 200: it is started again at once, which does not count as a crash.
    Restart,
    /// Any other code, or a signal: it is started again, and the third one in half an hour ends the host.
    Crash,
}

impl Ending {
    /// The ending that an exit status means.
    pub fn of(status: ExitStatus) -> Self {
        match status.code() {
            Some(0) => Self::ForGood,
            Some(RESTART) => Self::Restart,
            _ => Self::Crash,
        }
    }
}

/// A running handler. Dropping it kills the process.
#[derive(Debug)]
pub struct HandlerProcess {
    child: Child,
    readers: Vec<JoinHandle<()>>,
    /// Where it listens.
    pub port: u16,
    /// From exec to the first answer.
    pub started_in: Duration,
}

impl HandlerProcess {
    /// Starts the handler and waits for its first answer. A port that somebody else took in the
    /// meantime is no fault of the handler's: another one is tried, as the host does when stderr
    /// says "address already in use".
    pub async fn start(
        app: &App,
        client: &reqwest::Client,
        stdout: &Lines,
        stderr: &Lines,
    ) -> Result<Self, SetupFailure> {
        let mut clashes = 0;
        loop {
            let before = stderr.count();
            let begun = Instant::now();
            let mut process = Self::spawn(app, stdout, stderr)?;
            match process.wait_until_ready(client, stderr, before).await {
                Ok(()) => {
                    process.started_in = begun.elapsed();
                    return Ok(process);
                }
                Err(failure) if clashes == PORT_CLASHES || !is_port_clash(&failure) => {
                    return Err(failure);
                }
                Err(_) => clashes += 1,
            }
        }
    }

    fn spawn(app: &App, stdout: &Lines, stderr: &Lines) -> Result<Self, SetupFailure> {
        let failed = |source: io::Error| SetupFailure::Spawn { executable: app.executable.clone(), source };
        let port = free_port().map_err(failed)?;
        let mut command = Command::new(&app.executable);
        command
            .args(&app.arguments)
            .current_dir(&app.working_directory)
            .env_clear()
            .envs(environment(app, port))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command.spawn().map_err(failed)?;
        let mut readers = Vec::new();
        if let Some(pipe) = child.stdout.take() {
            readers.push(stdout.follow(pipe));
        }
        if let Some(pipe) = child.stderr.take() {
            readers.push(stderr.follow(pipe));
        }
        Ok(Self { child, readers, port, started_in: Duration::ZERO })
    }

    /// `GET /` until any answer comes; 404 is as good as 200. An answer from a port whose handler has
    /// ended is somebody else's.
    async fn wait_until_ready(
        &mut self,
        client: &reqwest::Client,
        stderr: &Lines,
        before: usize,
    ) -> Result<(), SetupFailure> {
        let url = format!("http://127.0.0.1:{}/", self.port);
        let deadline = tokio::time::Instant::now() + PROBE_LIMIT;
        loop {
            let probe = tokio::time::timeout_at(deadline, client.get(&url).send()).await;
            if let Some(status) = self.exit_status() {
                self.finish_reading().await;
                return Err(SetupFailure::Exited { status, stderr: stderr.after(before).join("\n") });
            }
            match probe {
                Ok(Ok(_)) => return Ok(()),
                Ok(Err(_)) => tokio::time::sleep(PROBE_INTERVAL).await,
                Err(_) => {
                    return Err(SetupFailure::Silent {
                        seconds: PROBE_LIMIT.as_secs(),
                        stderr: stderr.after(before).join("\n"),
                    });
                }
            }
        }
    }

    /// How the process ended, if it has.
    pub fn exit_status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// The process id while it runs.
    pub fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// SIGKILL, then waits for the end: this is all that a host does to stop a handler
    /// (functions-host §7, `WorkerProcess.Dispose`).
    pub async fn kill(&mut self) -> io::Result<ExitStatus> {
        // The process may have ended by itself; `wait` reports how.
        if let Err(failure) = self.child.start_kill()
            && self.child.id().is_some()
        {
            return Err(failure);
        }
        self.wait().await
    }

    /// Sends SIGKILL, and reads nothing that is still written.
    pub async fn abandon(&mut self) -> io::Result<()> {
        self.readers.drain(..).for_each(|reader| reader.abort());
        self.child.kill().await
    }

    /// Waits until the process ends and its last lines are read.
    pub async fn wait(&mut self) -> io::Result<ExitStatus> {
        let status = self.child.wait().await?;
        self.finish_reading().await;
        Ok(status)
    }

    async fn finish_reading(&mut self) {
        for reader in self.readers.drain(..) {
            // A grandchild may keep the pipe open; its lines are not worth a hang.
            if tokio::time::timeout(Duration::from_secs(1), reader).await.is_err() {
                break;
            }
        }
    }
}

/// Binds port 0 and lets go of it again, with the same small race as the host (`WorkerUtilities`).
/// No port is given out twice, so that tests side by side do not race each other.
fn free_port() -> io::Result<u16> {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    loop {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let port = listener.local_addr()?.port();
        let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
        if given.insert(port) {
            return Ok(port);
        }
    }
}

fn is_port_clash(failure: &SetupFailure) -> bool {
    let SetupFailure::Exited { stderr, .. } = failure else {
        return false;
    };
    stderr.to_ascii_lowercase().contains("address already in use")
}

/// What the host sets (functions-host §0, `HttpWorkerProcess`), over the application settings.
/// Of the stand-in's own environment only PATH and HOME are kept.
fn environment(app: &App, port: u16) -> BTreeMap<String, String> {
    let mut environment = app.settings.0.clone();
    for kept in ["PATH", "HOME"] {
        if let Ok(value) = std::env::var(kept) {
            environment.insert(kept.to_owned(), value);
        }
    }
    let worker = Uuid::new_v4().to_string();
    let root = app.root.to_string_lossy().into_owned();
    let set = [
        ("FUNCTIONS_CUSTOMHANDLER_PORT", port.to_string()),
        ("FUNCTIONS_HTTPWORKER_PORT", port.to_string()),
        ("FUNCTIONS_CUSTOMHANDLER_WORKER_ID", worker.clone()),
        ("FUNCTIONS_HTTPWORKER_ID", worker),
        ("FUNCTIONS_APP_ROOT_PATH", root),
    ];
    environment.extend(set.map(|(name, value)| (name.to_owned(), value)));
    environment
}
