//! Writes invented Azure logs: a sample day to read, and a month to try a detection on.
//!
//! The same bytes each time. Every name, id and address in them is made up.

use std::{
    collections::BTreeMap,
    io,
    path::{Path, PathBuf},
};

use clap::{Parser, Subcommand};

use support::invented_logs::{
    book::{Log, Record},
    day, month, people, shelf,
    tally::Tally,
};

/// Writes invented Azure logs, the same each time.
#[derive(Parser)]
#[command(after_help = people::CAST)]
struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// One day in every form in which logs are kept: a tree to look around in.
    #[command(after_help = people::CAST)]
    Day {
        /// The folder to write to.
        folder: PathBuf,
    },
    /// About 200,000 records, a gzip file for each day; every fifth day in envelopes.
    #[command(after_help = people::CAST)]
    Month {
        /// The folder to write to.
        folder: PathBuf,
        /// How many days, from 2026-03-01.
        #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(i64).range(1..=31))]
        days: i64,
        /// Another number makes a month of other chances: the same people, events and theft.
        #[arg(long, default_value_t = month::SEED)]
        seed: u64,
    },
}

fn main() -> io::Result<()> {
    let tally = match Arguments::parse().what {
        What::Day { folder } => write_day(&folder),
        What::Month { folder, days, seed } => write_month(&folder, days, seed),
    }?;
    tally.print(io::stdout().lock())
}

/// The sample day: each log in forms of its own, no record twice.
fn write_day(folder: &Path) -> io::Result<Tally> {
    let records = day::records();
    let of = |log| records.iter().filter(move |record| record.log == log);
    let (morning, noon, evening) = thirds(of(Log::Activity).collect());
    let hub = folder.join("event-hub");
    let first = shelf::envelope(&morning) + "\n";
    shelf::write(&hub.join("activity-log.json"), &first)?;
    let events = shelf::envelopes(&noon, 12);
    shelf::write(&hub.join("activity-log-events.ndjson"), &events)?;
    let archive = folder.join("archive/activity-log-afternoon.json.gz");
    shelf::write_gzip(&archive, &shelf::envelope(&evening))?;
    let sign_ins: Vec<&Record> = of(Log::SignIn).collect();
    shelf::write(&folder.join("ndjson/sign-ins.ndjson"), &shelf::lines(&sign_ins))?;
    write_hours(folder, of(Log::Audit))?;
    let mut tally = Tally::default();
    tally.count(&records)?;
    Ok(tally)
}

/// Before nine, before eleven, and the rest.
fn thirds(records: Vec<&Record>) -> (Vec<&Record>, Vec<&Record>, Vec<&Record>) {
    let before = |record: &Record, hour: &str| record.at.format("%H").as_str() < hour;
    let (morning, later): (Vec<_>, Vec<_>) = records.into_iter().partition(|r| before(r, "09"));
    let (noon, evening) = later.into_iter().partition(|r| before(r, "11"));
    (morning, noon, evening)
}

/// The audit logs as a storage account keeps them.
fn write_hours<'a>(folder: &Path, records: impl Iterator<Item = &'a Record>) -> io::Result<()> {
    let mut files: BTreeMap<PathBuf, Vec<&Record>> = BTreeMap::new();
    for record in records {
        if let Some(vault) = record.vault {
            let path = shelf::hour_file(vault, record.at);
            files.entry(path).or_default().push(record);
        }
    }
    for (path, records) in files {
        shelf::write(&folder.join(path), &shelf::lines(&records))?;
    }
    Ok(())
}

/// The month, a file for each day.
fn write_month(folder: &Path, days: i64, seed: u64) -> io::Result<Tally> {
    let mut tally = Tally::default();
    for number in 1..=days {
        let day = month::Day::seeded(number, seed);
        let (date, in_envelopes) = (day.date, day.in_envelopes());
        let records = day.records();
        let all: Vec<&Record> = records.iter().collect();
        let (name, text) = match in_envelopes {
            true => ("envelopes.json.gz", shelf::envelopes(&all, 100)),
            false => ("ndjson.gz", shelf::lines(&all)),
        };
        shelf::write_gzip(&folder.join(format!("{date}.{name}")), &text)?;
        tally.count(&records)?;
    }
    Ok(tally)
}
