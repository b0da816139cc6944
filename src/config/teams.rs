//! The settings of the Teams notification.

use super::reader::{Reader, elements};
use crate::render::{CardNames, CardOptions};
use crate::severity::Severity;
use crate::webhook::{WebhookPolicy, WebhookUrl};

/// What the settings say of Teams, if it is on.
#[derive(Debug, Clone)]
pub struct Teams {
    /// Where cards are posted; nowhere while one of the settings is not usable, and then the queue keeps the alerts.
    pub webhook: Option<WebhookUrl>,
    /// Alerts below it go to the queue of alerts only.
    pub min_severity: Severity,
}

impl Teams {
    /// Reads the settings; `None` if no webhook is set. The others are checked all the same.
    pub(super) fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let severities = "INFO, LOW, MEDIUM, HIGH or CRITICAL";
        let min_severity = reader.parsed("TEAMS_MIN_SEVERITY", severities, Severity::parse);
        let policy = policy(reader);
        let webhook = reader.value("TEAMS_WEBHOOK_URL").and_then(|url| {
            let parsed = WebhookUrl::parse(&url, &policy);
            parsed.map_err(|fault| reader.not_usable("TEAMS_WEBHOOK_URL", &fault.to_string())).ok()
        });
        reader.is_set("TEAMS_WEBHOOK_URL").then(|| Self {
            webhook: webhook.filter(|_| reader.faults.0.is_empty()),
            // Nothing is kept from the queue by a name that cannot be read.
            min_severity: min_severity.unwrap_or(Severity::Info),
        })
    }
}

/// What is on cards, with Teams on or off: a card can be looked at without a webhook.
pub(super) fn card_options(reader: &mut Reader<'_>) -> CardOptions {
    CardOptions {
        names: reader.parsed("TEAMS_NAMES", "all or counts", CardNames::parse).unwrap_or_default(),
        // Azure's own name of the function app.
        deployment: reader.value("WEBSITE_SITE_NAME"),
    }
}

fn policy(reader: &mut Reader<'_>) -> WebhookPolicy {
    let hosts = |list: &str| {
        let hosts: Vec<_> = elements(list).map(str::to_owned).collect();
        (!hosts.is_empty() && hosts.iter().all(|host| is_host(host))).then_some(hosts)
    };
    let expected = "host names, comma-separated, without https://, port and path";
    let loopback = |text: &str| ["0", "1"].contains(&text).then_some(text == "1");
    WebhookPolicy {
        allowed_hosts: reader.parsed("TEAMS_ALLOWED_HOSTS", expected, hosts).unwrap_or_default(),
        allow_loopback: reader.parsed("TEAMS_ALLOW_LOOPBACK", "1, or nothing", loopback).unwrap_or(false),
    }
}

fn is_host(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'[' | b']' | b':');
    name.bytes().all(is_part) && (!name.contains(':') || name.starts_with('['))
}
