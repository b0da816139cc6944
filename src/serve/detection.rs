//! The detection as the settings ask for it, and what it has to do without if one of them is not usable.
//!
//! No optional output, file or store keeps it from starting: it starts without, and says so on stderr and in each summary
//! line.

use std::sync::Arc;

use crate::config::{Settings, StateStore};
use crate::detector::Detector;
use crate::expected::ExpectedAccess;
use crate::pipeline::Pipeline;
use crate::process_log::ErrorStream;
use crate::rules::Rule;
use crate::shared_windows::SharedWindows;
use crate::storage::{AccountFault, Container, STATE_CONTAINER};

/// Makes the detector, without expected access; `windows_fault` says why the windows are in memory although the settings
/// ask for shared ones.
pub(super) fn detector(
    settings: &Settings,
    rules: Vec<Rule>,
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
    let mut detector = Detector::new(pipeline, settings.dedup_minutes, ExpectedAccess::default());
    detector.teams_from = settings.teams.as_ref().map(|teams| teams.min_severity);
    detector.teams_fault = teams_fault;
    detector.state_fault = windows_fault.map(ToString::to_string);
    detector
}

/// Starts to keep windows that instances share, if the settings ask for them; after the port is open, because TLS takes
/// its time to load.
pub(super) fn shared_windows(
    settings: &Settings,
    errors: &ErrorStream,
) -> Result<Option<Arc<SharedWindows>>, AccountFault> {
    if settings.state_store == StateStore::Memory {
        return Ok(None);
    }
    let account = settings.storage.as_ref().map_err(Clone::clone)?;
    let windows = Arc::new(SharedWindows::start(Container::of(account, STATE_CONTAINER)?));
    let (opened, errors) = (windows.clone(), errors.clone());
    tokio::spawn(async move {
        if let Err(fault) = opened.open().await {
            errors.error(&format!("at the start: {fault}"));
        }
    });
    Ok(Some(windows))
}
