//! What is remembered of one key: the records that alerts belong to, and the values that count.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::incident::OpenIncident;
use super::owner::Owner;
use super::values::{KEPT_READS, Values, without_spare_room};
use super::{Entry, RecordId, Role, Verdict};
use crate::alert::Due;
use crate::counted::{Counted, Span};
use crate::digest::Digest;
use crate::incident::Incident;
use crate::severity::Severity;
use crate::usual::{Novelty, Portrait};

/// About how many bytes a key takes besides its owners and values.
const WEIGHT_OF_KEY: usize = 256;
/// How far apart the alerts of a new identity are in its first days.
const NEW_IDENTITY_WINDOW: SignedDuration = SignedDuration::from_hours(24);
/// About how many bytes an owner takes besides its names.
const WEIGHT_OF_OWNER: usize = 144;

/// The memory of one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Memory {
    pub(super) rule: Arc<str>,
    pub(super) identity: Arc<str>,
    /// The number of the log's entry that changed it last.
    pub(super) changed_by: u64,
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "without_spare_room")]
    pub(super) owners: Vec<Owner>,
    #[serde(default, skip_serializing_if = "Values::is_empty")]
    pub(super) values: Values,
    /// The values that the identity was refused.
    #[serde(default, skip_serializing_if = "Values::is_empty")]
    refused: Values,
    /// The incidents to which entries may still belong, in the order in which they were opened.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    incidents: Vec<OpenIncident>,
    /// About how many bytes the owners take.
    #[serde(skip)]
    owners_weight: usize,
}

/// What other keys say of an entry.
pub(super) struct Outlook<'f> {
    /// The incident that its alert would join.
    pub(super) joined: Due,
    /// The alert that gives an incident its id that the entry opens, where there was one before.
    pub(super) opened_by: Option<Digest>,
    /// What is new in the entry; only of a rule that learns.
    pub(super) novelty: Option<Novelty>,
    /// What is usual for the identity, where that is known.
    pub(super) portrait: &'f dyn Fn() -> Option<Portrait>,
}

impl Memory {
    /// The memory of a key with no entry so far.
    pub(super) fn new(entry: &Entry) -> Self {
        Self {
            rule: entry.rule.clone(),
            identity: entry.identity.clone(),
            changed_by: 0,
            owners: Vec::new(),
            values: Values::default(),
            refused: Values::default(),
            incidents: Vec::new(),
            owners_weight: 0,
        }
    }

    /// Takes an entry that is not settled; `outlook` is what other keys say of it, `clock` the latest time of the hub so far,
    /// `number` the entry's own.
    pub(super) fn take(&mut self, role: Role, entry: &Entry, outlook: Outlook<'_>, clock: Timestamp, number: u64) {
        self.changed_by = number;
        if role == Role::Refused {
            if !self.refused.cover(entry) {
                self.refused.add(entry, clock);
            }
            return;
        }
        let due = match outlook.novelty {
            _ if entry.period.counts() => self.count(role, entry, outlook.opened_by, clock),
            None => self.single(role, entry, outlook.joined),
            Some(novelty) => self.unfamiliar(role, entry, novelty),
        };
        if let Some(due) = due {
            let due = Due { portrait: (outlook.portrait)().map(Box::new), ..due };
            // Most keys have one owner.
            self.owners.reserve_exact(1);
            self.owners.push(Owner::of(entry, due, clock));
            self.weigh_owners();
        }
    }

    /// The alert of a match of a rule that counts nothing, unless one is near.
    fn single(&self, role: Role, entry: &Entry, joined: Due) -> Option<Due> {
        let is_due = match role {
            Role::Match => self.near_owner(entry).is_none(),
            Role::Owner => true,
            Role::Counted | Role::Refused | Role::Known | Role::Lost => false,
        };
        is_due.then(|| Due { counted: entry.counted.clone(), ..joined })
    }

    /// The alert of a read in which something is new, unless one as severe is near: one for an hour, of a new identity one for a
    /// day.
    fn unfamiliar(&self, role: Role, entry: &Entry, novelty: Novelty) -> Option<Due> {
        let window = if novelty.is_recent_identity { NEW_IDENTITY_WINDOW } else { entry.period.window() };
        let covers = |owner: &Owner| {
            let severity = owner.due.novelty.map(|known| known.severity());
            owner.time.duration_since(entry.time).abs() < window && severity >= Some(novelty.severity())
        };
        let is_due = match role {
            Role::Match => !novelty.is_nothing() && !self.owners.iter().any(covers),
            Role::Owner => true,
            Role::Counted | Role::Refused | Role::Known | Role::Lost => false,
        };
        is_due.then(|| Due { novelty: Some(novelty), ..Due::default() })
    }

    /// The id of an alert of high severity in the hour before an entry.
    pub(super) fn high_before(&self, entry: &Entry) -> Option<Digest> {
        let is_before = |owner: &&Owner| {
            let before = entry.time.duration_since(owner.time);
            !before.is_negative()
                && before < entry.period.window()
                && owner.due.novelty.is_some_and(|novelty| novelty.severity() == Severity::High)
        };
        self.owners.iter().rev().find(is_before)?.alert_id
    }

    /// Counts an entry, and returns the alert that it makes due: of a new incident, or of the next step of an open one.
    fn count(&mut self, role: Role, entry: &Entry, opened_by: Option<Digest>, clock: Timestamp) -> Option<Due> {
        // An alert that was sent without the log may belong to a record that the log already has.
        if !self.values.cover(entry) {
            self.values.add(entry, clock);
        }
        if role == Role::Owner {
            self.take_alert(entry, clock);
            return Some(Due { counted: entry.counted.clone(), incident: entry.incident, ..Due::default() });
        }
        let (period, refused) = (entry.period, |span: Span| refused_before(&self.refused, span, entry));
        if let Some(incident) = self.incidents.iter_mut().rev().find(|incident| incident.holds(entry.time)) {
            incident.take(entry, clock);
            if incident.may_last_until_after(entry)
                && self.values.densest(entry.time, period).0.len() >= period.threshold
            {
                incident.extend(entry);
            }
            let step = Some(incident).filter(|_| role == Role::Match)?.next_step(period.threshold, refused);
            return step.map(|(counted, incident)| Due { counted, incident: Some(incident), ..Due::default() });
        }
        if role != Role::Match || self.near_owner(entry).is_some() || self.values.len() < period.threshold {
            return None;
        }
        let (names, span) = self.values.densest(entry.time, period);
        if names.len() < period.threshold {
            return None;
        }
        let counted = Counted::of(&names, span, span.map_or(0, refused));
        let id = opened_by.or(entry.alert_id);
        let opened = id.map(|id| OpenIncident::open(id, entry, names, span, clock));
        let incident = opened.as_ref().map(|incident| Incident { id: incident.id, step: Some(1) });
        self.incidents.extend(opened);
        Some(Due { counted, incident, ..Due::default() })
    }

    /// Takes an alert that was sent without the log: it opens its incident, or adds to it, unless another one is open.
    fn take_alert(&mut self, entry: &Entry, clock: Timestamp) {
        let Some(Incident { id, step: Some(step) }) = entry.incident else { return };
        let at = self.incidents.iter().position(|incident| incident.id == id || incident.holds(entry.time));
        let at = at.unwrap_or_else(|| {
            self.incidents.push(OpenIncident::open(id, entry, Default::default(), None, clock));
            self.incidents.len() - 1
        });
        if let Some(incident) = self.incidents.get_mut(at) {
            incident.take_alert(step, &entry.counted);
        }
    }

    /// Whether an entry makes no owner and adds no value, whatever the log holds after this.
    pub(super) fn settles(&self, role: Role, entry: &Entry) -> bool {
        let is_full = self.values.count >= KEPT_READS;
        match role {
            Role::Refused => self.refused.count >= KEPT_READS || self.refused.cover(entry),
            _ if self.owner(entry.record).is_some() => true,
            Role::Owner => false,
            Role::Match if !entry.period.counts() => self.near_owner(entry).is_some(),
            _ => match self.incident_at(entry.time) {
                Some(incident) => {
                    let adds_no_time = || is_full && !incident.may_last_until_after(entry);
                    incident.knows(entry) && (self.values.cover(entry) || adds_no_time())
                }
                None => self.values.cover(entry) || (is_full && self.near_owner(entry).is_some()),
            },
        }
    }

    /// Whether a match may open an incident at this time of the hub.
    pub(super) fn may_open(&self, entry: &Entry, clock: Timestamp) -> bool {
        let is_held = |incident: &OpenIncident| incident.holds(entry.time) && incident.is_known(clock);
        self.values.len() + 1 >= entry.period.threshold && !self.incidents.iter().any(is_held)
    }

    /// What becomes of a match; where its entry is settled, no later entry makes it an alert, or none.
    pub(super) fn verdict(&self, entry: &Entry) -> Verdict {
        if let Some(owner) = self.owner(entry.record) {
            // Where the incident's rule is off by now, or expects the access, its card may never have come.
            let has_no_card = owner.due.has_no_card && entry.joins.is_some_and(|joins| joins.may_have_no_card);
            return Verdict::Alert { created_at: owner.hub, due: Due { has_no_card, ..owner.due.clone() } };
        }
        self.near_owner(entry).map_or(Verdict::Pending, |owner| Verdict::Suppressed { by: owner.record })
    }

    /// The incident that an entry of this time belongs to.
    pub(super) fn incident_at(&self, time: Timestamp) -> Option<&OpenIncident> {
        self.incidents.iter().rev().find(|incident| incident.holds(time))
    }

    /// The incident that was opened last, for people.
    pub(super) fn last_incident(&self) -> Option<&OpenIncident> {
        self.incidents.last()
    }

    /// Drops what is no longer needed at this time of the hub, and returns whether anything is left.
    pub(super) fn forget(&mut self, clock: Timestamp) -> bool {
        self.owners.retain(|owner| owner.until > clock);
        self.owners.iter_mut().for_each(|owner| owner.forget_portrait(clock));
        self.incidents.retain(|incident| incident.is_known(clock));
        self.weigh_owners();
        self.values.forget(clock);
        self.refused.forget(clock);
        !(self.owners.is_empty() && self.values.is_empty() && self.refused.is_empty() && self.incidents.is_empty())
    }

    /// About how many bytes it takes.
    pub(super) fn weight(&self) -> usize {
        let incidents: usize = self.incidents.iter().map(|incident| incident.weight).sum();
        WEIGHT_OF_KEY + self.owners_weight + self.values.weight + self.refused.weight + incidents
    }

    /// Computes again what is not written down, and shares the text of values that occur in several places.
    pub(super) fn restore(&mut self) {
        self.values.restore();
        self.refused.restore();
        self.weigh_owners();
        for incident in &mut self.incidents {
            incident.restore(|name| self.values.known(name).cloned());
        }
        for name in self.owners.iter_mut().flat_map(|owner| &mut owner.due.counted.names) {
            if let Some(known) = self.values.known(name) {
                *name = known.clone();
            }
        }
    }

    fn weigh_owners(&mut self) {
        self.owners_weight = self.owners.iter().map(|owner| WEIGHT_OF_OWNER + owner.due.weight()).sum();
    }

    /// Whether an alert belongs to a record.
    pub(super) fn owns(&self, record: RecordId) -> bool {
        self.owner(record).is_some()
    }

    fn owner(&self, record: RecordId) -> Option<&Owner> {
        self.owners.iter().find(|owner| owner.record == record)
    }

    /// The nearest owner of the incident that holds an entry; where none does, the nearest that is less than its own window
    /// away and has no incident.
    fn near_owner(&self, entry: &Entry) -> Option<&Owner> {
        let distance = |owner: &&Owner| owner.time.duration_since(entry.time).abs();
        let held_by = self.incident_at(entry.time).map(|incident| incident.id);
        let is_near = |owner: &&Owner| {
            let own = owner.due.incident.map(|incident| incident.id);
            let is_known = own.is_some_and(|id| self.incidents.iter().any(|incident| incident.id == id));
            if is_known || held_by.is_some() { own == held_by } else { distance(owner) < owner.window() }
        };
        // An alert without a card of its own stands for those whose incident it joined, and for nobody else at that address.
        let stands_for = |owner: &&Owner| owner.whose.is_none_or(|whose| whose == entry.whose());
        self.owners.iter().filter(is_near).filter(stands_for).min_by_key(distance)
    }
}

/// How many names were refused from a window before the first of some reads to this entry.
fn refused_before(refused: &Values, span: Span, entry: &Entry) -> usize {
    let from = span.first.checked_sub(entry.period.window()).unwrap_or(Timestamp::MIN);
    refused.between(from, span.last.max(entry.time))
}
