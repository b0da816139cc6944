//! The columns of a row, and the fields of a record that is written of them.

use std::borrow::Cow;

use crate::json::{Object, Value, embedded_object, for_each_element, quoted};

/// Columns that hold when something happened, or was handed on.
const TIMES: &[&str] =
    &["TimeGenerated", "eventTimestamp", "time", "timestamp", "submissionTimestamp", "EventSubmissionTimestamp"];

/// A row or record, whose fields are looked up without regard to case and underscores.
pub(super) struct Columns<'r, 'a> {
    object: &'r Object<'a>,
    /// A hash of each field's name, because a row is asked for many.
    hashes: Vec<u64>,
}

impl<'r, 'a> Columns<'r, 'a> {
    pub(super) fn of(object: &'r Object<'a>) -> Self {
        Self { object, hashes: object.fields().map(|(name, _)| hash(name)).collect() }
    }

    pub(super) fn object(&self) -> &'r Object<'a> {
        self.object
    }

    /// The fields of this name.
    fn alike<'n>(&'n self, name: &'n str) -> impl Iterator<Item = (&'r str, Value<'a>)> + use<'n, 'r, 'a> {
        let wanted = hash(name);
        let named = self.object.fields().zip(&self.hashes).filter(move |(_, hash)| **hash == wanted);
        named.map(|(field, _)| field).filter(|(key, _)| is_same(key, name))
    }

    /// The fields of this name that say something: a row has all its table's columns, and most of them are empty.
    fn said<'n>(&'n self, name: &'n str) -> impl Iterator<Item = (&'r str, Value<'a>)> + use<'n, 'r, 'a> {
        self.alike(name).filter(|(_, value)| !value.is_blank())
    }

    /// The first of these columns that says something; the table's own spelling goes before another one.
    pub(super) fn get(&self, names: &[&str]) -> Option<Value<'a>> {
        let exact = |name: &&str| self.said(name).find(|(key, _)| key == name);
        let found = names.iter().find_map(exact).or_else(|| names.iter().find_map(|name| self.said(name).next()));
        found.map(|(_, value)| value)
    }

    /// The column of a field's name, which a table begins with a capital.
    pub(super) fn column_of(&self, field: &str) -> Option<Value<'a>> {
        let is_own =
            |key: &str| key.starts_with(|first: char| first.is_ascii_uppercase()) && key.get(1..) == field.get(1..);
        let found = self.said(field).find(|(key, _)| is_own(key)).or_else(|| self.said(field).next());
        found.map(|(_, value)| value)
    }

    /// How many of these columns there are, empty or not.
    pub(super) fn count(&self, names: &[&str]) -> usize {
        names.iter().filter(|name| self.alike(name).next().is_some()).count()
    }

    pub(super) fn text(&self, name: &str) -> Option<Cow<'a, str>> {
        self.get(&[name])?.as_str()
    }

    /// The JSON text of a member of a column that is an object, or holds the JSON of one.
    pub(super) fn member(&self, column: &str, names: &[&str]) -> Option<String> {
        let text = self.object_text(&[column])?;
        Some(Columns::of(&Object::parse(&text).ok()?).get(names)?.raw().to_owned())
    }

    /// The JSON text of the caller's address: the record's own, else the request's, else that of the claims.
    pub(super) fn caller_address(&self, claims: Option<&str>) -> Option<String> {
        let own = self.get(&["callerIpAddress"]).map(|value| value.raw().to_owned());
        let claimed = || Some(Object::parse(claims?).ok()?.get("ipaddr")?.raw().to_owned());
        own.or_else(|| self.member("httpRequest", &["clientIpAddress"])).or_else(claimed)
    }

    /// The text of the first of these columns that is an object, or holds the JSON of one.
    pub(super) fn object_text(&self, names: &[&str]) -> Option<Cow<'a, str>> {
        names
            .iter()
            .find_map(|name| embedded_object(self.get(&[name])?).or_else(|| Some(pairs(self.get(&[name])?)?.into())))
    }
}

/// An object of a list of keys and values, as a dictionary is written by some serializers.
fn pairs(list: Value<'_>) -> Option<String> {
    let (mut fields, mut is_whole) = (Fields::default(), true);
    let read = for_each_element(list.raw(), &mut |pair| {
        let pair = Object::parse(pair.raw()).unwrap_or_default();
        let columns = Columns::of(&pair);
        match (columns.text("key").or_else(|| columns.text("type")), pair.get("value")) {
            (Some(key), Some(value)) => fields.add(&key, Some(value)),
            _ => is_whole = false,
        }
    });
    (read.is_ok() && is_whole).then(|| fields.into_text())
}

/// Whether a column has this name, but for case and underscores; the underscore that a name begins with counts.
fn is_same(key: &str, name: &str) -> bool {
    if key.len() <= name.len() && !name.contains('_') {
        return key.eq_ignore_ascii_case(name);
    }
    let folds_alike = || folded(key).eq(folded(name)) && key.starts_with('_') == name.starts_with('_');
    key.eq_ignore_ascii_case(name) || (key.contains('_') && folds_alike())
}

/// A hash that is equal for names that are the same (FNV-1a).
fn hash(name: &str) -> u64 {
    let start = if name.starts_with('_') { 1 } else { 0 };
    folded(name)
        .fold(0xCBF2_9CE4_8422_2325 ^ start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

fn folded(text: &str) -> impl Iterator<Item = u8> {
    text.bytes().filter(|byte| *byte != b'_').map(|byte| byte.to_ascii_lowercase())
}

/// The fields of one JSON object, in order.
#[derive(Default)]
pub(super) struct Fields(String);

impl Fields {
    /// Adds a field, if there is a value.
    pub(super) fn add(&mut self, name: &str, value: Option<Value<'_>>) {
        self.add_json(name, value.map(Value::raw));
    }

    /// Adds a field that is a number, also where it came as a string.
    pub(super) fn add_number(&mut self, name: &str, value: Option<Value<'_>>) {
        let number = value.and_then(Value::as_str).and_then(|text| text.trim().parse::<u32>().ok());
        let number = number.map(|number| number.to_string());
        self.add_json(name, number.as_deref().or(value.map(Value::raw)));
    }

    /// Adds the times that a record has, the best first, so that another one is there where one cannot be read.
    pub(super) fn add_times(&mut self, columns: &Columns<'_, '_>) {
        let times = TIMES.iter().filter_map(|name| columns.get(&[name]));
        ["time", "eventTimestamp", "timeStamp"].iter().zip(times).for_each(|(name, time)| self.add(name, Some(time)));
    }

    /// Adds a field with the JSON text of its value.
    pub(super) fn add_json(&mut self, name: &str, json: Option<&str>) {
        if let Some(json) = json {
            self.0.reserve(name.len() + json.len() + 4);
            self.0.push(if self.0.is_empty() { '{' } else { ',' });
            // Nearly every name can stand as it is.
            if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                self.0.extend(["\"", name, "\""]);
            } else {
                self.0.push_str(&quoted(name));
            }
            self.0.push(':');
            self.0.push_str(json);
        }
    }

    /// Adds a field that has a member of its own, if it has members.
    pub(super) fn add_fields(&mut self, name: &str, fields: Self) {
        if !fields.0.is_empty() {
            self.add_json(name, Some(&fields.into_text()));
        }
    }

    pub(super) fn into_text(mut self) -> String {
        self.0.push_str(if self.0.is_empty() { "{}" } else { "}" });
        self.0
    }
}
