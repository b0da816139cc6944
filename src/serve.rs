//! `serve`: the custom handler as a process, from settings to shutdown.

mod accept;
mod detection;
mod expectations;
mod signals;
mod starter;

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;

use tokio::net::TcpListener;

use crate::card_receipts::CardReceipts;
use crate::config::{Faults, Settings, WITH_AUDIT_RULES, load_rules};
use crate::http::{App, BodyBuffers, router};
use crate::process_log::{self, ErrorStream};
use crate::rules::metadata::MetadataError;
use crate::storage::{Account, AccountFault};
use crate::teams::Teams;
use accept::accept;
use detection::{detector, shared_windows};
use expectations::Expectations;
use signals::Signals;
use starter::Starter;

/// The port as the host hands it over.
const PORT_SETTING: &str = "FUNCTIONS_CUSTOMHANDLER_PORT";

/// Why the handler could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Settings that cannot be used.
    #[error("the settings are not usable: {0}")]
    Settings(#[from] Faults),
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

/// The receipts of cards in the app's own storage account; without one that can be used, cards are posted all the same.
fn card_receipts(lookup: &dyn Fn(&str) -> Option<String>, errors: &ErrorStream) -> Option<CardReceipts> {
    match Account::read(lookup) {
        Ok(account) => Some(CardReceipts::new(account)),
        // By hand there may be none; the host does not run without it.
        Err(AccountFault::Missing) => None,
        Err(fault) => {
            errors.warning(&format!("a card may be posted more than once: {fault}"));
            None
        }
    }
}

/// Runs until a signal or the host's own end, and says with which exit code: one that makes the host start it again, or 0
/// by hand.
///
/// # Errors
/// [`ServeError`], before the port is open.
pub fn serve(lookup: &dyn Fn(&str) -> Option<String>) -> Result<ExitCode, ServeError> {
    let starter = Starter::read(lookup);
    let port = lookup(PORT_SETTING).and_then(|port| port.trim().parse().ok()).filter(|port| *port != 0);
    let port: Result<u16, _> = port.ok_or(ServeError::Port);
    let is_shared = lookup("STATE_STORE").is_some_and(|store| store.trim() == "blob");
    let account = is_shared.then(|| Account::read(lookup)).transpose();
    let others = [account.as_ref().err().map(ToString::to_string), port.as_ref().err().map(ToString::to_string)];
    let others = others.into_iter().flatten();
    let settings = Settings::read_to_detect(lookup).map_err(|faults| faults.and(others.clone()))?;
    let (Ok(account), Ok(port)) = (account, port) else { return Err(settings.lacking.all().and(others).into()) };
    let rules = load_rules(&settings)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(ServeError::Runtime)?;
    runtime.block_on(async {
        // First of all, so that a signal in the middle of the start ends it like any other.
        let signals = Signals::heeded_by(starter);
        let listener = bind(port).await?;
        let (errors, _guards) = process_log::start(settings.log_level);
        let names: Vec<_> = settings.rules.iter().map(|logic| logic.name).collect();
        let webhook = settings.teams.as_ref().and_then(|teams| teams.webhook.clone());
        let teams = webhook.is_some();
        tracing::info!(version = env!("CARGO_PKG_VERSION"), port, rules = names.join(","), teams, "started");
        if !settings.has_audit_rule() {
            errors.warning(&format!(
                "no audit rule is on: the Activity Log records no reads, so expect no alerts; \
                 {WITH_AUDIT_RULES} reads Key Vault's audit log, too"
            ));
        }
        let shared = account.map(|account| shared_windows(&account, &errors)).transpose();
        if let Err(fault) = &shared {
            errors.error(&format!("windows are in the memory of this instance, as with STATE_STORE=memory: {fault}"));
        }
        let detector = Arc::new(detector(&settings, rules, shared.as_ref().err(), &errors));
        Expectations::new(Arc::clone(&detector), errors.clone()).read(&settings, lookup).await;
        let app = App {
            detector,
            shared_windows: shared.ok().flatten(),
            receipts: webhook.as_ref().and_then(|_| card_receipts(lookup, &errors)).map(Arc::new),
            teams: webhook.map(|webhook| Arc::new(Teams::new(webhook))),
            errors: errors.clone(),
            bodies: BodyBuffers::default(),
        };
        accept(listener, router(app), starter, signals, &errors).await;
        tracing::info!("stopped");
        Ok(ExitCode::from(starter.exit_code()))
    })
}

async fn bind(port: u16) -> Result<TcpListener, ServeError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => ServeError::PortInUse { port },
        _ => ServeError::Bind { port, error },
    })
}
