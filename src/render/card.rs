//! An alert as an Adaptive Card, in the envelope that Teams webhooks take.
//!
//! Adaptive Cards 1.4 and Workflows webhooks: <https://adaptivecards.io/explorer/> and
//! <https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using>. Teams stores
//! at most 28 KB of a message, counted after its own escaping, so a request has at most 20,000 bytes. A Workflows webhook
//! answers before that is checked: nobody would see a card that is too long.

mod elements;
mod facts;
mod layout;
mod links;
mod notice;
mod plain;
mod when;

use serde_json::{Value, json};

use layout::content;
use notice::Notice;
use plain::weight;

/// The longest request body, in bytes, with every character outside of ASCII escaped.
pub const MAX_CARD_BYTES: usize = 20_000;

/// The weight that each kind of text may have (see [`weight`]).
#[derive(Debug, Clone, Copy)]
struct Limits {
    title: usize,
    /// Vaults, addresses, ids, and the names of rules and techniques.
    name: usize,
    /// How many vaults, addresses and so on are named.
    of_a_kind: usize,
    description: usize,
    runbook: usize,
}

/// The limits that are tried one after another, until the card fits.
const STEPS: &[Limits] = &[
    Limits { title: 800, name: 260, of_a_kind: 5, description: 2000, runbook: 5000 },
    Limits { title: 600, name: 200, of_a_kind: 3, description: 1200, runbook: 2500 },
    Limits { title: 400, name: 120, of_a_kind: 2, description: 600, runbook: 900 },
    Limits { title: 200, name: 80, of_a_kind: 1, description: 200, runbook: 200 },
];

/// Why no card can be made of a message. No error repeats any of the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CardFault {
    /// It is not JSON, or not an object.
    #[error("the message is not a JSON object")]
    NotAnObject,
    /// It lacks something that every alert has.
    #[error("the message is no alert: it lacks a usable schemaVersion, alertId or title")]
    NoAlert,
    /// It is of a major version that this program does not know, as after a newer deployment.
    #[error("the message is an alert of another major schemaVersion than 1: deploy the version that knows it")]
    LaterVersion,
}

/// A card for one alert.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    alert_id: String,
    content: Value,
}

impl Card {
    /// Makes the card of an alert message.
    ///
    /// # Errors
    /// [`CardFault`] if the message is no alert.
    pub fn of(message: &str) -> Result<Self, CardFault> {
        let notice = Notice::read(message)?;
        let mut card = Self { alert_id: notice.alert_id.to_string(), content: Value::Null };
        for limits in STEPS {
            card.content = content(&notice, limits);
            if weight_as_sent(&card.request_body()) <= MAX_CARD_BYTES {
                break;
            }
        }
        Ok(card)
    }

    /// The alert's id: letters, digits and hyphens.
    #[must_use]
    pub fn alert_id(&self) -> &str {
        &self.alert_id
    }

    /// The Adaptive Card itself, as card designers read it.
    #[must_use]
    pub fn content(&self) -> &Value {
        &self.content
    }

    /// The request body: a message with the card as its only attachment.
    #[must_use]
    pub fn request_body(&self) -> String {
        json!({
            "type": "message",
            "attachments": [{
                "contentType": "application/vnd.microsoft.card.adaptive",
                "contentUrl": null,
                "content": self.content,
            }]
        })
        .to_string()
    }
}

/// The weight of a body, in which quotes and backslashes are escaped already.
fn weight_as_sent(body: &str) -> usize {
    let escaped = body.bytes().filter(|byte| matches!(byte, b'"' | b'\\')).count();
    weight(body) - escaped
}
