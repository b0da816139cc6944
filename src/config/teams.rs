//! The settings of the Teams notification.

use super::settings::Reader;
use crate::severity::Severity;
use crate::webhook::{WebhookPolicy, WebhookUrl};

/// What the settings say of Teams, where it is on.
#[derive(Debug, Clone)]
pub struct Teams {
    /// Where cards are posted; nowhere while one of the settings is not usable, and then the queue keeps the alerts.
    pub webhook: Option<WebhookUrl>,
    /// Alerts below it go to the queue of alerts only.
    pub min_severity: Severity,
}

impl Teams {
    /// Reads the settings; `None` where no webhook is set. The others are checked all the same.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let min_severity = reader.value("TEAMS_MIN_SEVERITY").and_then(|name| {
            let severity = Severity::parse(&name);
            if severity.is_none() {
                reader.fault("TEAMS_MIN_SEVERITY", "INFO, LOW, MEDIUM, HIGH or CRITICAL");
            }
            severity
        });
        let policy = policy(reader);
        let webhook = reader.value("TEAMS_WEBHOOK_URL").and_then(|url| {
            let parsed = WebhookUrl::parse(&url, &policy);
            parsed.map_err(|fault| reader.fault("TEAMS_WEBHOOK_URL", &fault.to_string())).ok()
        });
        reader.is_set("TEAMS_WEBHOOK_URL").then(|| Self {
            webhook: webhook.filter(|_| reader.is_content()),
            // Nothing is kept from the queue by a name that cannot be read.
            min_severity: min_severity.unwrap_or(Severity::Info),
        })
    }
}

fn policy(reader: &mut Reader<'_>) -> WebhookPolicy {
    let hosts = reader.value("TEAMS_ALLOWED_HOSTS").unwrap_or_default();
    let allowed_hosts: Vec<_> =
        hosts.split(',').map(str::trim).filter(|host| !host.is_empty()).map(str::to_owned).collect();
    if !hosts.is_empty() && (allowed_hosts.is_empty() || !allowed_hosts.iter().all(|host| is_host(host))) {
        reader.fault("TEAMS_ALLOWED_HOSTS", "host names, comma-separated, without https://, port and path");
    }
    let allow_loopback = match reader.value("TEAMS_ALLOW_LOOPBACK").as_deref() {
        None | Some("0") => false,
        Some("1") => true,
        Some(_) => {
            reader.fault("TEAMS_ALLOW_LOOPBACK", "1, or nothing");
            false
        }
    };
    WebhookPolicy { allowed_hosts, allow_loopback }
}

fn is_host(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'[' | b']' | b':');
    name.bytes().all(is_part) && (!name.contains(':') || name.starts_with('['))
}
