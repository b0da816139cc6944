//! What windows that several processes share lose, and what they cost: dumps over many partitions, and the time of a batch.
//!
//! Real processes over a real Azurite. The tables are those of `docs/dedup.md`.

mod theft;

use std::error::Error;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Parser;
use futures_util::future::try_join_all;

use support::azurite::Azurite;
use support::functions_host::app_folder;
use support::functions_host::delivery::Patience;
use support::functions_host::event_hub::Batch;
use support::functions_host::host::FunctionsHost;

/// Counts the dumps that are never alerted, and times batches, over shared windows.
#[derive(Debug, Parser)]
#[command(name = "shared_windows")]
struct Arguments {
    /// The binary; build it with `cargo build --release` first.
    #[arg(long, value_name = "FILE", default_value = "target/release/certificate-accessed")]
    handler: PathBuf,
    /// How many identities steal in each row.
    #[arg(long, default_value_t = 60)]
    thefts: usize,
    /// For how many seconds batches are timed.
    #[arg(long, default_value_t = 20)]
    seconds: u64,
}

/// All rules, as the documents recommend with shared windows.
const RULES: &str = "all";
/// Hosts, partitions, names that each identity reads.
const ROWS: [(usize, usize, usize); 8] =
    [(1, 4, 30), (2, 4, 30), (1, 25, 25), (2, 8, 30), (1, 32, 30), (2, 32, 30), (4, 32, 30), (4, 32, 40)];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let mut out = io::stdout();
    writeln!(out, "| hosts | partitions | names | thefts | never alerted | under two ids | slowest batch |")?;
    writeln!(out, "|---|---|---|---|---|---|---|")?;
    for (hosts, partitions, names) in ROWS {
        let hosts = start(&arguments.handler, hosts).await?;
        let (mut lost, mut double, mut slowest) = (0, 0, Duration::ZERO);
        for theft in 0..arguments.thefts {
            let found = theft::steal(&hosts.1, theft, partitions, names).await?;
            lost += usize::from(found.ids.is_empty());
            double += usize::from(found.ids.len() > 1);
            slowest = slowest.max(found.slowest);
        }
        let (count, thefts) = (hosts.1.len(), arguments.thefts);
        writeln!(out, "| {count} | {partitions} | {names} | {thefts} | {lost} | {double} | {slowest:.0?} |")?;
    }
    let mut times = time_batches(&arguments, 2, 8, 10).await?;
    times.sort_unstable();
    let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or_default();
    writeln!(
        out,
        "\n2 processes, 8 partitions, 10 batches a second each, each with a new key: {} batches, p50 {:.1?}, p99 {:.1?}",
        times.len(),
        at(50),
        at(99)
    )?;
    let (ready, peak_kib) = start_with(&arguments.handler, 100_000).await?;
    writeln!(
        out,
        "an instance that starts with 100,000 live entries answers its first batch in {ready:.0?}; peak {peak_kib} KiB"
    )?;
    Ok(())
}

/// How long an instance takes to its first answer where so many entries are live, and the most memory that it had.
async fn start_with(handler: &Path, entries: usize) -> Result<(Duration, String), Box<dyn Error>> {
    let (azurite, hosts, _folders) = start(handler, 1).await?;
    let host = hosts.first().ok_or("a host")?;
    for first in (0..entries).step_by(500) {
        // Twenty names each, below the threshold.
        let reads = (first..first + 500)
            .map(|read| theft::read(&format!("job-{}", read / 20), &format!("secret-{read}")).into_bytes());
        let batch = Batch::new("0", i64::try_from(first)?, reads);
        host.deliver("CertificateAccessed", &batch, Patience::default()).await?;
    }
    let folder = app_folder::assemble(Path::new("."), handler)?;
    let settings = settings(&azurite);
    let begun = Instant::now();
    let newcomer = FunctionsHost::start(folder.path(), &settings).await?;
    let batch = Batch::new("1", 1, [theft::read("somebody", "tls").into_bytes()]);
    newcomer.deliver("CertificateAccessed", &batch, Patience::default()).await?;
    let ready = begun.elapsed();
    let id = newcomer.process_id().await.ok_or("a process")?;
    let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    Ok((ready, peak.unwrap_or("unknown").to_owned()))
}

/// An Azurite, and hosts whose handlers share windows in it; the folders have to outlive them.
async fn start(
    handler: &Path,
    count: usize,
) -> Result<(Azurite, Vec<FunctionsHost>, Vec<tempfile::TempDir>), Box<dyn Error>> {
    let azurite = Azurite::own().ok_or("Azurite cannot run here")?;
    let settings = settings(&azurite);
    let (mut hosts, mut folders) = (Vec::new(), Vec::new());
    for _ in 0..count {
        let folder = app_folder::assemble(Path::new("."), handler)?;
        hosts.push(FunctionsHost::start(folder.path(), &settings).await?);
        folders.push(folder);
    }
    Ok((azurite, hosts, folders))
}

/// The settings of an app whose windows are shared in an Azurite.
fn settings(azurite: &Azurite) -> Vec<(String, String)> {
    let storage = azurite.connection_string();
    let settings = [("STATE_STORE", "blob"), ("AzureWebJobsStorage", &storage), ("RULES", RULES)];
    settings.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

/// The times of batches that come at a steady rate over all partitions, each with a key that nobody has seen.
async fn time_batches(
    arguments: &Arguments,
    hosts: usize,
    partitions: usize,
    a_second: u64,
) -> Result<Vec<Duration>, Box<dyn Error>> {
    let (_azurite, hosts, _folders) = start(&arguments.handler, hosts).await?;
    let of_partition = |partition: usize| {
        let host = hosts.get(partition % hosts.len());
        async move {
            let host = host.ok_or("a host for each partition")?;
            let mut times = Vec::new();
            let begun = Instant::now();
            for number in 0..arguments.seconds * a_second {
                let due = begun + Duration::from_secs(number) / u32::try_from(a_second)?;
                tokio::time::sleep_until(due.into()).await;
                let event = theft::read(&format!("key-{partition}-{number}"), "tls").into_bytes();
                let batch = Batch::new(&partition.to_string(), i64::try_from(number)?, [event]);
                let delivery = host.deliver("CertificateAccessed", &batch, Patience::default()).await?;
                times.extend(delivery.invocations().map(|invocation| invocation.answered_in));
            }
            Ok::<_, Box<dyn Error>>(times)
        }
    };
    Ok(try_join_all((0..partitions).map(of_partition)).await?.concat())
}
