//! An alert as an Adaptive Card, in the envelope that Teams webhooks take.
//!
//! Adaptive Cards 1.4 and Workflows webhooks: <https://adaptivecards.io/explorer/> and
//! <https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using>. Teams stores
//! at most 28 KB of a message, counted after its own escaping, so a request has at most 20,000 bytes. A Workflows webhook
//! answers before that is checked: nobody would see a card that is too long.

mod about;
mod case;
mod contain;
mod elements;
mod facts;
mod headline;
mod layout;
mod lenient;
mod links;
mod names;
mod notice;
mod objects;
mod options;
mod plain;
mod runbook;
mod when;
mod who;

pub use options::{CardNames, CardOptions};

use serde_json::{Value, json};

use case::Case;
use layout::content;
use names::Layout;
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
    /// A query, command line or entry.
    ready: usize,
}

/// How many names have room before the limits of the rest are drawn in.
const FEW_NAMES: usize = 25;

/// The limits of a card that has room for everything.
const WIDE: Limits = Limits { title: 800, name: 260, of_a_kind: 5, description: 2000, runbook: 5000, ready: 1500 };

/// The limits that are tried one after another where it has not: the rule's own runbook, which the message has, goes first.
const NARROWER: [Limits; 3] = [
    Limits { title: 700, name: 200, of_a_kind: 4, description: 600, runbook: 0, ready: 1000 },
    Limits { title: 500, name: 120, of_a_kind: 2, description: 300, runbook: 0, ready: 600 },
    NARROWEST,
];

/// The limits with which every card fits.
const NARROWEST: Limits = Limits { title: 200, name: 80, of_a_kind: 1, description: 200, runbook: 0, ready: 200 };

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
    /// Makes the card of an alert message, with as many names as there is room for.
    ///
    /// # Errors
    /// [`CardFault`] if the message is no alert.
    pub fn of(message: &str, options: &CardOptions) -> Result<Self, CardFault> {
        let notice = Notice::read(message)?;
        let case = Case::of(&notice, options);
        let all = names::how_many(&case);
        let card = |limits, layout, shown| Self {
            alert_id: notice.alert_id.to_string(),
            content: content(&case, limits, layout, shown),
        };
        let fits = |card: &Self| weight_as_sent(&card.request_body()) <= MAX_CARD_BYTES;
        let (lines, flow) = (Layout::Lines, Layout::Flow);
        let [first, ..] = &NARROWER;
        let whole = [(&WIDE, lines), (&WIDE, flow), (first, lines), (first, flow)];
        let whole = whole.into_iter().map(|(limits, layout)| card(limits, layout, all)).find(|card| fits(card));
        Ok(whole.unwrap_or_else(|| {
            let roomy = NARROWER.iter().find(|limits| fits(&card(limits, flow, all.min(FEW_NAMES))));
            let limits = roomy.unwrap_or(&NARROWEST);
            card(limits, flow, most(all, |shown| fits(&card(limits, flow, shown))))
        }))
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

/// The greatest number up to `all` of which it holds, for what holds of every smaller number, too.
fn most(all: usize, holds: impl Fn(usize) -> bool) -> usize {
    let (mut most, mut too_many) = (0, all + 1);
    while too_many - most > 1 {
        let middle = most.midpoint(too_many);
        if holds(middle) { most = middle } else { too_many = middle }
    }
    most
}

/// The weight of a body, in which quotes and backslashes are escaped already.
fn weight_as_sent(body: &str) -> usize {
    let escaped = body.bytes().filter(|byte| matches!(byte, b'"' | b'\\')).count();
    weight(body) - escaped
}
