//! Servers under measurement: how each is started, and one that runs.

use std::error::Error;
use std::ffi::OsString;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::connection::Connection;
use crate::peer::Peer;
use crate::pinning::Pinning;
use support::bench::naive::RuleSet;

/// The port as the host hands it over; the peers hear of it in the same way.
pub(crate) const PORT_SETTING: &str = "FUNCTIONS_CUSTOMHANDLER_PORT";
const PEERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/performance/peers");
const START_TIMEOUT: Duration = Duration::from_secs(30);
const POLL_PAUSE: Duration = Duration::from_micros(100);

/// A server that can be started.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    /// What it is called in the tables.
    pub(crate) name: String,
    program: PathBuf,
    arguments: Vec<OsString>,
    settings: Vec<(&'static str, &'static str)>,
}

/// A server that runs until it is dropped.
pub(crate) struct Running {
    child: Child,
    port: u16,
    /// From its start to its first answer.
    pub(crate) started_in: Duration,
}

impl Server {
    /// The product with all rules, as its documents recommend.
    pub(crate) fn ours(binary: &Path) -> Self {
        Self::new("certificate-accessed", binary, ["serve"]).with_every_alert(RuleSet::All)
    }

    /// The product with the one rule that the naive server has.
    pub(crate) fn ours_with_the_first_rule(binary: &Path) -> Self {
        Self::new("certificate-accessed, first rule", binary, ["serve"]).with_every_alert(RuleSet::First)
    }

    /// The product, linked to nothing that a system has.
    pub(crate) fn ours_static(binary: &Path) -> Self {
        Self::new("certificate-accessed, static", binary, ["serve"]).with_every_alert(RuleSet::All)
    }

    /// This program as a peer.
    pub(crate) fn peer(peer: Peer) -> io::Result<Self> {
        Ok(Self::new(peer.name(), &std::env::current_exe()?, ["peer", peer.word()]))
    }

    /// The peers in other languages, as far as their runtimes are here.
    pub(crate) fn others(python: &Path) -> Vec<Self> {
        let node = Path::new(PEERS).join("node.js");
        let node = said("node".as_ref(), ["--version".into()]).map(|version| {
            let name = format!("Node {}: http, JSON.parse", version.trim().trim_start_matches('v'));
            Self::new(&name, "node".as_ref(), [node])
        });
        let script = Path::new(PEERS).join("python.py");
        let python = said(python, [script.clone(), "--name".into()]).and_then(|said| {
            let (name, interpreter) = said.trim().split_once('\n')?;
            Some(Self::new(name, interpreter.as_ref(), [script]))
        });
        node.into_iter().chain(python).collect()
    }

    fn new(name: &str, program: &Path, arguments: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        let arguments = arguments.into_iter().map(Into::into).collect();
        Self { name: name.to_owned(), program: program.to_owned(), arguments, settings: Vec::new() }
    }

    /// A window would swallow the matches of a batch that comes again, and their alerts are part of the cost.
    fn with_every_alert(mut self, rules: RuleSet) -> Self {
        // Without something learnt UnfamiliarReader would be off.
        let baseline = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/performance/baseline.json");
        let settings = [("DEDUP_MINUTES", "0"), ("RULES", rules.setting()), ("BASELINE", baseline)];
        self.settings.extend(settings);
        self
    }

    /// Starts it with nothing in its environment but what the host gives, and waits for its first answer.
    pub(crate) fn start(&self, pinning: Pinning) -> Result<Running, Box<dyn Error>> {
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let begun = Instant::now();
        let child = pinning
            .command(&self.program)
            .args(&self.arguments)
            .env_clear()
            .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
            .envs(self.settings.iter().copied())
            .env(PORT_SETTING, port.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("{}: cannot start {}: {error}", self.name, self.program.display()))?;
        let mut running = Running { child, port, started_in: Duration::ZERO };
        while running.connect().and_then(|mut connection| connection.get_root()).is_err() {
            if let Some(status) = running.child.try_wait()? {
                return Err(format!("{} ended before it answered: {status}", self.name).into());
            }
            if begun.elapsed() > START_TIMEOUT {
                return Err(format!("{} does not answer", self.name).into());
            }
            std::thread::sleep(POLL_PAUSE);
        }
        running.started_in = begun.elapsed();
        Ok(running)
    }
}

impl Running {
    /// A new connection to it.
    pub(crate) fn connect(&self) -> io::Result<Connection> {
        Connection::open(self.port)
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // As the host does it: without a signal to prepare for.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// What a program says, if it is there.
fn said(program: &Path, arguments: impl IntoIterator<Item = PathBuf>) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
