//! The logs that Sigma rules read, by the names of their authors, and by what Azure writes into a record.

use std::fmt;

use crate::decode::{Record, RecordKind};
use crate::json::Value;

/// A log of Azure. Rules name it by `product: azure` and a `service`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogSource {
    /// `activitylogs`.
    ActivityLog,
    /// `keyvault`: the audit log of vaults. Sigma's own pages give it no name.
    KeyVaultAudit,
    /// `auditlogs`, and `pim`, whose changes are in the same log.
    EntraAudit,
    /// `signinlogs`.
    EntraSignIns,
    /// `riskdetection`.
    EntraRisk,
}

/// Which log a record is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// This one.
    Log(LogSource),
    /// The record does not say, so it may be any.
    Unnamed,
    /// One that no Sigma rule reads.
    Other,
}

/// Categories of Entra's diagnostic setting, and the tables that Log Analytics makes of them.
const CATEGORIES: &[(&str, LogSource)] = &[
    ("AuditLogs", LogSource::EntraAudit),
    ("SignInLogs", LogSource::EntraSignIns),
    ("NonInteractiveUserSignInLogs", LogSource::EntraSignIns),
    ("ServicePrincipalSignInLogs", LogSource::EntraSignIns),
    ("ManagedIdentitySignInLogs", LogSource::EntraSignIns),
    ("ADFSSignInLogs", LogSource::EntraSignIns),
    ("AADNonInteractiveUserSignInLogs", LogSource::EntraSignIns),
    ("AADServicePrincipalSignInLogs", LogSource::EntraSignIns),
    ("AADManagedIdentitySignInLogs", LogSource::EntraSignIns),
    ("RiskyUsers", LogSource::EntraRisk),
    ("UserRiskEvents", LogSource::EntraRisk),
    ("RiskyServicePrincipals", LogSource::EntraRisk),
    ("ServicePrincipalRiskEvents", LogSource::EntraRisk),
    ("AADRiskyUsers", LogSource::EntraRisk),
    ("AADUserRiskEvents", LogSource::EntraRisk),
    ("AADRiskyServicePrincipals", LogSource::EntraRisk),
    ("AADServicePrincipalRiskEvents", LogSource::EntraRisk),
];

impl LogSource {
    /// All of them.
    pub const ALL: &[Self] =
        &[Self::ActivityLog, Self::KeyVaultAudit, Self::EntraAudit, Self::EntraSignIns, Self::EntraRisk];

    /// The log that a record is of, by its category.
    pub(super) fn of(record: &Record<'_>, kind: RecordKind) -> Origin {
        // A row of a table has a category of its own, such as `Policy`, and the table's name beside it.
        let table = record.get("Type").and_then(Value::as_str).unwrap_or_default();
        let of_name = |text: &str| CATEGORIES.iter().find(|(name, _)| text.eq_ignore_ascii_case(name));
        let category = record.category();
        match (of_name(&table), kind) {
            (Some((_, source)), _) => return Origin::Log(*source),
            (None, RecordKind::ActivityLog) => return Origin::Log(Self::ActivityLog),
            (None, RecordKind::KeyVaultAudit) => return Origin::Log(Self::KeyVaultAudit),
            (None, RecordKind::Other) => {}
        }
        match of_name(&category) {
            Some((_, source)) => Origin::Log(*source),
            // What stands for bytes that are no text could be any.
            None if category.trim().is_empty() || category.contains('\u{fffd}') => Origin::Unnamed,
            None => Origin::Other,
        }
    }

    /// The kind of its records, where they are counted as one.
    #[must_use]
    pub fn kind(self) -> Option<RecordKind> {
        match self {
            Self::ActivityLog => Some(RecordKind::ActivityLog),
            Self::KeyVaultAudit => Some(RecordKind::KeyVaultAudit),
            Self::EntraAudit | Self::EntraSignIns | Self::EntraRisk => None,
        }
    }

    /// The diagnostic setting by which the log comes.
    #[must_use]
    pub fn setting(self) -> &'static str {
        match self {
            Self::ActivityLog => "the subscription's diagnostic setting, category Administrative",
            Self::KeyVaultAudit => "each vault's diagnostic setting, category AuditEvent",
            Self::EntraAudit => "Entra's diagnostic setting, category AuditLogs",
            Self::EntraSignIns => {
                "Entra's diagnostic setting, categories SignInLogs and the like, which need Entra ID P1"
            }
            Self::EntraRisk => {
                "Entra's diagnostic setting, categories UserRiskEvents and the like, which need Entra ID P2"
            }
        }
    }
}

impl Origin {
    /// The log, where the record says it.
    pub(super) fn log(self) -> Option<LogSource> {
        match self {
            Self::Log(log) => Some(log),
            Self::Unnamed | Self::Other => None,
        }
    }

    /// Whether a record may be of a log.
    pub(super) fn is_one_of(self, source: LogSource) -> bool {
        match self {
            Self::Log(log) => log == source,
            Self::Unnamed => true,
            Self::Other => false,
        }
    }
}

impl fmt::Display for LogSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::ActivityLog => "Activity Log",
            Self::KeyVaultAudit => "Key Vault audit log",
            Self::EntraAudit => "Entra audit log",
            Self::EntraSignIns => "Entra sign-in logs",
            Self::EntraRisk => "Entra risk logs",
        })
    }
}
