//! The host itself: an app folder, a running handler, and the storage for its outputs.

use std::io;
use std::path::Path;
use std::process::ExitStatus;
use std::sync::atomic::{AtomicU16, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::app::{App, Settings, SetupFailure};
use super::failure::HostFailure;
use super::function::Function;
use super::lines::{Level, Lines};
use super::process::{Ending, HandlerProcess};
use super::sink::{Fault, Sink};
use super::write::Write;

/// A Functions host with one handler. All methods take `&self`, so that a test can kill the
/// handler while invocations are under way.
pub struct FunctionsHost {
    app: App,
    pub(super) client: reqwest::Client,
    pub(super) process: tokio::sync::Mutex<HandlerProcess>,
    port: AtomicU16,
    stdout: Lines,
    stderr: Lines,
    sink: Sink,
    fault: Mutex<Option<Fault>>,
    writes: AtomicUsize,
    crashes: AtomicUsize,
    pub(super) function_log: Mutex<Vec<String>>,
}

impl FunctionsHost {
    /// Reads the app, starts its handler and waits for the first answer. Outputs go to memory
    /// unless [`FunctionsHost::with_sink`] says otherwise.
    pub async fn start(app_root: &Path, settings: &[(String, String)]) -> Result<Self, SetupFailure> {
        Self::start_app(App::read(app_root, Settings::new(settings))?).await
    }

    /// Starts the handler of an app.
    pub(super) async fn start_app(app: App) -> Result<Self, SetupFailure> {
        // A proxy from the environment would carry loopback traffic away. A real host follows
        // redirects; here a 3xx is a failure, so that no test can leave this machine.
        crate::tls::install();
        let client = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build()?;
        let (stdout, stderr) = (Lines::default(), Lines::default());
        let process = HandlerProcess::start(&app, &client, &stdout, &stderr).await?;
        Ok(Self {
            port: AtomicU16::new(process.port),
            process: tokio::sync::Mutex::new(process),
            app,
            client,
            stdout,
            stderr,
            sink: Sink::memory(),
            fault: Mutex::default(),
            writes: AtomicUsize::new(0),
            crashes: AtomicUsize::new(0),
            function_log: Mutex::default(),
        })
    }

    /// Sends the outputs to another storage.
    #[must_use]
    pub fn with_sink(mut self, sink: Sink) -> Self {
        self.sink = sink;
        self
    }

    /// From now on `fault` decides for each write whether it fails.
    pub fn fail_writes(&self, fault: impl Fn(usize, &Write) -> bool + Send + Sync + 'static) {
        *self.fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(fault));
    }

    /// The app as it was read.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// A function of the app.
    pub fn function(&self, name: &str) -> Result<&Function, HostFailure> {
        let function = self.app.functions.get(name);
        function.ok_or_else(|| HostFailure::UnknownFunction(name.to_owned()))
    }

    /// The storage that receives the outputs.
    pub fn sink(&self) -> &Sink {
        &self.sink
    }

    /// Where the handler listens.
    pub fn port(&self) -> u16 {
        self.port.load(Ordering::Acquire)
    }

    /// From exec to the first answer, of the handler that runs now.
    pub async fn started_in(&self) -> Duration {
        self.process.lock().await.started_in
    }

    /// The lines on stdout so far, those of former processes included.
    pub fn stdout(&self) -> Vec<String> {
        self.stdout.all()
    }

    /// The lines on stderr so far, those of former processes included.
    pub fn stderr(&self) -> Vec<String> {
        self.stderr.all()
    }

    /// The `Logs` of all answers, including those of attempts whose outputs failed.
    pub fn function_log(&self) -> Vec<String> {
        self.function_log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Both with the level that an operator sees, those of stdout first.
    pub fn logged(&self) -> Vec<(Level, String)> {
        let stdout = self.stdout().into_iter().map(|line| (Level::Information, line));
        stdout.chain(self.stderr().into_iter().map(|line| (Level::of_stderr(&line), line))).collect()
    }

    /// The handler's process id while it runs.
    pub async fn process_id(&self) -> Option<u32> {
        self.process.lock().await.id()
    }

    /// How the handler ended, if it has.
    pub async fn exit_status(&self) -> Option<ExitStatus> {
        self.process.lock().await.exit_status()
    }

    /// SIGKILL.
    pub async fn kill(&self) -> io::Result<ExitStatus> {
        self.process.lock().await.kill().await
    }

    /// Ends the handler as a host does when it stops: with SIGKILL.
    pub async fn stop(self) -> io::Result<ExitStatus> {
        self.kill().await
    }

    /// Sends a signal by name (`TERM`, `INT`), as a terminal or a container may though no host does, and waits for the
    /// end; `None` if the handler still runs after `limit`.
    pub async fn signal(&self, name: &str, limit: Duration) -> io::Result<Option<ExitStatus>> {
        let mut process = self.process.lock().await;
        let Some(id) = process.id() else {
            return Ok(process.exit_status());
        };
        // From Rust it would need unsafe code; the shell has a `kill` wherever there are signals.
        let sent = tokio::process::Command::new("sh")
            .args(["-c", "kill -s \"$0\" \"$1\"", name, &id.to_string()])
            .status()
            .await?;
        if !sent.success() {
            return Err(io::Error::other(format!("kill -s {name} {id} failed")));
        }
        match tokio::time::timeout(limit, process.wait()).await {
            Ok(status) => status.map(Some),
            Err(_) => Ok(None),
        }
    }

    /// Kills the handler if it runs and starts it anew, on another port.
    pub async fn restart(&self) -> Result<(), SetupFailure> {
        let mut process = self.process.lock().await;
        process
            .kill()
            .await
            .map_err(|source| SetupFailure::Spawn { executable: self.app.executable.clone(), source })?;
        self.renew(&mut process).await
    }

    /// Starts a handler that has ended, as its exit code asks for. Crashes are counted; that a real host ends with the
    /// third one in half an hour is left to the test.
    pub async fn revive(&self) -> Result<(), HostFailure> {
        // Held throughout, so that of two partitions only one starts the handler.
        let mut process = self.process.lock().await;
        let Some(status) = process.exit_status() else { return Ok(()) };
        match Ending::of(status) {
            Ending::ForGood => return Err(HostFailure::EndedForGood),
            Ending::Restart => {}
            Ending::Crash => {
                self.crashes.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.renew(&mut process).await.map_err(|failure| HostFailure::Restart(failure.to_string()))
    }

    /// How often the handler ended in a way that counts against it.
    pub fn crashes(&self) -> usize {
        self.crashes.load(Ordering::Relaxed)
    }

    async fn renew(&self, process: &mut HandlerProcess) -> Result<(), SetupFailure> {
        *process = HandlerProcess::start(&self.app, &self.client, &self.stdout, &self.stderr).await?;
        self.port.store(process.port, Ordering::Release);
        Ok(())
    }

    /// One write, unless the fault hook fails it.
    pub(super) async fn write(&self, write: &Write) -> Result<(), HostFailure> {
        let index = self.writes.fetch_add(1, Ordering::Relaxed);
        let fails =
            self.fault.lock().unwrap_or_else(PoisonError::into_inner).as_ref().is_some_and(|fault| fault(index, write));
        if fails {
            return Err(HostFailure::MadeToFail(index));
        }
        self.sink.put(write).await
    }
}
