//! Bodies that are measured together.

use bytes::Bytes;

use super::contender;
use super::corpus::Corpus;
use super::host::{self, DataType};
use super::naive::{self, RuleSet};

/// The bodies of one corpus in one form, for one set of rules.
pub struct Group {
    /// The rules, the corpus and the form.
    pub name: String,
    /// The rules that are on.
    pub rules: RuleSet,
    /// The bodies of invocations.
    pub bodies: Vec<Bytes>,
}

impl Group {
    /// Every corpus in every form, so many batches each, all rules before the first alone; the naive decoder and ours agree
    /// on all of them.
    pub fn all(batches: usize) -> Vec<Self> {
        let corpora = [
            Corpus::usual(batches),
            Corpus::envelopes(batches),
            Corpus::candidates(batches),
            Corpus::half_matches(batches),
            Corpus::large(),
        ];
        let of_rules = |rules| {
            let forms = corpora.iter().flat_map(|corpus| DataType::ALL.map(|data_type| (corpus, data_type)));
            forms.map(move |(corpus, data_type)| Self::new(corpus, data_type, rules)).collect::<Vec<_>>()
        };
        let groups: Vec<_> = RuleSet::EACH.into_iter().flat_map(of_rules).collect();
        groups.iter().for_each(Self::assert_same_matches);
        groups
    }

    fn new(corpus: &Corpus, data_type: DataType, rules: RuleSet) -> Self {
        let bodies = corpus.batches.iter().map(|events| Bytes::from(host::body(data_type, events))).collect();
        Self { name: format!("{}, {}, {}", rules.name(), corpus.name, data_type.name()), rules, bodies }
    }

    /// The length of all bodies together.
    pub fn bytes(&self) -> usize {
        self.bodies.iter().map(Bytes::len).sum()
    }

    /// A decoder that finds other matches is not faster, it is wrong.
    fn assert_same_matches(&self) {
        let mut matches = 0;
        for (number, body) in self.bodies.iter().enumerate() {
            let naive = naive::matches(body, self.rules).expect("a sound body");
            let ours = contender::matches(self.rules, std::slice::from_ref(body));
            assert_eq!(naive, ours, "matches in body {number} of {}", self.name);
            matches += ours;
        }
        assert!(matches > 0, "no matches in {}", self.name);
    }
}
