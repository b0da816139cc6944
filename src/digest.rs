//! Names made of content: 16 bytes of a hash, written as 32 hex digits.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// The first half of a SHA-256 over some parts, each with its length, so that no two lists of parts look alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Digest([u8; 16]);

impl Digest {
    /// Hashes the parts; equal parts give equal digests on any machine.
    #[must_use]
    pub fn of(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut digest = [0; 16];
        for (byte, hashed) in digest.iter_mut().zip(hash.finalize()) {
            *byte = hashed;
        }
        Self(digest)
    }

    /// The name of what has a number.
    #[must_use]
    pub fn of_number(number: u64) -> Self {
        Self(u128::from(number).to_be_bytes())
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let number = (text.len() == 32).then(|| u128::from_str_radix(&text, 16).ok()).flatten();
        let digest = number.map(|number| Self(number.to_be_bytes()));
        digest.ok_or_else(|| serde::de::Error::custom("not 32 hex digits"))
    }
}
