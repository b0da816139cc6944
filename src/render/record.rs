//! A record cut at the boundaries of its fields.

use serde_json::value::RawValue;

use super::pointers::Pointers;
use crate::json::raw_value;
use crate::json::{Object, quoted};

/// Fields up to this length are equally worth keeping.
const SMALL_FIELD_BYTES: usize = 512;

/// The record with as many of its fields as fit into `max_bytes`, and `pointers` with those left out: the longest first,
/// and of the small ones the last. `None` if not even an empty record fits.
pub(super) fn fitted(record: &RawValue, max_bytes: usize, pointers: &mut Pointers) -> Option<Box<RawValue>> {
    if record.get().len() <= max_bytes {
        return Some(record.to_owned());
    }
    let object = Object::parse(record.get()).ok()?;
    let mut fields: Vec<_> = object
        .fields()
        .enumerate()
        .map(|(index, (key, value))| (index, key, format!("{}:{}", quoted(key), value.raw())))
        .collect();
    let mut bytes = "{}".len() + fields.iter().map(|(_, _, field)| field.len() + ",".len()).sum::<usize>();
    fields.sort_unstable_by_key(|(index, _, field)| (field.len().max(SMALL_FIELD_BYTES), *index));
    while bytes > max_bytes {
        let (_, key, field) = fields.pop()?;
        bytes -= field.len() + ",".len();
        pointers.add([key]);
    }
    fields.sort_unstable_by_key(|(index, ..)| *index);
    let fields: Vec<_> = fields.into_iter().map(|(_, _, field)| field).collect();
    Some(raw_value(format!("{{{}}}", fields.join(","))))
}
