//! The command `notify`: a card posted or printed by hand, to see whether a webhook works and what a card looks like.

use std::io::{self, Read as _, Write};
use std::path::Path;
use std::time::Instant;

use jiff::Timestamp;

use crate::config::{Faults, Settings};
use crate::hidden::escaped_json;
use crate::render::{Card, CardFault, CardOptions};
use crate::teams::{Accepted, Limits, SendError, Teams};

/// The alert of the sample card.
const SAMPLE: &str = include_str!("notify/sample.json");
/// The time in the sample; the present time replaces it.
const SAMPLE_TIME: &str = "2026-03-02T02:14:11Z";

/// Why no card was posted or written.
#[derive(Debug, thiserror::Error)]
pub enum NotifyError {
    /// Settings that cannot be used.
    #[error("the settings are not usable: {0}")]
    Settings(#[from] Faults),
    /// No webhook.
    #[error("TEAMS_WEBHOOK_URL is not set; set it to the URL that the Teams workflow shows")]
    Off,
    /// The webhook did not accept the card.
    #[error(transparent)]
    NotSent(#[from] SendError),
    /// The file cannot be read.
    #[error("cannot read {0}: {1}")]
    Unreadable(String, io::Error),
    /// The line of this number, from 1, is no alert.
    #[error("line {0} is no alert: {1}; save a message of the queue certificate-alerts, or what replay prints")]
    NoAlert(usize, CardFault),
    /// Nothing in the file.
    #[error("{0} is empty; save a message of the queue certificate-alerts, or what replay prints")]
    Empty(String),
    /// The output cannot be written.
    #[error("cannot write: {0}")]
    Output(#[from] io::Error),
}

/// Posts one sample card and prints what came back.
///
/// # Errors
/// [`NotifyError`] if the webhook did not accept it.
pub fn test(lookup: &dyn Fn(&str) -> Option<String>, out: &mut dyn Write) -> Result<bool, NotifyError> {
    let settings = Settings::read(lookup)?;
    let webhook = settings.teams.and_then(|teams| teams.webhook).ok_or(NotifyError::Off)?;
    let now = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let card = Card::of(&SAMPLE.replace(SAMPLE_TIME, &now), &settings.cards)
        .map_err(|fault| NotifyError::NoAlert(1, fault))?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let started = Instant::now();
    let posted = runtime.block_on(Teams::new(webhook, Limits::default()).post(card.request_body()));
    let seconds = started.elapsed().as_secs_f64();
    // A DNS lookup that hangs must not keep the command from ending.
    runtime.shutdown_background();
    let Accepted { status, attempts } = posted?;
    writeln!(
        out,
        "The webhook accepted the sample card: it answered {status} after {attempts} attempt(s), {seconds:.1} s."
    )?;
    writeln!(
        out,
        "Accepted is not delivered: a Workflows webhook answers before it posts. Look for the card in the channel;\n\
         if it is not there within a minute, the workflow's run history says why."
    )?;
    Ok(true)
}

/// Writes the card of every alert in a file: indented if there is one, a line for each if there are several.
///
/// # Errors
/// [`NotifyError`] if the settings are not usable, or the file cannot be read or contains something else.
pub fn preview(file: &Path, lookup: &dyn Fn(&str) -> Option<String>, out: &mut dyn Write) -> Result<bool, NotifyError> {
    let options: CardOptions = Settings::read(lookup)?.cards;
    let text = read(file).map_err(|error| NotifyError::Unreadable(file.display().to_string(), error))?;
    if let Ok(card) = Card::of(&text, &options) {
        writeln!(out, "{}", escaped_json(&format!("{:#}", card.content())))?;
        return Ok(true);
    }
    let mut cards = 0;
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let card = Card::of(line, &options).map_err(|fault| NotifyError::NoAlert(index + 1, fault))?;
        writeln!(out, "{}", escaped_json(&card.content().to_string()))?;
        cards += 1;
    }
    if cards == 0 { Err(NotifyError::Empty(file.display().to_string())) } else { Ok(true) }
}

fn read(file: &Path) -> io::Result<String> {
    if file == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(file)
}
