//! What a card is about, read out of an alert once.

use jiff::Timestamp;

use super::notice::Notice;
use super::objects::Objects;
use super::options::{CardNames, CardOptions};
use super::when;
use super::who::Who;
use crate::rules::metadata::Metadata;
use crate::rules::{self, certificate_accessed, certificate_dump, unfamiliar_reader};

/// What a card is about.
pub(super) struct Case<'n> {
    pub(super) notice: &'n Notice,
    pub(super) options: &'n CardOptions,
    pub(super) who: Who,
    pub(super) objects: Objects,
    /// When the first read was, if that can be read.
    pub(super) first: Option<Timestamp>,
    /// When the last read was, if that can be read.
    pub(super) last: Option<Timestamp>,
    /// The rule, if this program has it.
    pub(super) rule: Option<KnownRule>,
}

/// A rule of this program: what a message says of a rule could be anything.
pub(super) struct KnownRule {
    /// Its name in `RULES`.
    pub(super) name: &'static str,
    /// Where one reads more about it.
    pub(super) reference: String,
}

impl<'n> Case<'n> {
    pub(super) fn of(notice: &'n Notice, options: &'n CardOptions) -> Self {
        let (context, window) = (&notice.alert_context, &notice.window);
        let time = |read: &str, window: &str| when::parsed(read).or_else(|| when::parsed(window));
        let first = time(&context.first_read_time, &window.first_record_time);
        let last = time(&context.last_read_time, &window.last_record_time);
        let known = rules::ALL.iter().filter_map(|logic| Some((logic.name, Metadata::at_build(logic.name)?)));
        let rule = known.into_iter().find(|(_, metadata)| *metadata.id == *notice.rule.id);
        let rule = rule.map(|(name, metadata)| KnownRule { name, reference: metadata.about.reference });
        // What a rule that others wrote is about need be no read of anything.
        let objects = if is_sigma(notice) { Objects::none() } else { Objects::of(notice) };
        let who = Who::of(notice);
        Self { notice, options, who, objects, first, last: last.max(first), rule }
    }

    /// Whether no name of a certificate or secret may be on the card.
    pub(super) fn hides_names(&self) -> bool {
        self.options.names == CardNames::Counts
    }

    /// Whether the rule is one that others wrote, in Sigma.
    pub(super) fn is_of_sigma(&self) -> bool {
        is_sigma(self.notice)
    }

    /// Whether the rule is the one with this name.
    fn is_of(&self, name: &str) -> bool {
        self.rule.as_ref().is_some_and(|rule| rule.name == name)
    }

    /// Whether the Activity Log may have what the alert is about.
    pub(super) fn is_in_activity_log(&self) -> bool {
        self.is_of(certificate_accessed::LOGIC.name)
    }

    /// What was read, as a word.
    pub(super) fn noun(&self) -> &'static str {
        let is_secret = &*self.notice.alert_context.object_kind == "secret";
        let is_mixed = self.is_of(certificate_dump::LOGIC.name) || self.is_of(unfamiliar_reader::LOGIC.name);
        match (is_mixed || is_secret || self.rule.is_none(), self.objects.count) {
            (true, 1) => "certificate or secret",
            (true, _) => "certificates and secrets",
            (false, 1) => "certificate",
            (false, _) => "certificates",
        }
    }
}

fn is_sigma(notice: &Notice) -> bool {
    !notice.rule.level.is_empty()
}
