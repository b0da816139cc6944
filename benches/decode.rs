//! Bodies of the host through the whole detection, against the naive decoder and against what no decoder can beat.
//!
//! `cargo bench --bench decode` prints criterion's figures, then a table of ratios that are taken in turns, so that a
//! noisy minute falls on everyone. `-- --quick` takes less than half a minute; a word filters criterion's part only.

#![allow(
    missing_docs,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a fault in what is measured has to end the measurement, and the table is what it is for"
)]

#[path = "decode/contender.rs"]
mod contender;
#[path = "decode/group.rs"]
mod group;
#[path = "decode/ratios.rs"]
mod ratios;
#[path = "support/mod.rs"]
mod support;

use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput};

use contender::Contender;
use group::Group;
use ratios::Ratios;

fn main() {
    let has = |flag: &str| std::env::args().any(|argument| argument == flag);
    let is_quick = has("--quick");
    let groups = Group::all(if is_quick { 2 } else { 16 });
    let (warm_up, measurement) = if is_quick { (50, 200) } else { (1_000, 3_000) };
    let mut criterion = Criterion::default()
        .sample_size(if is_quick { 10 } else { 20 })
        .warm_up_time(Duration::from_millis(warm_up))
        .measurement_time(Duration::from_millis(measurement))
        .configure_from_args();
    for group in &groups {
        measure(&mut criterion, group);
    }
    criterion.final_summary();
    // Without this flag it is a test run, which only asks whether the benches work.
    if has("--bench") {
        println!("{}", Ratios { is_quick }.table(&groups));
    }
}

fn measure(criterion: &mut Criterion, group: &Group) {
    let mut measured = criterion.benchmark_group(&group.name);
    measured.throughput(Throughput::Bytes(group.bytes() as u64)).sampling_mode(SamplingMode::Flat);
    for contender in Contender::ALL {
        measured.bench_function(contender.name(), |bencher| {
            bencher.iter_custom(|times| (0..times).map(|_| contender.run(group.rules, &group.bodies)).sum());
        });
    }
    measured.finish();
}
