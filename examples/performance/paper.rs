//! From the figures to hubs, instances and money, on paper: nothing in here was run in Azure.

use comfy_table::Table;

use crate::load::{CONNECTIONS, Load};
use crate::measured::{Form, Measured, NAIVE, OURS};
use crate::support::corpus::BATCH_EVENTS;
use crate::support::table::with_columns;

const SECONDS_PER_DAY: f64 = 86_400.0;
const HOURS_PER_MONTH: f64 = 730.0;
const SECONDS_PER_MONTH: f64 = HOURS_PER_MONTH * 3_600.0;
/// How much more comes in the busiest minutes than on average.
const PEAK: f64 = 5.0;
/// The most that a standard namespace takes.
const STANDARD_UNITS: f64 = 40.0;
const STANDARD_PARTITIONS: f64 = 32.0;
/// What base64 and the quotes around it make of an event.
const ENCODED: f64 = 1.4;
/// host.json's maxEventBatchSize.
const BATCH: f64 = 100.0;
/// The part of an instance that we count on; the rest is the host's.
const OUR_SHARE: f64 = 0.5;
/// Flex Consumption: megabytes of an instance, and its virtual cores.
const INSTANCES: [(f64, f64); 3] = [(512.0, 0.25), (2_048.0, 1.0), (4_096.0, 2.0)];
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

/// How many partitions an instance can have in flight at once, by the size of their events.
pub(crate) fn memory(measured: &Measured) -> Table {
    let mut table = with_columns(&["100 events of", "body", "ours", "naive", "512 MB", "2,048 MB", "4,096 MB"]);
    let factor = |server: usize| measured.memories.get(server).map_or(0.0, |m| m.peak_over_idle / measured.large_body);
    for event in [mean_event(measured), 10e3, 100e3, 1e6] {
        let body = BATCH * event * ENCODED;
        let fitting = INSTANCES.map(|(megabytes, _)| fits(megabytes, body, factor(OURS), factor(NAIVE)));
        let row = [megabytes(event), megabytes(body), megabytes(body * factor(OURS)), megabytes(body * factor(NAIVE))];
        table.add_row(row.into_iter().chain(fitting));
    }
    table
}

fn fits(instance: f64, body: f64, ours: f64, naive: f64) -> String {
    let count = |factor: f64| (instance * 1e6 * OUR_SHARE / (body * factor)).floor();
    format!("{:.0} / {:.0}", count(ours), count(naive))
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
        "our cores",
        "naive cores",
        "512 MB instances",
        "USD a month",
    ]);
    let speed = |server: usize| busy(measured).nth(server).map_or(0.0, |load| megabytes_per_core(load, measured));
    for (who, bytes) in COMPANIES {
        let events = bytes / mean_event(measured) / SECONDS_PER_DAY;
        let peak = bytes / SECONDS_PER_DAY / 1e6 * PEAK;
        let units = peak.max(events * PEAK / 1_000.0).ceil();
        let partitions = if units <= STANDARD_UNITS { units.clamp(4.0, STANDARD_PARTITIONS) } else { units };
        let cores = peak / speed(OURS);
        let (_, virtual_cores) = INSTANCES[0];
        let instances = (cores / (virtual_cores * OUR_SHARE)).ceil().min(partitions);
        table.add_row([
            who.to_owned(),
            megabytes(bytes),
            short(events),
            short(peak),
            format!("{units:.0}"),
            format!("{}, {partitions:.0}", if units <= STANDARD_UNITS { "standard" } else { "premium or dedicated" }),
            short(cores),
            short(peak / speed(NAIVE)),
            format!("{instances:.0}"),
            cost(events, units, instances),
        ]);
    }
    table
}

/// The hub's units all month at their peak, the instances all month, and their executions; above the standard tier the
/// hub has a price of its own.
fn cost(events: f64, units: f64, instances: f64) -> String {
    let millions = events * SECONDS_PER_MONTH / 1e6;
    let hub = units * price::UNIT_HOUR * HOURS_PER_MONTH + millions * price::MILLION_EVENTS;
    let (megabytes, _) = INSTANCES[0];
    let gigabyte_seconds = instances * megabytes / 1_024.0 * SECONDS_PER_MONTH;
    let functions = gigabyte_seconds * price::GIGABYTE_SECOND + millions / BATCH * price::MILLION_EXECUTIONS;
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
