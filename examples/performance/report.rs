//! `docs/performance.md` and its plot: the text is a template, the numbers come from the run.

use std::error::Error;
use std::fs;
use std::path::Path;

use crate::growth::{Axis, Curve, Point};
use crate::measured::{Form, Measured, NAIVE, OURS};
use crate::plan::Plan;
use crate::plot::{self, Line, Panel};
use crate::{paper, tables};

const TEMPLATE: &str = include_str!("report.md");
const QUICK: &str = "> **Made by a quick run: it shows that the measurement works, and its numbers mean nothing.**\n\n";

/// Writes both files.
///
/// # Errors
/// When a file cannot be written, or the template has a place for which there is no number.
pub(crate) fn write(measured: &Measured, plan: &Plan, folder: &Path) -> Result<(), Box<dyn Error>> {
    fs::write(folder.join("performance.md"), text(measured, plan)?)?;
    fs::write(folder.join("performance.svg"), plot::svg(&panels(measured)))?;
    Ok(())
}

fn text(measured: &Measured, plan: &Plan) -> Result<String, String> {
    let size = |bytes: u64| format!("{:.2} MB", bytes as f64 / 1e6);
    let places = [
        ("quick", if plan.is_quick { QUICK } else { "" }.to_owned()),
        ("machine", machine(measured)),
        ("rounds", plan.rounds.to_string()),
        ("round", format!("{:.1}", plan.round.as_secs_f64())),
        ("starts", plan.starts.to_string()),
        ("repeats", plan.repeats.to_string()),
        ("decoders", measured.decoders.clone()),
        ("load binary", tables::load_of(measured, Form::Binary)),
        ("load binary chunked", tables::load_of(measured, Form::BinaryChunked)),
        ("load string", tables::load_of(measured, Form::String)),
        ("large body", format!("{:.1} MB", measured.large_body / 1e6)),
        ("footprint", tables::footprint(measured).to_string()),
        ("size", size(measured.size)),
        (
            "static size",
            measured.static_size.map_or("was not measured".to_owned(), |bytes| format!("has {}", size(bytes))),
        ),
        ("slopes", tables::slopes(measured).to_string()),
        ("matches", tables::matches(measured)),
        ("growth", tables::growth(measured).to_string()),
        ("units", paper::units(measured).to_string()),
        ("bill", paper::bill().to_string()),
        ("companies", paper::companies(measured).to_string()),
    ];
    let text =
        places.iter().fold(TEMPLATE.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value));
    match text.split_once("{{") {
        Some((_, rest)) => Err(format!("no number for {{{{{}", rest.lines().next().unwrap_or_default())),
        None => Ok(text),
    }
}

/// The machine in words that fit many.
fn machine(measured: &Measured) -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map_or("", |(_, name)| name);
    let kind: Vec<_> = model.split_whitespace().take(2).collect();
    let pinned =
        if measured.cores.can_pin { "the server on one core, the client on another" } else { "nothing pinned" };
    format!("{} cores, {}, {pinned}", measured.cores.count, kind.join(" "))
}

fn panels(measured: &Measured) -> Vec<Panel> {
    let lines = |axes: &[Axis], x: fn(&Point) -> f64, y: fn(&Point) -> f64| {
        let curves = measured.curves.iter().filter(|curve| axes.contains(&curve.axis));
        curves.filter_map(|curve| line(curve, axes.len() > 1, measured, x, y)).collect::<Vec<_>>()
    };
    let bytes = || plot::Axis { label: "body", is_log: true, unit: |value| scaled(value, ["B", "KB", "MB", "GB"]) };
    let growing = [Axis::Events, Axis::EventBytes];
    vec![
        Panel {
            title: "Time to an answer",
            x: bytes(),
            y: plot::Axis { label: "time", is_log: true, unit: |value| scaled(value * 1e6, ["µs", "ms", "s", "ks"]) },
            lines: lines(&growing, |point| point.body, |point| point.seconds),
            has_guide: true,
        },
        Panel {
            title: "Peak memory over idle",
            x: bytes(),
            y: plot::Axis { label: "memory", ..bytes() },
            lines: lines(&growing, |point| point.body, |point| point.peak),
            has_guide: true,
        },
        Panel {
            title: "Throughput by share of matches",
            x: plot::Axis { label: "matches, % of records", is_log: false, unit: |value| format!("{value:.0}") },
            y: plot::Axis { label: "MB/s of body", is_log: true, unit: |value| format!("{value:.0}") },
            lines: lines(&[Axis::Matches], |point| point.at as f64, |point| point.body / point.seconds / 1e6),
            has_guide: false,
        },
    ]
}

/// The line of ours or of the naive server; the null handler's would only hide them.
fn line(
    curve: &Curve,
    names_axis: bool,
    measured: &Measured,
    x: fn(&Point) -> f64,
    y: fn(&Point) -> f64,
) -> Option<Line> {
    let server = measured.memories.iter().position(|memory| memory.server == curve.server)?;
    let (who, color) = match server {
        OURS => ("ours", 0),
        NAIVE => ("naive", 1),
        _ => return None,
    };
    let what = match curve.axis {
        Axis::Events => ", more events",
        _ => ", larger events",
    };
    Some(Line {
        name: format!("{who}{}", if names_axis { what } else { "" }),
        color,
        is_dashed: curve.axis == Axis::EventBytes,
        points: curve.points.iter().map(|point| (x(point), y(point))).collect(),
    })
}

/// A power of ten in the unit that keeps it short.
fn scaled(value: f64, units: [&str; 4]) -> String {
    let thousands = ((value.log10() + 0.01) / 3.0).floor().clamp(0.0, 3.0);
    let shown = value / 1_000f64.powf(thousands);
    format!("{} {}", (shown * 1e3).round() / 1e3, units[thousands as usize])
}
