//! `serve`: the custom handler as a process, from settings to shutdown.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::blob_windows::{Account, AccountFault, BlobWindows};
use crate::config::{Faults, Settings, WITH_AUDIT_RULES, load_rules};
use crate::detector::Detector;
use crate::expected::{ExpectedAccess, MAX_FILE_BYTES};
use crate::http::{App, BodyBuffers, router, serve_connection};
use crate::pipeline::Pipeline;
use crate::process_log;
use crate::rules::Rule;
use crate::rules::metadata::MetadataError;
use crate::small_file;
use crate::teams::Teams;
use crate::tls;

/// The port as the host hands it over.
const PORT_SETTING: &str = "FUNCTIONS_CUSTOMHANDLER_PORT";
/// How long a stop waits for answers that are under way; the host itself waits ten seconds.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(8);
/// How long to wait before accepting again, when the process is out of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// How long nothing more is said of connections that cannot be accepted.
const ACCEPT_SILENCE: Duration = Duration::from_secs(60);

/// Why the handler could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Settings that cannot be used.
    #[error("the settings are not usable: {0}")]
    Settings(#[from] Faults),
    /// A storage account that cannot be used.
    #[error(transparent)]
    Account(#[from] AccountFault),
    /// A rule whose YAML cannot be used: a build that should not exist.
    #[error("a rule cannot be loaded: {0}")]
    Rule(#[from] MetadataError),
    /// No port.
    #[error(
        "{PORT_SETTING} must be a port from 1 to 65535; the Functions host sets it, for a run by hand set it yourself"
    )]
    Port,
    /// The port is taken; the words are known to the host.
    #[error("cannot listen on 127.0.0.1:{port}: address already in use")]
    PortInUse {
        /// The port.
        port: u16,
    },
    /// The port cannot be opened for another reason.
    #[error("cannot listen on 127.0.0.1:{port}: {error}")]
    Bind {
        /// The port.
        port: u16,
        /// Why.
        error: std::io::Error,
    },
    /// The runtime cannot be started.
    #[error("cannot start the runtime: {0}")]
    Runtime(std::io::Error),
}

/// Makes the detector of these settings; an expected-access file that cannot be used leaves it without expectations.
fn detector(settings: &Settings, rules: Vec<Rule>) -> Detector {
    let expected = settings.expected_access.as_deref().map(read_expected_access).unwrap_or_default();
    if let Some(fault) = expected.fault() {
        tracing::warn!(fault, "no access is expected, because EXPECTED_ACCESS cannot be used");
    }
    Detector::new(Pipeline::new(rules, settings.parameters.clone()), settings.dedup_minutes, expected)
        .with_teams_from(settings.teams.as_ref().map(|teams| teams.min_severity))
}

/// Makes the client of the shared windows; after the port is open, because TLS takes its time to load.
fn shared_windows(account: &Account) -> Result<Arc<BlobWindows>, AccountFault> {
    tls::provide();
    Ok(Arc::new(BlobWindows::new(account)?))
}

/// Reads the expected-access file; a broken one must not end the detection.
fn read_expected_access(path: &Path) -> ExpectedAccess {
    let read = small_file::read(path, MAX_FILE_BYTES).map_err(|fault| fault.to_string());
    let parsed = read.and_then(|text| ExpectedAccess::parse(&text).map_err(|error| error.to_string()));
    parsed.unwrap_or_else(ExpectedAccess::broken)
}

/// Runs until a signal ends it.
///
/// # Errors
/// [`ServeError`], before the port is open.
pub fn serve(lookup: &dyn Fn(&str) -> Option<String>) -> Result<(), ServeError> {
    let port = lookup(PORT_SETTING).and_then(|port| port.trim().parse().ok()).filter(|port| *port != 0);
    let port: Result<u16, _> = port.ok_or(ServeError::Port);
    let account = match lookup("DEDUP_STORE").as_deref().map(str::trim) {
        Some("blob") => Account::read(lookup).map(Some),
        _ => Ok(None),
    };
    let others = [account.as_ref().err().map(ToString::to_string), port.as_ref().err().map(ToString::to_string)];
    let settings = Settings::read(lookup).map_err(|faults| faults.and(others.into_iter().flatten()))?;
    let (account, port) = match (account, port) {
        (Err(account), Err(port)) => return Err(Faults::default().and([account.to_string(), port.to_string()]).into()),
        (account, port) => (account?, port?),
    };
    let rules = load_rules(&settings)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(ServeError::Runtime)?;
    runtime.block_on(async {
        let listener = bind(port).await?;
        let (errors, _guards) = process_log::start(settings.log_level);
        let names: Vec<_> = settings.rules.iter().map(|logic| logic.name).collect();
        let teams = settings.teams.is_some();
        tracing::info!(version = env!("CARGO_PKG_VERSION"), port, rules = names.join(","), teams, "started");
        if !settings.has_audit_rule() {
            tracing::warn!(
                "no audit rule is on: the Activity Log records no reads, so expect no alerts; \
                 {WITH_AUDIT_RULES} reads Key Vault's audit log, too"
            );
        }
        let blob_windows = account.map(|account| shared_windows(&account)).transpose()?;
        let detector = Arc::new(detector(&settings, rules));
        let teams = settings.teams.map(|teams| Arc::new(Teams::new(teams.webhook)));
        let app = App { detector, blob_windows, teams, errors, bodies: BodyBuffers::default() };
        accept(listener, router(app)).await;
        tracing::info!("stopped");
        Ok(())
    })
}

async fn bind(port: u16) -> Result<TcpListener, ServeError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => ServeError::PortInUse { port },
        _ => ServeError::Bind { port, error },
    })
}

/// Accepts connections until a signal, then lets the answers under way go out.
async fn accept(listener: TcpListener, router: Router) {
    let (stop, stopping) = watch::channel(false);
    let mut connections = JoinSet::new();
    let mut told: Option<Instant> = None;
    let signal = signal();
    tokio::pin!(signal);
    loop {
        tokio::select! {
            () = &mut signal => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    // Answers are written whole, so waiting to fill packets only costs time.
                    let _slower = stream.set_nodelay(true);
                    connections.spawn(serve_connection(stream, router.clone(), stopping.clone()));
                }
                Err(error) => {
                    if told.is_none_or(|told| told.elapsed() >= ACCEPT_SILENCE) {
                        tracing::warn!(%error, "cannot accept connections for now; those that wait are taken later");
                        told = Some(Instant::now());
                    }
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
    drop(listener);
    let _receivers = stop.send(true);
    let drained = async { while connections.join_next().await.is_some() {} };
    let _timed_out = tokio::time::timeout(DRAIN_TIMEOUT, drained).await;
}

/// Waits for the end: Ctrl-C, and SIGTERM where there is one. The host itself sends neither, it kills.
#[cfg(unix)]
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
}

/// Waits for Ctrl-C.
#[cfg(not(unix))]
async fn signal() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
