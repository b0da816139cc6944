//! From the figures to hubs, instances and money, on paper: nothing in here was run in Azure.

use comfy_table::Table;

use crate::load::{CONNECTIONS, Load};
use crate::measured::{Form, Measured, OURS};
use support::bench::corpus::BATCH_EVENTS;
use support::bench::table::with_columns;

const SECONDS_PER_DAY: f64 = 86_400.0;
const HOURS_PER_MONTH: f64 = 730.0;
const SECONDS_PER_MONTH: f64 = HOURS_PER_MONTH * 3_600.0;
/// How much more comes in the busiest minutes than on average.
const PEAK: f64 = 5.0;
/// The most that a standard namespace takes.
const STANDARD_UNITS: f64 = 40.0;
const STANDARD_PARTITIONS: f64 = 32.0;
/// host.json's maxEventBatchSize and minEventBatchSize, and the seconds of its maxWaitTime.
const FULL_BATCH: f64 = 25.0;
const LEAST_BATCH: f64 = 20.0;
const WAIT: f64 = 60.0;
/// What 512 MB would allow: ten events at the most, so eight to wait for.
const SMALL_LEAST_BATCH: f64 = 8.0;
/// CPU seconds of host and handler for an event in full batches, as the first section has it.
const CPU_PER_EVENT: f64 = 0.168e-3;
/// How busy an instance's core may be.
const BUSY: f64 = 0.5;
/// The instance of the deployment and the one that it could have been: gigabytes.
const GIGABYTES: f64 = 2.0;
const SMALL_GIGABYTES: f64 = 0.5;
/// The partitions that the deployment makes.
const PARTITIONS: f64 = 4.0;
/// How many events come to all partitions together, a second.
const TRICKLES: [(&str, f64); 3] = [
    ("one event a second in all", 1.0),
    ("one a second on each partition", PARTITIONS),
    ("100 a second in all", 100.0),
];
/// Who writes how much: bytes of logs a day.
const COMPANIES: [(&str, f64); 6] = [
    ("one vault", 15e6),
    ("a team, 50 vaults", 1e9),
    ("a company", 50e9),
    ("a large company", 500e9),
    ("a terabyte a day", 1e12),
    ("ten terabytes a day", 10e12),
];

/// List prices in USD, from memory: the text says so wherever they are used.
mod price {
    pub(super) const UNIT_HOUR: f64 = 0.03;
    pub(super) const MILLION_EVENTS: f64 = 0.028;
    pub(super) const GIGABYTE_SECOND: f64 = 0.000_026;
    pub(super) const MILLION_EXECUTIONS: f64 = 0.40;
    /// What a subscription has for nothing each month.
    pub(super) const FREE_GIGABYTE_SECONDS: f64 = 100_000.0;
    pub(super) const FREE_EXECUTIONS: f64 = 250_000.0;
}

/// Throughput units: one takes 1 MB or 1,000 events a second in, and gives 2 MB a second out.
pub(crate) fn units(measured: &Measured) -> Table {
    let mut table = with_columns(&[
        "server",
        "MB/s of events per core",
        "TU kept up with",
        "TU caught up with",
        "on 0.25 vCPU",
        "of a core at 40 TU",
    ]);
    for load in busy(measured) {
        let speed = megabytes_per_core(load, measured);
        table.add_row([
            load.server.clone(),
            format!("{speed:.0}"),
            format!("{:.0}", kept_up(speed, measured)),
            format!("{:.0}", speed / 2.0),
            format!("{:.0}", kept_up(speed, measured) / 4.0),
            format!("{:.1} %", STANDARD_UNITS / kept_up(speed, measured) * 100.0),
        ]);
    }
    table
}

/// What Flex Consumption takes for a trickle, with and without waiting for fuller batches.
pub(crate) fn bill() -> Table {
    let mut table = with_columns(&[
        "events",
        "executions a month, at once",
        "with the wait",
        "512 MB, at once",
        "with the wait",
        "2,048 MB, at once",
        "with the wait",
    ]);
    for (what, events) in TRICKLES {
        let (waited, small) =
            (executions(events, PARTITIONS, LEAST_BATCH), executions(events, PARTITIONS, SMALL_LEAST_BATCH));
        let monthly = |executions: f64| format!("{:.2} million", executions * SECONDS_PER_MONTH / 1e6);
        let usd = |executions, gigabytes| format!("{:.0} USD", functions(executions, 1.0, gigabytes));
        table.add_row([
            what.to_owned(),
            monthly(events),
            monthly(waited),
            usd(events, SMALL_GIGABYTES),
            usd(small, SMALL_GIGABYTES),
            usd(events, GIGABYTES),
            usd(waited, GIGABYTES),
        ]);
    }
    table
}

/// Executions a second: a batch goes out when it holds the least, or when its partition has waited.
fn executions(events: f64, partitions: f64, least: f64) -> f64 {
    (events / least).max((partitions / WAIT).min(events))
}

/// USD a month: each execution is billed as a second, and an instance never for more time than there is.
fn functions(executions: f64, instances: f64, gigabytes: f64) -> f64 {
    let monthly = executions * SECONDS_PER_MONTH;
    let gigabyte_seconds = monthly.min(instances * SECONDS_PER_MONTH) * gigabytes;
    (gigabyte_seconds - price::FREE_GIGABYTE_SECONDS).max(0.0) * price::GIGABYTE_SECOND
        + (monthly - price::FREE_EXECUTIONS).max(0.0) / 1e6 * price::MILLION_EXECUTIONS
}

/// From one vault to terabytes a day.
pub(crate) fn companies(measured: &Measured) -> Table {
    let mut table = with_columns(&[
        "who",
        "logs a day",
        "events/s",
        "peak MB/s",
        "TU",
        "hub, partitions",
        "cores, host and handler",
        "of them ours",
        "2,048 MB instances",
        "USD a month",
    ]);
    let speed = busy(measured).nth(OURS).map_or(0.0, |load| megabytes_per_core(load, measured));
    for (who, bytes) in COMPANIES {
        let events = bytes / mean_event(measured) / SECONDS_PER_DAY;
        let peak = bytes / SECONDS_PER_DAY / 1e6 * PEAK;
        let units = peak.max(events * PEAK / 1_000.0).ceil();
        let partitions = if units <= STANDARD_UNITS { units.clamp(4.0, STANDARD_PARTITIONS) } else { units };
        let cores = events * PEAK * CPU_PER_EVENT;
        let instances = (cores / BUSY).ceil().min(partitions);
        table.add_row([
            who.to_owned(),
            megabytes(bytes),
            short(events),
            short(peak),
            format!("{units:.0}"),
            format!("{}, {partitions:.0}", if units <= STANDARD_UNITS { "standard" } else { "premium or dedicated" }),
            short(cores),
            short(peak / speed),
            format!("{instances:.0}"),
            cost(events, units, partitions, instances),
        ]);
    }
    table
}

/// The hub's units all month at their peak, and the app; above the standard tier the hub has a price of its own.
fn cost(events: f64, units: f64, partitions: f64, instances: f64) -> String {
    let hub = units * price::UNIT_HOUR * HOURS_PER_MONTH + events * SECONDS_PER_MONTH / 1e6 * price::MILLION_EVENTS;
    let batch = if events / partitions > LEAST_BATCH { FULL_BATCH } else { LEAST_BATCH };
    let functions = functions(executions(events, partitions, batch), instances, GIGABYTES);
    if units <= STANDARD_UNITS { format!("{:.0}", hub + functions) } else { format!("{functions:.0} + the hub") }
}

/// Every server under as many connections as there were.
fn busy(measured: &Measured) -> impl Iterator<Item = &Load> {
    let most = CONNECTIONS.into_iter().max().unwrap_or_default();
    measured.loads(Form::BinaryChunked).iter().filter(move |load| load.connections == most)
}

fn megabytes_per_core(load: &Load, measured: &Measured) -> f64 {
    measured.payload / 1e6 / (load.median(|round| round.cpu_ms) / 1e3)
}

/// How many units bring as much as this speed takes: a unit is full of bytes or of events, whichever comes first.
fn kept_up(speed: f64, measured: &Measured) -> f64 {
    speed / (mean_event(measured) / 1_000.0).min(1.0)
}

/// Bytes of an event under load.
fn mean_event(measured: &Measured) -> f64 {
    measured.payload / BATCH_EVENTS as f64
}

/// Two digits that count, and no more than the figures are worth.
fn short(value: f64) -> String {
    let digits = (1.0 - value.log10().floor()).clamp(0.0, 6.0) as usize;
    format!("{value:.digits$}")
}

fn megabytes(bytes: f64) -> String {
    match bytes {
        1e12.. => format!("{:.0} TB", bytes / 1e12),
        1e9.. => format!("{:.0} GB", bytes / 1e9),
        1e6.. => format!("{:.0} MB", bytes / 1e6),
        _ => format!("{:.1} KB", bytes / 1e3),
    }
}
