//! `serve`: the custom handler as a process, from settings to shutdown.
//!
//! No optional output, file or store keeps it from starting: it starts without, and says so on stderr and in each summary
//! line.

mod accept;
mod expectations;
mod starter;

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use jiff::{SignedDuration, Timestamp};

use crate::baseline_file::{self, UnusableBaseline};
use crate::card_receipts::CardReceipts;
use crate::config::{Faults, ServeSettings, Settings, StateStore, WITH_AUDIT_RULES, load_rules};
use crate::detector::Detector;
use crate::expected::ExpectedAccess;
use crate::http::{App, BodyRoom, router};
use crate::pipeline::Pipeline;
use crate::process_log::{self, ErrorStream};
use crate::rules::Rule;
use crate::rules::metadata::MetadataError;
use crate::shared_windows::SharedWindows;
use crate::sigma::SigmaRules;
use crate::sigma_files;
use crate::storage::{Account, AccountFault, Container, STATE_CONTAINER};
use crate::teams::{Limits, Teams};
use crate::usual::Usual;
use accept::accept;
use expectations::Expectations;
use starter::{Signals, Starter};

/// How long after a failure a baseline is brought into the log again.
const TRY_AGAIN_AFTER: Duration = Duration::from_mins(1);

/// Why the handler could not start or go on.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Some settings cannot be used.
    #[error("the settings are not usable: {0}")]
    Settings(#[from] Faults),
    /// The YAML of a rule cannot be used: the build is broken.
    #[error("a rule cannot be loaded: {0}")]
    Rule(#[from] MetadataError),
    /// The port is taken; the words are known to the host.
    #[error("cannot listen on 127.0.0.1:{0}: address already in use")]
    PortInUse(u16),
    /// The port cannot be opened for another reason.
    #[error("cannot listen on 127.0.0.1:{0}: {1}")]
    Bind(u16, std::io::Error),
    /// The runtime cannot be started.
    #[error("cannot start the runtime: {0}")]
    Runtime(std::io::Error),
}

/// Runs until a signal, or until the host is gone, and returns the exit code: one that makes the host start it again, or
/// 0 if a person started it.
///
/// # Errors
/// [`ServeError`], before the port is open.
pub fn serve(lookup: &dyn Fn(&str) -> Option<String>) -> Result<ExitCode, ServeError> {
    let ServeSettings { settings, port, is_started_by_host } = ServeSettings::read(lookup)?;
    let starter = Starter::of(is_started_by_host);
    let mut rules = load_rules(&settings)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(ServeError::Runtime)?;
    runtime.block_on(async {
        // First of all, so that a signal during the start ends it like any other.
        let signals = Signals::handled_by(starter);
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
        let usual = usual(&settings);
        let shared = shared_windows(&settings, &usual, &errors);
        if let Err(fault) = &shared {
            errors.error(&format!("windows are in the memory of this instance, as with STATE_STORE=memory: {fault}"));
        }
        let learning_fault = learning_fault(&settings, &usual, &shared);
        if let Some(fault) = &learning_fault {
            errors.warning(fault);
        }
        let has_memory = matches!(shared, Ok(Some(_))) || matches!(usual, Ok(Some(_)));
        rules.retain(|rule| has_memory || !rule.logic.learns);
        let sigma = sigma_files::of_settings(&settings).await;
        if let Some(sigma) = &sigma {
            say_sigma(sigma, &errors);
        }
        let mut detector = detector(&settings, rules, sigma, shared.as_ref().err(), &errors);
        detector.learning_fault = learning_fault;
        if let Ok(Some(usual)) = usual {
            detector.know(usual);
        }
        let detector = Arc::new(detector);
        Expectations::new(Arc::clone(&detector), errors.clone()).read(&settings).await;
        let app = App {
            detector,
            shared_windows: shared.ok().flatten(),
            cards: settings.cards,
            receipts: webhook.as_ref().and_then(|_| card_receipts(settings.storage, &errors)).map(Arc::new),
            teams: webhook.map(|webhook| Arc::new(Teams::new(webhook, Limits::default()))),
            errors: errors.clone(),
            body_room: BodyRoom::default(),
        };
        accept(listener, router(app), starter, signals, &errors).await;
        tracing::info!("stopped");
        Ok(ExitCode::from(starter.exit_code()))
    })
}

/// Makes the detector, without expected access; `windows_fault` says why the windows are in memory although the settings
/// ask for shared ones.
fn detector(
    settings: &Settings,
    rules: Vec<Rule>,
    sigma: Option<SigmaRules>,
    windows_fault: Option<&AccountFault>,
    errors: &ErrorStream,
) -> Detector {
    let faults = &settings.optional_faults;
    let teams_fault = faults.teams.sentence();
    if let Some(fault) = &teams_fault {
        let waiting = if settings.teams.is_some() { ", and alerts wait in certificate-teams" } else { "" };
        errors.warning(&format!("no card is posted{waiting}: {fault}"));
    }
    if let Some(fault) = faults.log_level.sentence() {
        errors.warning(&format!("the process log has its default level: {fault}"));
    }
    let pipeline = Pipeline::new(rules, settings.parameters.clone());
    let pipeline = match sigma {
        Some(sigma) => pipeline.with_sigma(sigma),
        None => pipeline,
    };
    let mut detector = Detector::new(pipeline, settings.dedup_minutes, ExpectedAccess::default());
    detector.teams_from = settings.teams.as_ref().map(|teams| teams.min_severity);
    detector.teams_fault = teams_fault;
    detector.state_fault = windows_fault.map(ToString::to_string);
    detector
}

/// Says which Sigma rules are on, by which setting each log comes, and which are off and why.
fn say_sigma(sigma: &SigmaRules, errors: &ErrorStream) {
    for fault in sigma.sentences() {
        errors.warning(&format!("a Sigma rule is off: {fault}"));
    }
    if let Some(open) = sigma.open() {
        tracing::info!("{open}");
    }
    for source in sigma.sources() {
        let count = sigma.count_reading(source);
        tracing::info!("{count} Sigma rules read the {source}, which comes by {}", source.setting());
    }
}

/// Starts to keep windows that instances share, if the settings ask for them; after the port is open, because TLS takes
/// its time to load.
fn shared_windows(
    settings: &Settings,
    usual: &Result<Option<Usual>, UnusableBaseline>,
    errors: &ErrorStream,
) -> Result<Option<Arc<SharedWindows>>, AccountFault> {
    if settings.state_store == StateStore::Memory {
        return Ok(None);
    }
    let account = settings.storage.as_ref().map_err(Clone::clone)?;
    let windows = Arc::new(SharedWindows::start(Container::of(account, STATE_CONTAINER)?));
    let (opened, errors) = (windows.clone(), errors.clone());
    let (usual, learns) = (usual.as_ref().ok().cloned().flatten(), settings.learns());
    let learn_days = settings.parameters.learn_days;
    tokio::spawn(async move {
        loop {
            match opened.open(usual.clone()).await {
                Err(fault) => errors.error(&format!("at the start: {fault}")),
                Ok(since) if learns => return tracing::info!("{}", learning(since, learn_days)),
                Ok(_) => return,
            }
            // A batch reads the log by itself; a baseline has nobody else to bring it in.
            if usual.is_none() {
                return;
            }
            tokio::time::sleep(TRY_AGAIN_AFTER).await;
        }
    });
    Ok(Some(windows))
}

/// What is usual by the baseline that the settings name.
fn usual(settings: &Settings) -> Result<Option<Usual>, UnusableBaseline> {
    let baseline = settings.baseline.as_ref().filter(|_| settings.learns());
    baseline.map(|path| baseline_file::read(path)).transpose()
}

/// Why `UnfamiliarReader` is off, or judges by less than it should.
fn learning_fault(
    settings: &Settings,
    usual: &Result<Option<Usual>, UnusableBaseline>,
    shared: &Result<Option<Arc<SharedWindows>>, AccountFault>,
) -> Option<String> {
    let is_shared = matches!(shared, Ok(Some(_)));
    match usual {
        _ if !settings.learns() => None,
        Err(fault) if is_shared => Some(format!("UnfamiliarReader judges by what it has learnt alone: {fault}")),
        Err(fault) => Some(format!("UnfamiliarReader is off: {fault}")),
        Ok(None) if !is_shared => Some(
            "UnfamiliarReader is off, because a process forgets what it has learnt: set STATE_STORE=blob, or BASELINE to what \
             certificate-accessed baseline writes"
                .to_owned(),
        ),
        Ok(_) => None,
    }
}

/// Until when reads only teach.
fn learning(since: Option<Timestamp>, learn_days: u32) -> String {
    let days = SignedDuration::from_hours(24 * i64::from(learn_days));
    match since.and_then(|since| since.checked_add(days).ok()) {
        None => format!("UnfamiliarReader only learns until {learn_days} days after the first read"),
        Some(until) if until > Timestamp::now() => format!("UnfamiliarReader only learns until {until}"),
        Some(until) => format!("UnfamiliarReader judges since {until}"),
    }
}

/// The receipts of posted cards in the app's own storage account; if it cannot be used, cards are posted all the same.
fn card_receipts(account: Result<Account, AccountFault>, errors: &ErrorStream) -> Option<CardReceipts> {
    match account {
        Ok(account) => Some(CardReceipts::new(account)),
        // The host always has an account; a run by hand may have none.
        Err(AccountFault::Missing) => None,
        Err(fault) => {
            errors.warning(&format!("a card may be posted more than once: {fault}"));
            None
        }
    }
}

async fn bind(port: u16) -> Result<TcpListener, ServeError> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => ServeError::PortInUse(port),
        _ => ServeError::Bind(port, error),
    })
}
