//! Connections: one string, or its parts for a managed identity.

use super::{AppSettings, check_reference};
use crate::doctor::report::Report;

/// What a connection leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::doctor) enum Service {
    EventHub,
    Storage,
}

impl Service {
    /// The parts of a connection: each list is enough for itself.
    fn parts(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::EventHub => &[&["fullyQualifiedNamespace"]],
            Self::Storage => &[&["accountName"], &["blobServiceUri", "queueServiceUri"]],
        }
    }

    /// The members of a connection string: each list is enough for itself.
    fn members(self) -> &'static [&'static [&'static str]] {
        match self {
            Self::EventHub => &[&["Endpoint", "SharedAccessKey"], &["Endpoint", "SharedAccessSignature"]],
            Self::Storage => &[
                &["UseDevelopmentStorage"],
                &["AccountName", "AccountKey"],
                &["AccountName", "SharedAccessSignature"],
                &["BlobEndpoint", "QueueEndpoint", "SharedAccessSignature"],
            ],
        }
    }

    fn copy(self) -> &'static str {
        match self {
            Self::EventHub => "copy the whole connection string of the namespace, which begins with Endpoint=sb://",
            Self::Storage => {
                "copy the whole connection string of the account; UseDevelopmentStorage=true stands for Azurite"
            }
        }
    }

    fn is_connection_string(self, text: &str) -> bool {
        let keys = text.split(';').filter_map(|member| member.split_once('=')).filter(|(_, value)| !value.is_empty());
        let keys: Vec<_> = keys.map(|(key, _)| key.trim()).collect();
        self.members().iter().any(|all| all.iter().all(|one| keys.iter().any(|key| key.eq_ignore_ascii_case(one))))
    }
}

impl AppSettings<'_> {
    /// A connection that the host needs; whether nothing is wrong with it.
    pub(in crate::doctor) fn require_connection(&self, name: &str, service: Service, report: &mut Report) -> bool {
        // The host finds the setting with and without this before its name.
        let long = format!("AzureWebJobs{name}");
        for name in [long.as_str(), name] {
            let parts = service.parts();
            let part = |part: &str| self.host_value(&format!("{name}__{part}"));
            let are_sound = parts.iter().copied().flatten().fold(true, |are_sound, one| {
                let value = part(one).unwrap_or_default();
                check_reference(&format!("{name}__{one}"), &value, report) && are_sound
            });
            if let Some(value) = self.host_value(name) {
                return check_string(name, &value, service, report) && are_sound;
            }
            if parts.iter().any(|all| all.iter().all(|one| part(one).is_some())) {
                return are_sound;
            }
        }
        if self.are_here() {
            let parts = match service {
                Service::EventHub => format!("{name}__fullyQualifiedNamespace"),
                Service::Storage => {
                    format!("{name}__accountName (or both {name}__blobServiceUri and {name}__queueServiceUri)")
                }
            };
            report.fault(
                format!("the setting {name} is missing, which the host needs"),
                format!("set it to a connection string, or {parts} for a managed identity"),
            );
        }
        !self.are_here()
    }

    /// Whether a setting of the host is set, whole or in part.
    pub(super) fn is_begun(&self, name: &str) -> bool {
        let mut parts = [Service::EventHub, Service::Storage].iter().flat_map(|service| service.parts().concat());
        self.host_value(name).is_some() || parts.any(|part| self.host_value(&format!("{name}__{part}")).is_some())
    }
}

fn check_string(name: &str, value: &str, service: Service, report: &mut Report) -> bool {
    if !check_reference(name, value, report) {
        return false;
    }
    let is_usable = service.is_connection_string(value);
    if !is_usable {
        report.fault(format!("{name} is no connection string"), service.copy());
    }
    is_usable
}
