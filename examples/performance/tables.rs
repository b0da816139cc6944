//! The figures as tables.

use comfy_table::Table;

use crate::growth::{Axis, Curve};
use crate::load::{CONNECTIONS, Load};
use crate::measured::{Form, Measured, OURS};
use support::bench::corpus::BATCH_EVENTS;
use support::bench::table::with_columns;

/// Every table, one below the other.
pub(crate) fn all(measured: &Measured) -> String {
    let loads = measured.loads.iter().map(|(form, loads)| format!("load, {}\n{}", form.name(), load(loads)));
    let rest = [
        format!("decoders\n{}", measured.decoders),
        format!("footprint\n{}", footprint(measured)),
        format!("growth\n{}", growth(measured)),
        matches(measured),
    ];
    loads.chain(rest).collect::<Vec<_>>().join("\n\n")
}

/// The table of one form of the body.
pub(crate) fn load_of(measured: &Measured, form: Form) -> String {
    load(measured.loads(form)).to_string()
}

fn load(loads: &[Load]) -> Table {
    let columns = [
        "server",
        "connections",
        "req/s",
        "p50 ms",
        "p99 ms",
        "CPU ms/req",
        "ours vs it: req/s",
        "it vs ours: p99",
        "CPU",
    ];
    let mut table = with_columns(&columns);
    for connections in CONNECTIONS {
        let mut here = loads.iter().filter(|load| load.connections == connections).peekable();
        let Some(ours) = here.peek().copied() else { continue };
        for load in here {
            table.add_row([
                load.server.clone(),
                connections.to_string(),
                format!("{:.0}", load.median(|round| round.requests_per_second)),
                format!("{:.2}", load.median(|round| round.p50_ms)),
                format!("{:.2}", load.median(|round| round.p99_ms)),
                format!("{:.2}", load.median(|round| round.cpu_ms)),
                ours.against(load, |round| round.requests_per_second).to_string(),
                load.against(ours, |round| round.p99_ms).to_string(),
                load.against(ours, |round| round.cpu_ms).to_string(),
            ]);
        }
    }
    table
}

/// Starts and memory.
pub(crate) fn footprint(measured: &Measured) -> Table {
    let mut table =
        with_columns(&["server", "start, ms", "it vs ours", "idle, MB", "peak over idle, MB", "of the body"]);
    let ours = measured.cold_starts.get(OURS).map_or(f64::NAN, |start| start.ms.median);
    for (start, memory) in measured.cold_starts.iter().zip(&measured.memories) {
        debug_assert_eq!(start.server, memory.server, "both are in the order of the servers");
        table.add_row([
            start.server.clone(),
            start.ms.to_string(),
            format!("{:.1}", start.ms.median / ours),
            format!("{:.1}", memory.idle / 1e6),
            format!("{:.1}", memory.peak_over_idle / 1e6),
            format!("{:.2}", memory.peak_over_idle / measured.large_body),
        ]);
    }
    table
}

/// Time and memory along the axes on which the input grows.
pub(crate) fn growth(measured: &Measured) -> Table {
    let mut table = with_columns(&["server, axis", "at", "body, KB", "ms", "MB/s", "peak over start, KB"]);
    for curve in &measured.curves {
        for point in &curve.points {
            table.add_row([
                format!("{}, {}", curve.server, curve.axis.name()),
                point.at.to_string(),
                format!("{:.1}", point.body / 1e3),
                format!("{:.3}", point.seconds * 1e3),
                format!("{:.0}", point.body / point.seconds / 1e6),
                format!("{:.0}", point.peak / 1e3),
            ]);
        }
    }
    table
}

/// The exponents, and what they say.
pub(crate) fn slopes(measured: &Measured) -> Table {
    let mut table = with_columns(&["server, axis", "time: slope", "steepest", "memory: slope", "steepest", "verdict"]);
    for curve in measured.curves.iter().filter(|curve| curve.axis != Axis::Matches) {
        let (time, memory) = (curve.slope(|point| point.seconds), curve.slope(|point| point.peak));
        table.add_row([
            format!("{}, {}", curve.server, curve.axis.name()),
            format!("{time:.2}"),
            format!("{:.2}", curve.steepest(|point| point.seconds)),
            format!("{memory:.2}"),
            format!("{:.2}", curve.steepest(|point| point.peak)),
            Curve::verdict(time.max(memory)).to_owned(),
        ]);
    }
    table
}

/// What a match costs, and whether the hundredth costs more than the first.
pub(crate) fn matches(measured: &Measured) -> String {
    let ours = measured.curves.iter().find(|curve| curve.axis == Axis::Matches);
    let at = |percent| ours.and_then(|curve| curve.points.iter().find(|point| point.at == percent));
    let (Some(none), Some(half), Some(all)) = (at(0), at(50), at(100)) else { return String::new() };
    let half_batch = BATCH_EVENTS as f64 / 2.0;
    let first = (half.seconds - none.seconds) / half_batch * 1e6;
    let second = (all.seconds - half.seconds) / half_batch * 1e6;
    format!(
        "A match adds {first:.0} µs in the first half of a batch and {second:.0} µs in the second: its alert is made, \
         and its record is longer than others. A batch in which every record matches takes {:.1} times as long as one \
         without a match, and {:.1} times the memory.",
        all.seconds / none.seconds,
        all.peak / none.peak,
    )
}
