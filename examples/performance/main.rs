//! The product under load beside others: requests a second, memory, time to start, and how they grow.
//!
//! Build the product first, in the same profile: `cargo build --release`. Then
//! `cargo run --release --example performance` prints the tables, and with `report` after `--` it writes
//! `docs/performance.md` and its plot. `--quick` only shows that all of it works.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a fault in what is measured has to end the measurement, and the tables are what it is for"
)]

mod connection;
mod footprint;
mod growth;
mod load;
mod measured;
mod paper;
mod peer;
mod pinning;
mod plan;
mod plot;
mod process;
mod report;
mod server;
mod tables;

use std::error::Error;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

use measured::{Measured, Subject};
use peer::Peer;
use plan::Plan;

/// Measures the product beside a handler that does nothing, a naive one, Node and Python.
#[derive(Debug, Parser)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,

    /// The product's binary [default: the one beside this program's folder]
    #[arg(long, global = true, value_name = "FILE")]
    binary: Option<PathBuf>,

    /// A static build, whose size, start and memory are printed, too.
    #[arg(long = "static", global = true, value_name = "FILE")]
    static_binary: Option<PathBuf>,

    /// The Python to compare with; its aiohttp, orjson and uvloop are used where it has all three.
    #[arg(long, global = true, value_name = "FILE", default_value = "python3")]
    python: PathBuf,

    /// Rounds of load for each server.
    #[arg(long, global = true, value_name = "COUNT")]
    rounds: Option<usize>,

    /// Seconds that a round lasts.
    #[arg(long, global = true, value_name = "SECONDS")]
    seconds: Option<f64>,

    /// Starts of each server.
    #[arg(long, global = true, value_name = "COUNT")]
    starts: Option<usize>,

    /// Measures little, to see that all of it works.
    #[arg(long, global = true)]
    quick: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write docs/performance.md and docs/performance.svg.
    Report {
        /// The folder to write to.
        #[arg(long, value_name = "FOLDER", default_value = "docs")]
        folder: PathBuf,
    },
    /// Serve as one of the compared.
    #[command(hide = true)]
    Peer { peer: Peer },
}

impl Arguments {
    fn plan(&self) -> Plan {
        let mut plan = if self.quick { Plan::quick() } else { Plan::thorough() };
        plan.rounds = self.rounds.unwrap_or(plan.rounds);
        plan.round = self.seconds.map_or(plan.round, Duration::from_secs_f64);
        plan.starts = self.starts.unwrap_or(plan.starts);
        plan
    }

    fn subject(&self) -> Result<Subject, Box<dyn Error>> {
        let beside = || {
            let program = std::env::current_exe()?;
            let folder = program.ancestors().nth(2).unwrap_or(&program);
            std::io::Result::Ok(folder.join("certificate-accessed").with_extension(std::env::consts::EXE_EXTENSION))
        };
        let binary = self.binary.clone().map_or_else(beside, Ok)?;
        if !binary.is_file() {
            return Err(format!("there is no {}; build it with cargo build --release", binary.display()).into());
        }
        Ok(Subject { binary, static_binary: self.static_binary.clone(), python: self.python.clone() })
    }
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("performance: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Box<dyn Error>> {
    if let Some(Command::Peer { peer }) = &arguments.command {
        return Ok(peer.serve()?);
    }
    if !cfg!(target_os = "linux") {
        return Err("the figures of a process are read from /proc, so run this on Linux".into());
    }
    let plan = arguments.plan();
    let measured = Measured::take(&arguments.subject()?, &plan)?;
    match &arguments.command {
        Some(Command::Report { folder }) => report::write(&measured, &plan, folder),
        _ => {
            println!("{}", tables::all(&measured));
            Ok(())
        }
    }
}
