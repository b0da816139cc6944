//! The whole loop without Azure, Azurite or Core Tools: a stand-in for the Functions host starts the
//! handler, posts saved logs to it as Event Hub batches, and shows what would reach the queues.

mod handler;
mod report;
mod saved_logs;

use std::error::Error;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use report::Report;
use saved_logs::SavedLogs;
use support::functions_host::app_folder;
use support::functions_host::delivery::Patience;
use support::functions_host::event_hub::Batch;
use support::functions_host::function::Function;
use support::functions_host::host::FunctionsHost;

/// Runs saved logs through the function app on this machine, with a stand-in for the Functions host.
///
/// Queue messages and blobs are printed, not sent, and no function reads them. The handler gets only
/// the settings given here.
#[derive(Debug, Parser)]
#[command(name = "local_host")]
struct Arguments {
    /// Saved logs: .json, .ndjson or .jsonl files, or folders of them (such as PT1H.json trees).
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// An application setting for the handler; may be given many times.
    #[arg(long = "setting", value_name = "NAME=VALUE", value_parser = setting)]
    settings: Vec<(String, String)>,

    /// Build the handler first, even if it is there.
    #[arg(long)]
    build: bool,

    /// The repository with host.json and the functions.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    repository: PathBuf,
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("a setting is written NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            writeln!(io::stderr(), "local_host: {failure}").ok();
            ExitCode::FAILURE
        }
    }
}

/// Whether every input was read and every batch taken.
async fn run(arguments: Arguments) -> Result<bool, Box<dyn Error>> {
    let handler = handler::find(&arguments.repository, arguments.build)?;
    let folder = app_folder::assemble(&arguments.repository, &handler)?;
    let host = FunctionsHost::start(folder.path(), &arguments.settings).await?;
    let function = host
        .app()
        .functions
        .values()
        .find(|function| function.trigger.kind.eq_ignore_ascii_case("eventHubTrigger"))
        .ok_or("no function has an eventHubTrigger")?;
    let mut report = Report::new(host.started_in().await);
    let mut next_sequence_number = 1;
    for path in SavedLogs::under(&arguments.paths, &mut report) {
        match SavedLogs::read(&path) {
            Ok(events) => {
                report.file(&path, &events);
                next_sequence_number = deliver(&host, function, events, next_sequence_number, &mut report).await?;
            }
            Err(failure) => report.unreadable(&path, &failure.to_string()),
        }
    }
    report.handler_errors(&host.stderr());
    Ok(report.finish())
}

async fn deliver(
    host: &FunctionsHost,
    function: &Function,
    events: Vec<Vec<u8>>,
    mut sequence_number: i64,
    report: &mut Report,
) -> Result<i64, Box<dyn Error>> {
    let patience = Patience { max_attempts: 3, ..Patience::default() };
    let size = host.app().max_event_batch_size.max(1);
    for bodies in events.chunks(size) {
        let batch = Batch::new("0", sequence_number, bodies.iter().cloned());
        sequence_number += i64::try_from(bodies.len())?;
        let delivery = host.deliver(&function.name, &batch, patience).await?;
        report.delivery(&delivery);
    }
    Ok(sequence_number)
}

/// The folder of the build that this example belongs to: `target/<profile>`.
fn build_folder() -> io::Result<PathBuf> {
    let example = std::env::current_exe()?;
    let folder = example.ancestors().nth(2);
    Ok(folder.unwrap_or_else(|| Path::new(".")).to_owned())
}
