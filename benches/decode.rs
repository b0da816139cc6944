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

use std::time::Duration;

use criterion::{Criterion, SamplingMode, Throughput};
use support::bench::contender::Contender;
use support::bench::group::Group;
use support::bench::ratios::Ratios;

fn main() {
    let has = |flag: &str| std::env::args().any(|argument| argument == flag);
    // Without this flag, as `cargo test --bench decode` runs it, it only shows that the benches work.
    let is_test = !has("--bench");
    let is_quick = is_test || has("--quick");
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
    let ratios = match (is_test, is_quick) {
        (true, _) => Ratios::Once,
        (false, true) => Ratios::Quick,
        (false, false) => Ratios::Thorough,
    };
    println!("{}", ratios.table(&groups));
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
