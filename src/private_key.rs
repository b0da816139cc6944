//! What the reads of one name say about a private key: whether it may have left the vault.
//!
//! A certificate in Key Vault is three objects of one name. The certificate has the public part only, the secret has the
//! private key where that is exportable, and a backup has everything, but encrypted for vaults of the same subscription and
//! geography:
//! <https://learn.microsoft.com/azure/key-vault/certificates/about-certificates#composition-of-a-certificate>. No record says
//! whether a key is exportable, so nothing here ever says that a key has left for certain.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use serde::{Deserialize, Serialize};

/// What was read of one name, as a set.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Reads(u8);

/// Whether the private key of a name may have left, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PrivateKey {
    /// The secret of a certificate's name was read.
    Likely,
    /// A backup was taken: whoever can restore it has the key.
    Wrapped,
    /// A secret was read that may or may not belong to a certificate, or the record does not say what was handed out.
    Unknown,
    /// Only the certificate's public part was read.
    No,
}

impl PrivateKey {
    /// All of them, the worst first.
    pub const ALL: [Self; 4] = [Self::Likely, Self::Wrapped, Self::Unknown, Self::No];

    /// Its word in messages and tables.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Likely => "likely",
            Self::Wrapped => "wrapped",
            Self::Unknown => "unknown",
            Self::No => "no",
        }
    }
}

impl Reads {
    /// The name is a certificate's.
    const CERTIFICATE: Self = Self(1);
    /// The public part was handed out.
    const PUBLIC_PART: Self = Self(2);
    /// The secret was handed out.
    const SECRET: Self = Self(4);
    /// A backup was handed out.
    const BACKUP: Self = Self(8);

    /// What an operation reads of a name; `is_certificate` where the name is known as a certificate's whatever the operation.
    #[must_use]
    pub fn of(operation: &str, is_certificate: bool) -> Self {
        let read = match operation.to_ascii_lowercase().as_str() {
            "certificateget" | "certificategetdeleted" => Self::CERTIFICATE.and(Self::PUBLIC_PART),
            "certificatebackup" => Self::CERTIFICATE.and(Self::BACKUP),
            "secretget" => Self::SECRET,
            "secretbackup" => Self::BACKUP,
            // The Activity Log names an access to a certificate and not what it handed out.
            _ => Self::CERTIFICATE,
        };
        if is_certificate { read.and(Self::CERTIFICATE) } else { read }
    }

    /// Both sets together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of the other set is in this one.
    #[must_use]
    pub fn contains(self, other: Self) -> bool {
        self.and(other) == self
    }

    /// Whether nothing was read.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// What the reads say about the private key.
    #[must_use]
    pub fn private_key(self) -> PrivateKey {
        if self.contains(Self::SECRET.and(Self::CERTIFICATE)) {
            PrivateKey::Likely
        } else if self.contains(Self::BACKUP) {
            PrivateKey::Wrapped
        } else if self == Self::CERTIFICATE.and(Self::PUBLIC_PART) {
            PrivateKey::No
        } else {
            PrivateKey::Unknown
        }
    }
}
