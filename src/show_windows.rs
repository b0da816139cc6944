//! `windows`: prints the state that instances share, for troubleshooting. It only reads.

use std::io::{self, Write as _};

use jiff::Timestamp;

use crate::config::storage_account;
use crate::csv;
use crate::hidden::sanitized;
use crate::replay::Format;
use crate::shared_windows::{find_newest, perform};
use crate::state_log::{Action, Answer, Limits, StateLog, UnreadableSnapshot, Wanted};
use crate::storage::{AccountFault, Container, STATE_CONTAINER, StorageFault};
use crate::terminal::Terminal;
use crate::windows::WindowState;

/// The columns of a table.
const HEADINGS: [&str; 7] = ["Rule", "Identity", "Values", "First read", "Last read", "Alerts at", "Incident"];

/// Why the state cannot be printed.
#[derive(Debug, thiserror::Error)]
pub enum ShowError {
    /// The settings name no account.
    #[error(transparent)]
    Account(#[from] AccountFault),
    /// There is nothing to print.
    #[error("the account has no container {STATE_CONTAINER} with a log in it; serve with STATE_STORE=blob creates it")]
    Nothing,
    /// The account.
    #[error(transparent)]
    Storage(#[from] StorageFault),
    /// A snapshot in it.
    #[error(transparent)]
    Log(#[from] UnreadableSnapshot),
    /// No runtime, or standard output cannot be written to.
    #[error("cannot print the windows: {0}")]
    Output(#[from] io::Error),
}

/// Prints the windows of the account that `AzureWebJobsStorage` names: a table on a terminal, else lines of JSON.
///
/// # Errors
/// [`ShowError`].
pub fn show(format: Option<Format>, lookup: &dyn Fn(&str) -> Option<String>) -> Result<bool, ShowError> {
    let container = Container::of(&storage_account(lookup)?, STATE_CONTAINER)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let mut log = runtime.block_on(read(&container))?;
    let (unread_lines, stretch) = (log.take_unread_lines(), log.stretch());
    // Whether or not somebody reads it.
    let _unread = writeln!(
        io::stderr(),
        "{}: {} bytes; {} keys; latest time of the hub {}; {unread_lines} line(s) that cannot be read",
        stretch.log_name(),
        stretch.offset,
        log.fold().windows().len(),
        log.fold().clock(),
    );
    let mut out = io::stdout().lock();
    match Format::or_automatic(format) {
        Format::Ndjson => {
            for window in log.fold().windows() {
                writeln!(out, "{}", serde_json::to_string(&window).map_err(io::Error::from)?)?;
            }
        }
        Format::Csv => write!(out, "{}", csv::table(&HEADINGS, log.fold().windows().map(cells)))?,
        Format::Table => {
            let mut table = Terminal::of_stdout(lookup).table(HEADINGS);
            table.add_rows(log.fold().windows().map(|window| cells(window).map(|cell| sanitized(&cell))));
            writeln!(out, "{table}")?;
        }
    }
    Ok(true)
}

/// Reads the log to its end, and writes nothing.
async fn read(container: &Container) -> Result<StateLog, ShowError> {
    let mut log = StateLog::new(Limits::default());
    let mut wanted = Wanted::default();
    while let Some(action) = log.next(&mut wanted, Timestamp::now()) {
        let answer = match &action {
            Action::FindNewest => match find_newest(container).await {
                Ok(Some(newest)) => Answer::Newest(Some(newest)),
                Ok(None) | Err(StorageFault::Missing) => return Err(ShowError::Nothing),
                Err(fault) => return Err(fault.into()),
            },
            Action::GetSnapshot { .. } | Action::Read { .. } => perform(container, &action).await?,
            // Anything else would write: the log is at its end, or about to begin the next stretch.
            _ => break,
        };
        log.take(action, answer, &mut wanted)?;
    }
    Ok(log)
}

fn cells(window: WindowState<'_>) -> [String; 7] {
    let time = |time: Option<Timestamp>| time.map_or_else(String::new, |time| time.to_string());
    let alerts: Vec<_> = window.alerts.iter().map(ToString::to_string).collect();
    [
        window.rule.rsplit_once('.').map_or(window.rule, |(_, name)| name).to_owned(),
        window.identity.to_owned(),
        window.values.to_string(),
        time(window.first_read),
        time(window.last_read),
        alerts.join(" "),
        window.incident.map_or_else(String::new, |incident| incident.to_string()),
    ]
}
