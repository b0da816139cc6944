//! Which of the alerts that `replay` finds over saved logs never came out of the queue.
//!
//! Alerts are one where their rule and dedup string are: live windows may give an alert another owner than a replay does.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

use support::azurite::StorageClient;
use support::compare_alerts::{Kind, kinds, messages};

/// Says which of the alerts that replay found never came; exit code 1 where one is missing.
#[derive(Debug, Parser)]
#[command(name = "compare_alerts")]
struct Arguments {
    /// What `certificate-accessed replay --format ndjson` printed for the logs that were sent.
    #[arg(value_name = "REPLAYED")]
    replayed: PathBuf,
    /// Messages that came, one a line, or - for standard input [default: the queue]
    #[arg(value_name = "DELIVERED")]
    delivered: Option<PathBuf>,
    /// The queue, in the account whose connection string is in AzureWebJobsStorage; its messages are hidden for a minute.
    #[arg(long, default_value = "certificate-alerts")]
    queue: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(failure) => {
            writeln!(io::stderr(), "compare_alerts: {failure}").ok();
            ExitCode::FAILURE
        }
    }
}

/// Whether every alert came.
async fn run(arguments: &Arguments) -> Result<bool, Box<dyn Error>> {
    let wanted = kinds(&read(&arguments.replayed)?)?;
    let delivered = match &arguments.delivered {
        Some(file) => read(file)?,
        None => in_queue(&arguments.queue).await?,
    };
    let came = kinds(&delivered)?;
    let missing: BTreeSet<&Kind> = wanted.difference(&came).collect();
    let mut out = io::stdout();
    for kind in &missing {
        writeln!(out, "missing: {kind}")?;
    }
    writeln!(out, "{} of {} alerts that replay found came", wanted.len() - missing.len(), wanted.len())?;
    Ok(missing.is_empty())
}

fn read(file: &Path) -> io::Result<String> {
    if file == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    std::fs::read_to_string(file)
}

/// The messages of a queue of the account that the setting names.
async fn in_queue(name: &str) -> Result<String, Box<dyn Error>> {
    let account = std::env::var("AzureWebJobsStorage").map_err(|_| "set AzureWebJobsStorage to a connection string")?;
    Ok(messages(&StorageClient::of_connection_string(&account)?, name).await?)
}
