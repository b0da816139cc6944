//! What `serve` runs with: the settings, and what the Functions host says of itself.

use super::reader::value;
use super::{Faults, Settings, StateStore};

/// The port as the host hands it over.
const PORT: &str = "FUNCTIONS_CUSTOMHANDLER_PORT";
/// What the host alone sets.
const WORKER_ID: &str = "FUNCTIONS_CUSTOMHANDLER_WORKER_ID";

/// What `serve` runs with.
#[derive(Debug)]
pub struct ServeSettings {
    /// The settings; the detection goes on without what [`Settings::optional_faults`] names.
    pub settings: Settings,
    /// The port to listen on.
    pub port: u16,
    /// Whether the Functions host started this process, or a person did.
    pub is_started_by_host: bool,
}

impl ServeSettings {
    /// Reads the settings through `lookup`.
    ///
    /// # Errors
    /// Names every setting that is wrong, if the detection cannot do without one of them.
    pub fn read(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, Faults> {
        let (settings, mut faults) = Settings::read_with_faults(lookup);
        if let (StateStore::Blob, Err(fault)) = (settings.state_store, &settings.storage) {
            faults.0.push(format!("STATE_STORE=blob cannot use AzureWebJobsStorage: {fault}"));
        }
        let port = value(lookup, PORT).and_then(|port| port.parse().ok()).filter(|port| *port != 0);
        if port.is_none() {
            faults.0.push(format!(
                "{PORT} must be a port from 1 to 65535: the Functions host sets it, for a run by hand set it yourself"
            ));
        }
        match port {
            Some(port) if faults.0.is_empty() => {
                Ok(Self { settings, port, is_started_by_host: value(lookup, WORKER_ID).is_some() })
            }
            _ => {
                faults.0.append(&mut settings.optional_faults.all());
                Err(faults)
            }
        }
    }
}
