//! Panther's SummaryAttributes: how often each value of a few fields occurs among an alert's matches.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::{Serialize, Serializer};

use crate::facts::Facts;
use crate::json::{Kind, Object, Value};

/// How many values of a field an alert shows, the most frequent first.
const MAX_VALUES: usize = 10;
/// How many values are looked through one by one.
const FEW_VALUES: usize = 16;

/// The value counts of each summary attribute, in the rule's order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    attributes: Vec<(String, Counter)>,
}

/// Counts values in the order in which they first came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Counter {
    counts: Vec<(String, u64)>,
    /// Where each value is, once there are many: most alerts have a few.
    index: HashMap<String, usize>,
}

impl Summary {
    /// Begins to count the values of these attributes.
    #[must_use]
    pub fn new(attributes: &[String]) -> Self {
        Self { attributes: attributes.iter().map(|attribute| (attribute.clone(), Counter::default())).collect() }
    }

    /// Counts the values of one record; a field that is missing or null has no value, other kinds than strings count by
    /// their compact JSON.
    pub fn add(&mut self, facts: &Facts<'_>) {
        for (attribute, counter) in &mut self.attributes {
            if let Some(value) = value_of(facts, attribute) {
                counter.add(value);
            }
        }
    }

    /// Calls `change` with every value; nothing can be counted any more after that.
    pub fn for_each_text(&mut self, change: &mut dyn FnMut(&mut String)) {
        self.attributes.iter_mut().flat_map(|(_, counter)| &mut counter.counts).for_each(|(value, _)| change(value));
    }
}

/// The text of a field, or of a member of an object: `properties.id`.
fn value_of<'a>(facts: &Facts<'a>, attribute: &str) -> Option<Cow<'a, str>> {
    match attribute.split_once('.') {
        None => text(facts.get(attribute)?),
        Some((field, member)) => {
            let object = facts.record.object_text(field)?;
            text(Object::parse(&object).ok()?.get(member)?).map(|text| text.into_owned().into())
        }
    }
}

/// The text by which a value is counted; `None` of null.
fn text(value: Value<'_>) -> Option<Cow<'_, str>> {
    match value.kind() {
        Kind::Null => None,
        Kind::String => value.as_str(),
        _ => Some(value.compact().into()),
    }
}

impl Counter {
    fn add(&mut self, value: Cow<'_, str>) {
        let known = match self.index.is_empty() {
            true => self.counts.iter().position(|(known, _)| *known == value),
            false => self.index.get(&*value).copied(),
        };
        if let Some((_, count)) = known.and_then(|at| self.counts.get_mut(at)) {
            *count += 1;
            return;
        }
        self.counts.push((value.into_owned(), 1));
        if self.counts.len() > FEW_VALUES {
            let new = self.counts.iter().enumerate().skip(self.index.len());
            self.index.extend(new.map(|(at, (value, _))| (value.clone(), at)));
        }
    }
}

impl Serialize for Summary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.attributes.iter().map(|(attribute, counter)| (attribute, counter)))
    }
}

impl Serialize for Counter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Entry<'a> {
            value: &'a str,
            count: u64,
        }
        let mut ranked: Vec<_> = self.counts.iter().collect();
        ranked.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        serializer.collect_seq(ranked.into_iter().take(MAX_VALUES).map(|(value, count)| Entry { value, count: *count }))
    }
}
