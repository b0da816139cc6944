//! The detection as the settings have it, and what it goes without where one of them is not usable.
//!
//! No optional output, file or store ends it: it starts without, says so on stderr and in each summary line, and has it again
//! with the next start at which the setting is usable.

use std::sync::Arc;

use crate::config::Settings;
use crate::detector::Detector;
use crate::expected::ExpectedAccess;
use crate::pipeline::Pipeline;
use crate::process_log::ErrorStream;
use crate::rules::Rule;
use crate::shared_windows::SharedWindows;
use crate::storage::{Account, AccountFault, Container, STATE_CONTAINER};

/// Makes the detector, but for what is expected; `windows_fault` says why the windows are in memory although the settings
/// share them.
pub(super) fn detector(
    settings: &Settings,
    rules: Vec<Rule>,
    windows_fault: Option<&AccountFault>,
    errors: &ErrorStream,
) -> Detector {
    let lacking = &settings.lacking;
    let teams_fault = lacking.teams.sentence();
    if let Some(fault) = &teams_fault {
        let waiting = if settings.teams.is_some() { ", and alerts wait in certificate-teams" } else { "" };
        errors.warning(&format!("no card is posted{waiting}: {fault}"));
    }
    if let Some(fault) = lacking.log_level.sentence() {
        errors.warning(&format!("the process log is as without LOG_LEVEL: {fault}"));
    }
    let pipeline = Pipeline::new(rules, settings.parameters.clone());
    Detector::new(pipeline, settings.dedup_minutes, ExpectedAccess::default())
        .with_teams_from(settings.teams.as_ref().map(|teams| teams.min_severity))
        .with_teams_fault(teams_fault)
        .with_state_fault(windows_fault.map(ToString::to_string))
}

/// Begins to keep windows that instances share; after the port is open, because TLS takes its time to load.
pub(super) fn shared_windows(account: &Account, errors: &ErrorStream) -> Result<Arc<SharedWindows>, AccountFault> {
    let windows = Arc::new(SharedWindows::start(Container::of(account, STATE_CONTAINER)?));
    let (opened, errors) = (windows.clone(), errors.clone());
    tokio::spawn(async move {
        if let Err(fault) = opened.open().await {
            errors.error(&format!("at the start: {fault}"));
        }
    });
    Ok(windows)
}
