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
#[path = "decode/ratios.rs"]
mod ratios;
#[path = "support/mod.rs"]
mod support;

use criterion::{Criterion, SamplingMode, Throughput};

use contender::Contender;
use ratios::Ratios;
use support::corpus::Corpus;
use support::host::{self, DataType};
use support::naive;

/// The bodies of one corpus in one form.
struct Group {
    name: String,
    bodies: Vec<Vec<u8>>,
}

impl Group {
    fn new(corpus: &Corpus, data_type: DataType) -> Self {
        let bodies = corpus.batches.iter().map(|events| host::body(data_type, events)).collect();
        Self { name: format!("{}, {}", corpus.name, data_type.name()), bodies }
    }

    fn bytes(&self) -> usize {
        self.bodies.iter().map(Vec::len).sum()
    }

    /// A decoder that finds other matches is not faster, it is wrong.
    fn assert_same_matches(&self) {
        let naive: usize = self.bodies.iter().map(|body| naive::matches(body).expect("a sound body")).sum();
        let ours: usize = contender::matches(&self.bodies);
        assert_eq!(naive, ours, "matches in {}", self.name);
        assert!(ours > 0, "no matches in {}", self.name);
    }
}

fn main() {
    let has = |flag: &str| std::env::args().any(|argument| argument == flag);
    let is_quick = has("--quick");
    let batches = if is_quick { 4 } else { 16 };
    let corpora = [Corpus::usual(batches), Corpus::envelopes(batches), Corpus::hot(batches), Corpus::large()];
    let groups: Vec<_> =
        corpora.iter().flat_map(|corpus| DataType::ALL.map(|data_type| Group::new(corpus, data_type))).collect();
    groups.iter().for_each(Group::assert_same_matches);

    let mut criterion = Criterion::default().sample_size(if is_quick { 10 } else { 20 }).configure_from_args();
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
            bencher.iter_custom(|times| (0..times).map(|_| contender.run(&group.bodies)).sum());
        });
    }
    measured.finish();
}
