//! `investigate`: from saved logs to a list of what has to be rotated, and a report that can be evidence.

mod hash;
mod out;
mod reading;

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use crate::config::{Faults, Settings};
use crate::dossier::{Collector, Evidence, Findings, Input, Wanted};
use crate::interrupt::Interrupt;
use crate::network::Network;
use crate::outcome::Outcome;
use crate::private_key::PrivateKey;
use crate::replay::{self, ReplayError, say};
use crate::saved_logs;
use crate::time_bound::TimeBounds;
use out::OutFault;
use reading::Reading;

/// What the command line says of an investigation.
#[derive(Debug, Default)]
pub struct Options {
    /// Whose calls: object ids, application ids, user principal names.
    pub identities: Vec<String>,
    /// Calls from where: addresses and networks as written, and what they cover.
    pub addresses: Vec<(String, Network)>,
    /// The rules whose alerts count where nobody is named, instead of all that are built in.
    pub rules: Option<String>,
    /// A folder of Sigma rules whose alerts count, too, instead of the one that the settings name.
    pub sigma: Option<PathBuf>,
    /// Calls of when.
    pub bounds: TimeBounds,
    /// The folder to write into.
    pub out: PathBuf,
    /// The arguments that the program was called with, for the report.
    pub command: Vec<String>,
}

/// Why nothing could be investigated.
#[derive(Debug, thiserror::Error)]
pub enum InvestigateError {
    /// The folder for the report.
    #[error(transparent)]
    Out(#[from] OutFault),
    /// Settings that cannot be used.
    #[error("the settings are not usable: {0}")]
    Settings(#[from] Faults),
    /// The alerts whose callers are looked at could not be made.
    #[error(transparent)]
    Alerts(#[from] ReplayError),
}

/// Investigates saved logs, and returns how it ended.
///
/// # Errors
/// [`InvestigateError`] where nothing can be written at all; an input that cannot be read is reported and named in the report.
pub fn investigate(
    paths: &[PathBuf],
    options: Options,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Result<Outcome, InvestigateError> {
    let started = Timestamp::now();
    let bounds = options.bounds;
    out::check(&options.out)?;
    let settings = Settings::read(lookup)?;
    let mut wanted = Wanted { identities: options.identities, networks: options.addresses };
    let is_by_alerts = wanted.is_nobody();
    let rules = options.rules.unwrap_or_else(|| "all".to_owned());
    let mut alerts: HashMap<Arc<str>, Timestamp> = HashMap::new();
    let interrupt = Interrupt::listen().map_err(ReplayError::Signals)?;
    if is_by_alerts {
        let sigma = options.sigma.as_deref();
        for caller in replay::callers_of_high_alerts(paths, bounds, &rules, sigma, &interrupt, lookup)? {
            wanted.add(&caller.identity);
            alerts.extend(caller.first.map(|first| (caller.identity.key().into(), first)));
        }
    }
    let mut collector = Collector::new(wanted, bounds, settings.parameters.clone());
    let inputs = read_all(paths, &mut collector, &interrupt);
    if interrupt.is_asked() {
        say("stopped by Ctrl-C: nothing was written, because half a case would pass for a whole one");
        return Ok(Outcome::Interrupted);
    }
    let evidence = Evidence {
        version: concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned(),
        command: options.command,
        settings: in_words(&settings, rules, lookup),
        started,
        ended: Timestamp::now(),
        is_by_alerts,
        inputs,
    };
    let findings = Findings::of(collector, &alerts);
    out::write(
        &options.out,
        &[
            ("report.html", findings.report_html(&evidence)),
            ("rotate.csv", findings.rotate_csv()),
            ("timeline.csv", findings.timeline_csv()),
            ("queries.kql", findings.queries_kql()),
            ("report.json", findings.report_json(&evidence)),
        ],
    )?;
    say(&summary(&findings, &evidence, &options.out));
    Ok(Outcome::from(evidence.inputs.iter().all(|input| input.unread.is_empty())))
}

/// Reads all inputs, each with its hash, until somebody asks to stop.
fn read_all(paths: &[PathBuf], collector: &mut Collector, interrupt: &Interrupt) -> Vec<Input> {
    let mut inputs = Vec::new();
    let mut report = |path: &Path, fault: &io::Error| {
        say(&format!("cannot read {}: {fault}", path.display()));
        let unread = vec![fault.to_string()];
        inputs.push(Input { path: path.display().to_string(), unread, ..Input::default() });
    };
    let (found, _) = saved_logs::find(paths, &mut report);
    for path in found {
        let mut input = Input { path: path.display().to_string(), ..Input::default() };
        match hash::of(&path, interrupt) {
            Ok((bytes, sha256)) => {
                (input.bytes, input.sha256) = (bytes, Some(sha256));
                saved_logs::read_path(&path, &|_| interrupt.check(), &mut Reading { collector, input: &mut input });
            }
            Err(fault) => input.unread.push(fault.to_string()),
        }
        if interrupt.is_asked() {
            break;
        }
        input.unread.iter().for_each(|unread| say(&format!("{}: {unread}", input.path)));
        inputs.push(input);
    }
    inputs
}

/// The settings that decide what is a read and what an alert.
fn in_words(
    settings: &Settings,
    rules: String,
    lookup: &dyn Fn(&str) -> Option<String>,
) -> Vec<(&'static str, String)> {
    let parameters = &settings.parameters;
    let mut words = vec![
        ("RULES", rules),
        ("DUMP_THRESHOLD", parameters.dump_threshold.to_string()),
        ("LEARN_DAYS", parameters.learn_days.to_string()),
    ];
    let set = ["CERTIFICATE_SECRETS", "RULE_SEVERITY", "DEDUP_MINUTES", "EXPECTED_ACCESS", "BASELINE", "SIGMA_RULES"];
    words.extend(set.into_iter().filter_map(|name| Some((name, lookup(name).filter(|value| !value.is_empty())?))));
    words
}

fn summary(findings: &Findings, evidence: &Evidence, out: &Path) -> String {
    let likely = findings.rotate.iter().filter(|row| row.private_key == PrivateKey::Likely).count();
    format!(
        "{} files, {} records of {} identities, {} names to rotate, {likely} of them with a private key that has likely left; \
         open {}",
        evidence.inputs.len(),
        findings.events.len(),
        findings.identities.len(),
        findings.rotate.len(),
        out.join("report.html").display()
    )
}
