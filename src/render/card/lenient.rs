//! Values of a message that count as missing where they are of another kind than expected.

use std::ops::Deref;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer};
use serde_json::value::RawValue;

/// A value that counts as missing if it is of another kind than expected.
#[derive(Default)]
pub(super) struct Lenient<T>(T);

pub(super) type Text = Lenient<String>;
pub(super) type List<T> = Lenient<Vec<Lenient<T>>>;

impl<'de, T: DeserializeOwned + Default> Deserialize<'de> for Lenient<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = <&RawValue>::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str(value.get()).unwrap_or_default()))
    }
}

impl<T> Deref for Lenient<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
