//! Bodies that are measured together.

use super::contender;
use super::corpus::Corpus;
use super::host::{self, DataType};
use super::naive;

/// The bodies of one corpus in one form.
pub struct Group {
    /// The corpus and the form.
    pub name: String,
    /// The bodies of invocations.
    pub bodies: Vec<Vec<u8>>,
}

impl Group {
    /// Every corpus in every form, so many batches each; the naive decoder and ours agree on all of them.
    pub fn all(batches: usize) -> Vec<Self> {
        let corpora = [
            Corpus::usual(batches),
            Corpus::envelopes(batches),
            Corpus::candidates(batches),
            Corpus::half_matches(batches),
            Corpus::large(),
        ];
        let groups: Vec<_> =
            corpora.iter().flat_map(|corpus| DataType::ALL.map(|data_type| Self::new(corpus, data_type))).collect();
        groups.iter().for_each(Self::assert_same_matches);
        groups
    }

    fn new(corpus: &Corpus, data_type: DataType) -> Self {
        let bodies = corpus.batches.iter().map(|events| host::body(data_type, events)).collect();
        Self { name: format!("{}, {}", corpus.name, data_type.name()), bodies }
    }

    /// The length of all bodies together.
    pub fn bytes(&self) -> usize {
        self.bodies.iter().map(Vec::len).sum()
    }

    /// A decoder that finds other matches is not faster, it is wrong.
    fn assert_same_matches(&self) {
        let mut matches = 0;
        for (number, body) in self.bodies.iter().enumerate() {
            let naive = naive::matches(body).expect("a sound body");
            let ours = contender::matches(std::slice::from_ref(body));
            assert_eq!(naive, ours, "matches in body {number} of {}", self.name);
            matches += ours;
        }
        assert!(matches > 0, "no matches in {}", self.name);
    }
}
