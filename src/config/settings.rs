//! The settings, and all that is wrong with them at once.

use super::fault::{Fault, Faults};
use super::teams::Teams;
use super::{ExpectedPlace, Lacking};
use crate::name_pattern::NamePattern;
use crate::rules::{self, Parameters};
use crate::severity::Severity;

/// The longest window: as long as Event Hubs keeps events at the most on its standard tier.
const MAX_DEDUP_MINUTES: u32 = 7 * 24 * 60;

/// The rest of a sentence that begins with the name of a setting that [`is_unresolved`].
pub const UNRESOLVED: &str = "is a Key Vault reference that did not resolve; check that the secret exists and that the \
                              app's identity may read it (role Key Vault Secrets User)";

/// Whether a value is a reference to a vault, which arrives as its own text where the platform could not resolve it.
#[must_use]
pub fn is_unresolved(value: &str) -> bool {
    const START: &str = "@Microsoft.KeyVault(";
    value.trim_start().get(..START.len()).is_some_and(|start| start.eq_ignore_ascii_case(START))
}

/// What [`read_environment`] puts in the place of bytes that are no UTF-8.
const NO_TEXT: char = char::REPLACEMENT_CHARACTER;

/// What is wrong with a value whatever it is meant for: the rest of a sentence that begins with the setting's name.
#[must_use]
pub fn unusable(value: &str) -> Option<&'static str> {
    if is_unresolved(value) {
        return Some(UNRESOLVED);
    }
    value.contains(NO_TEXT).then_some("is not UTF-8 text; type it anew")
}

/// What the application settings say.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The active rules, in the order given.
    pub rules: Vec<&'static rules::Logic>,
    /// What the settings say to the rules.
    pub parameters: Parameters,
    /// Severities that replace the rules' own.
    pub severities: Vec<(&'static str, Severity)>,
    /// How long dedup windows last; `None` = as long as the rule says, 0 = no windows.
    pub dedup_minutes: Option<u32>,
    /// Where windows and counts are kept.
    pub state_store: StateStore,
    /// Where the list of expected access stands.
    pub expected_access: Option<ExpectedPlace>,
    /// The Teams notification, where it is on.
    pub teams: Option<Teams>,
    /// What the process log shows.
    pub log_level: tracing::Level,
    /// What the detection goes without; nothing where every fault counts.
    pub lacking: Lacking,
}

/// Where windows and counts are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateStore {
    /// In this process.
    Memory,
    /// As a log in the app's own storage account, shared by all instances.
    Blob,
}

/// Looks an application setting up in the environment; one that is not UTF-8 is [`unusable`].
#[must_use]
pub fn read_environment(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

impl Settings {
    /// Reads the settings through `lookup`, where every fault counts; empty means unset.
    ///
    /// # Errors
    /// Names every setting that is wrong and how to mend it.
    pub fn read(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, Faults> {
        let mut settings = Self::read_to_detect(lookup)?;
        let faults = std::mem::take(&mut settings.lacking).all();
        if faults.all().is_empty() { Ok(settings) } else { Err(faults) }
    }

    /// Reads the settings through `lookup` for a detection that goes on without what it can do without.
    ///
    /// # Errors
    /// Names every setting that is wrong where the detection cannot do without one of them.
    pub fn read_to_detect(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, Faults> {
        let mut reader = Reader { lookup, faults: Vec::new() };
        let (rules, parameters, severities) = (reader.rules(), reader.parameters(), reader.severities());
        let (dedup_minutes, state_store) = (reader.dedup_minutes(), reader.state_store());
        let needed = reader.take_faults();
        let (expected_access, expected_access_faults) = (reader.expected_access(), reader.take_faults());
        let (teams, teams_faults) = (Teams::read(&mut reader), reader.take_faults());
        let (log_level, log_level_faults) = (reader.log_level(), reader.take_faults());
        let lacking =
            Lacking { teams: teams_faults, expected_access: expected_access_faults, log_level: log_level_faults };
        if !needed.all().is_empty() {
            return Err(needed.and_all(lacking.all()));
        }
        Ok(Self {
            rules,
            parameters,
            severities,
            dedup_minutes,
            state_store,
            expected_access,
            teams,
            log_level,
            lacking,
        })
    }
}

/// Reads one setting after another, and keeps what is wrong with them.
pub(super) struct Reader<'l> {
    lookup: &'l dyn Fn(&str) -> Option<String>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    /// What was found wrong since this was last asked.
    fn take_faults(&mut self) -> Faults {
        Faults::from(std::mem::take(&mut self.faults))
    }

    /// Whether nothing was found wrong since the faults were last taken.
    pub(super) fn is_content(&self) -> bool {
        self.faults.is_empty()
    }

    /// Whether a setting is set, usable or not.
    pub(super) fn is_set(&self, name: &str) -> bool {
        (self.lookup)(name).is_some_and(|value| !value.trim().is_empty())
    }

    /// A setting's value, where it is usable at all.
    pub(super) fn value(&mut self, name: &str) -> Option<String> {
        let value = (self.lookup)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())?;
        if let Some(fault) = unusable(&value) {
            self.faults.push(Fault::unusable(name, fault));
            return None;
        }
        Some(value)
    }

    /// Notes that a setting is not usable, and what would be.
    pub(super) fn fault(&mut self, name: &str, expected: &str) {
        self.faults.push(Fault { what: format!("{name} is not usable"), mend: format!("set it to {expected}") });
    }

    fn rules(&mut self) -> Vec<&'static rules::Logic> {
        let named = self.value("RULES").unwrap_or_else(|| rules::certificate_accessed::LOGIC.name.to_owned());
        let names = named.split(',').map(str::trim).filter(|name| !name.is_empty());
        let found: Option<Vec<_>> = names.map(rules::by_name).collect();
        let found = found.filter(|found| !found.is_empty()).map(without_repeats);
        found.unwrap_or_else(|| {
            let names: Vec<_> = rules::ALL.iter().map(|logic| logic.name).collect();
            self.fault("RULES", &format!("names out of {}, comma-separated", names.join(", ")));
            Vec::new()
        })
    }

    fn parameters(&mut self) -> Parameters {
        let mut parameters = Parameters::default();
        if let Some(names) = self.value("CERTIFICATE_SECRETS") {
            let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
            parameters.certificate_secrets = names.map(NamePattern::new).collect();
        }
        if let Some(threshold) = self.value("DUMP_THRESHOLD") {
            match threshold.parse() {
                Ok(threshold @ 1..=10_000) => parameters.dump_threshold = threshold,
                _ => self.fault("DUMP_THRESHOLD", "a number from 1 to 10000"),
            }
        }
        parameters
    }

    fn severities(&mut self) -> Vec<(&'static str, Severity)> {
        let Some(pairs) = self.value("RULE_SEVERITY") else { return Vec::new() };
        let read = |pair: &str| {
            let (name, severity) = pair.split_once('=')?;
            Some((rules::by_name(name.trim())?.name, Severity::parse(severity)?))
        };
        let severities: Option<Vec<_>> = pairs.split(',').filter(|pair| !pair.trim().is_empty()).map(read).collect();
        severities.unwrap_or_else(|| {
            self.fault("RULE_SEVERITY", "RULE=SEVERITY pairs, comma-separated, as in CertificateAccessed=LOW");
            Vec::new()
        })
    }

    fn dedup_minutes(&mut self) -> Option<u32> {
        let minutes = self.value("DEDUP_MINUTES")?;
        match minutes.parse() {
            Ok(minutes @ 0..=MAX_DEDUP_MINUTES) => Some(minutes),
            _ => {
                self.fault("DEDUP_MINUTES", "a number of minutes from 0 to 10080 (a week)");
                None
            }
        }
    }

    fn state_store(&mut self) -> StateStore {
        if self.value("DEDUP_STORE").is_some() {
            let mend = "remove it, and set STATE_STORE to memory or blob";
            self.faults.push(Fault { what: "DEDUP_STORE is no longer read".to_owned(), mend: mend.to_owned() });
        }
        match self.value("STATE_STORE").as_deref() {
            None | Some("memory") => StateStore::Memory,
            Some("blob") => StateStore::Blob,
            Some(_) => {
                self.fault("STATE_STORE", "memory or blob");
                StateStore::Memory
            }
        }
    }

    fn expected_access(&mut self) -> Option<ExpectedPlace> {
        let setting = self.value("EXPECTED_ACCESS")?;
        let place = ExpectedPlace::parse(&setting);
        if place.is_none() {
            let names = "of letters, digits, hyphens, full stops and underscores";
            self.fault(
                "EXPECTED_ACCESS",
                &format!("the path of a file in the app, blob:NAME or blob:CONTAINER/NAME, {names}"),
            );
        }
        place
    }

    fn log_level(&mut self) -> tracing::Level {
        let level = self.value("LOG_LEVEL").unwrap_or_else(|| "info".to_owned());
        level.parse().unwrap_or_else(|_| {
            // The one name that is left out would make a Warning of this error.
            self.fault("LOG_LEVEL", "error, info, debug or trace, or a number from 1 (errors alone) to 5 (everything)");
            tracing::Level::INFO
        })
    }
}

/// A rule that is named twice is on once.
fn without_repeats(named: Vec<&'static rules::Logic>) -> Vec<&'static rules::Logic> {
    let mut rules: Vec<&'static rules::Logic> = Vec::new();
    for logic in named {
        if !rules.iter().any(|known| known.name == logic.name) {
            rules.push(logic);
        }
    }
    rules
}
