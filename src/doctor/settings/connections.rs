//! Connections: one string, or its parts for a managed identity.

use super::{AppSettings, check_usable};
use crate::doctor::Report;

/// What a connection leads to. Of each list of lists, one list is enough.
pub(in crate::doctor) struct Service {
    /// The parts for a managed identity.
    parts: &'static [&'static [&'static str]],
    /// The members of a connection string.
    members: &'static [&'static [&'static str]],
    fix: &'static str,
}

pub(in crate::doctor) const EVENT_HUB: Service = Service {
    parts: &[&["fullyQualifiedNamespace"]],
    members: &[&["Endpoint", "SharedAccessKey"], &["Endpoint", "SharedAccessSignature"]],
    fix: "copy the whole connection string of the namespace, which begins with Endpoint=sb://",
};
pub(in crate::doctor) const STORAGE: Service = Service {
    parts: &[&["accountName"], &["blobServiceUri", "queueServiceUri"]],
    members: &[
        &["UseDevelopmentStorage"],
        &["AccountName", "AccountKey"],
        &["AccountName", "SharedAccessSignature"],
        &["BlobEndpoint", "QueueEndpoint", "SharedAccessSignature"],
    ],
    fix: "copy the whole connection string of the account; UseDevelopmentStorage=true stands for Azurite",
};

impl Service {
    fn takes(&self, text: &str) -> bool {
        let members =
            text.split(';').filter_map(|member| member.split_once('=')).filter(|(_, value)| !value.is_empty());
        let keys: Vec<_> = members.map(|(key, _)| key.trim()).collect();
        self.members.iter().any(|all| all.iter().all(|one| keys.iter().any(|key| key.eq_ignore_ascii_case(one))))
    }
}

impl AppSettings<'_> {
    /// A connection that the host needs; whether nothing is wrong with it.
    pub(in crate::doctor) fn require_connection(&self, name: &str, service: &Service, report: &mut Report) -> bool {
        // The host finds the setting with and without this before its name.
        for name in [&format!("AzureWebJobs{name}"), name] {
            let part = |part: &str| self.host_value(&format!("{name}__{part}"));
            let mut is_sound = true;
            for one in service.parts.concat() {
                is_sound &= check_usable(&format!("{name}__{one}"), &part(one).unwrap_or_default(), report);
            }
            if let Some(value) = self.host_value(name) {
                is_sound &= check_usable(name, &value, report);
                if is_sound && !service.takes(&value) {
                    report.fault(format!("{name} is no connection string: {}", service.fix));
                }
                return is_sound && service.takes(&value);
            }
            if service.parts.iter().any(|all| all.iter().all(|one| part(one).is_some())) {
                return is_sound;
            }
        }
        if self.are_here {
            let all = |all: &&[&str]| all.iter().map(|one| format!("{name}__{one}")).collect::<Vec<_>>().join(" with ");
            let parts: Vec<_> = service.parts.iter().map(all).collect();
            report.fault(format!(
                "the setting {name} is missing, which the host needs: set it to a connection string, or {} for a managed \
                 identity",
                parts.join(", or ")
            ));
        }
        !self.are_here
    }
}
