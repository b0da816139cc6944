//! The settings, and all that is wrong with them at once.

use std::mem::take;
use std::path::PathBuf;

use super::reader::{Reader, elements, storage_account};
use super::teams::{Teams, card_options};
use super::{ExpectedPlace, Faults, SigmaPlace};
use crate::decode::RecordKind;
use crate::name_pattern::NamePattern;
use crate::render::CardOptions;
use crate::rules::metadata::MetadataError;
use crate::rules::{self, Logic, Parameters, Rule};
use crate::severity::Severity;
use crate::storage::{Account, AccountFault};

/// The longest window: as long as Event Hubs keeps events at the most on its standard tier.
const MAX_DEDUP_MINUTES: u32 = 7 * 24 * 60;

/// The setting that turns on the rules for Key Vault's audit log, too; so it is where `RULES` is unset.
pub const WITH_AUDIT_RULES: &str = "RULES=all";

/// What the application settings say.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The active rules, in the order given.
    pub rules: Vec<&'static Logic>,
    /// What the settings say to the rules.
    pub parameters: Parameters,
    /// Severities that replace the rules' own.
    pub severities: Vec<(&'static str, Severity)>,
    /// How long dedup windows last; `None` = as long as the rule says, 0 = no windows.
    pub dedup_minutes: Option<u32>,
    /// Where windows and counts are kept.
    pub state_store: StateStore,
    /// The app's own storage account, or why the settings name none that can be used.
    pub storage: Result<Account, AccountFault>,
    /// Where the list of expected access is.
    pub expected_access: Option<ExpectedPlace>,
    /// The file of what is usual for each identity.
    pub baseline: Option<PathBuf>,
    /// Where Sigma rules are.
    pub sigma_rules: Option<SigmaPlace>,
    /// The Teams notification, if it is on.
    pub teams: Option<Teams>,
    /// What is on cards.
    pub cards: CardOptions,
    /// What the process log shows.
    pub log_level: tracing::Level,
    /// What the detection has to do without; nothing where every fault counts.
    pub optional_faults: OptionalFaults,
}

/// Where windows and counts are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateStore {
    /// In this process.
    Memory,
    /// As a log in the app's own storage account, shared by all instances.
    Blob,
}

/// What is wrong with settings that the detection can do without, by what it then lacks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OptionalFaults {
    /// Why no card is posted.
    pub teams: Faults,
    /// Why no access is expected.
    pub expected_access: Faults,
    /// Why no Sigma rule is on.
    pub sigma_rules: Faults,
    /// Why the process log has its default level.
    pub log_level: Faults,
}

impl Settings {
    /// Reads the settings through `lookup`, where every fault counts; empty means unset.
    ///
    /// # Errors
    /// Names every setting that is wrong and how to fix it.
    pub fn read(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, Faults> {
        let (mut settings, mut faults) = Self::read_with_faults(lookup);
        faults.0.append(&mut take(&mut settings.optional_faults).all());
        if faults.0.is_empty() { Ok(settings) } else { Err(faults) }
    }

    /// Whether a rule is on that reads Key Vault's audit log.
    #[must_use]
    pub fn has_audit_rule(&self) -> bool {
        self.rules.iter().any(|logic| logic.reads.contains(&RecordKind::KeyVaultAudit))
    }

    /// Whether a rule is on that learns what is usual.
    #[must_use]
    pub fn learns(&self) -> bool {
        self.rules.iter().any(|logic| logic.learns)
    }

    /// The settings, and what is wrong with those that the detection needs.
    pub(super) fn read_with_faults(lookup: &dyn Fn(&str) -> Option<String>) -> (Self, Faults) {
        let mut reader = Reader { lookup, faults: Faults::default() };
        let mut settings = Self {
            rules: reader.rules(),
            parameters: reader.parameters(),
            severities: reader.severities(),
            dedup_minutes: reader.dedup_minutes(),
            state_store: reader.state_store(),
            storage: storage_account(lookup),
            expected_access: None,
            baseline: reader.value("BASELINE").map(PathBuf::from),
            sigma_rules: None,
            teams: None,
            cards: CardOptions::default(),
            log_level: tracing::Level::INFO,
            optional_faults: OptionalFaults::default(),
        };
        let faults = take(&mut reader.faults);
        settings.expected_access = reader.expected_access();
        settings.optional_faults.expected_access = take(&mut reader.faults);
        settings.sigma_rules = reader.sigma_rules();
        settings.optional_faults.sigma_rules = take(&mut reader.faults);
        settings.cards = card_options(&mut reader);
        settings.teams = Teams::read(&mut reader);
        settings.optional_faults.teams = take(&mut reader.faults);
        settings.log_level = reader.log_level().unwrap_or(settings.log_level);
        settings.optional_faults.log_level = take(&mut reader.faults);
        (settings, faults)
    }
}

/// Loads the rules that the settings name.
///
/// # Errors
/// When a rule's YAML cannot be read.
pub fn load_rules(settings: &Settings) -> Result<Vec<Rule>, MetadataError> {
    let load = |logic: &&'static Logic| {
        let mut rule = Rule::load(logic)?;
        let severity = settings.severities.iter().find(|(name, _)| *name == logic.name);
        rule.metadata.severity = severity.map_or(rule.metadata.severity, |(_, severity)| *severity);
        rule.metadata.is_severity_set = severity.is_some();
        Ok(rule)
    };
    settings.rules.iter().map(load).collect()
}

impl OptionalFaults {
    /// All that is wrong, in one list.
    pub(super) fn all(self) -> Vec<String> {
        [self.teams, self.expected_access, self.sigma_rules, self.log_level]
            .into_iter()
            .flat_map(|faults| faults.0)
            .collect()
    }
}

impl Reader<'_> {
    fn rules(&mut self) -> Vec<&'static Logic> {
        let names: Vec<_> = rules::ALL.iter().map(|logic| logic.name).collect();
        let expected = format!("all, or names out of {}, comma-separated", names.join(", "));
        let read = |list: &str| {
            if list.trim().eq_ignore_ascii_case("all") {
                return Some(rules::ALL.to_vec());
            }
            let mut active: Vec<&'static Logic> = Vec::new();
            for name in elements(list) {
                let logic = rules::by_name(name)?;
                // A rule that is named twice is on once.
                if !active.iter().any(|known| known.name == logic.name) {
                    active.push(logic);
                }
            }
            (!active.is_empty()).then_some(active)
        };
        if !self.is_set("RULES") {
            return rules::ALL.to_vec();
        }
        self.parsed("RULES", &expected, read).unwrap_or_default()
    }

    fn parameters(&mut self) -> Parameters {
        let mut parameters = Parameters::default();
        if let Some(names) = self.value("CERTIFICATE_SECRETS") {
            parameters.certificate_secrets = elements(&names).map(NamePattern::new).collect();
        }
        let read = |text: &str| text.parse().ok().filter(|threshold| (1..=10_000).contains(threshold));
        if let Some(threshold) = self.parsed("DUMP_THRESHOLD", "a number from 1 to 10000", read) {
            parameters.dump_threshold = threshold;
        }
        let read = |text: &str| text.parse().ok().filter(|days| (1..=90).contains(days));
        if let Some(days) = self.parsed("LEARN_DAYS", "a number of days from 1 to 90", read) {
            parameters.learn_days = days;
        }
        parameters
    }

    fn severities(&mut self) -> Vec<(&'static str, Severity)> {
        let expected = "RULE=SEVERITY pairs, comma-separated, as in CertificateAccessed=LOW";
        let pair = |pair: &str| {
            let (name, severity) = pair.split_once('=')?;
            Some((rules::by_name(name.trim())?.name, Severity::parse(severity)?))
        };
        self.parsed("RULE_SEVERITY", expected, |list| elements(list).map(pair).collect()).unwrap_or_default()
    }

    fn dedup_minutes(&mut self) -> Option<u32> {
        let read = |text: &str| text.parse().ok().filter(|minutes| *minutes <= MAX_DEDUP_MINUTES);
        self.parsed("DEDUP_MINUTES", "a number of minutes from 0 to 10080 (a week)", read)
    }

    fn state_store(&mut self) -> StateStore {
        if self.value("DEDUP_STORE").is_some() {
            let fix = "remove it, and set STATE_STORE to memory or blob";
            self.faults.0.push(format!("DEDUP_STORE is no longer read: {fix}"));
        }
        let read = |text: &str| match text {
            "memory" => Some(StateStore::Memory),
            "blob" => Some(StateStore::Blob),
            _ => None,
        };
        self.parsed("STATE_STORE", "memory or blob", read).unwrap_or(StateStore::Memory)
    }

    fn expected_access(&mut self) -> Option<ExpectedPlace> {
        let expected = "the path of a file in the app, blob:NAME or blob:CONTAINER/NAME, of letters, digits, hyphens, \
                        full stops and underscores";
        self.parsed("EXPECTED_ACCESS", expected, ExpectedPlace::parse)
    }

    fn sigma_rules(&mut self) -> Option<SigmaPlace> {
        let expected =
            "the path of a folder in the app, or blob:NAME/ with the name of a container of the app's account";
        self.parsed("SIGMA_RULES", expected, SigmaPlace::parse)
    }

    fn log_level(&mut self) -> Option<tracing::Level> {
        // The one name that is left out would make a Warning of this error.
        let expected = "error, info, debug or trace, or a number from 1 (errors alone) to 5 (everything)";
        self.parsed("LOG_LEVEL", expected, |text| text.parse().ok())
    }
}
