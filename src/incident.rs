//! What joins the alerts of one theft.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

use serde::{Deserialize, Serialize};

use crate::digest::Digest;

/// The incident that an alert belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Incident {
    /// The id of the alert that opened it.
    pub id: Digest,
    /// The number of an alert that tells its size, from 1; null where the alert only joins it.
    pub step: Option<u32>,
}
