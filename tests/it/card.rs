//! What a card says, and what it can never do.

/// What stands on the card.
mod content;

/// The cards of a dump.
mod dump;

/// Text that others wrote: it is shown, and does nothing.
mod hostile;

/// What to do: commands, queries, and an entry of expected access.
mod ready;

/// Microsoft's own renderer takes every card.
mod renderer;

use serde_json::{Value, json};

use certificate_accessed::render::{Card, CardNames, CardOptions};

/// A saved alert of the Activity Log's rule with everything in it.
pub(crate) const ALERT: &str = include_str!("../cards/alert.json");
/// The first card of a dump.
const DUMP_FIRST: &str = include_str!("../cards/dump-first.json");
/// The third card of the same dump, with 400 names in 31 vaults.
const DUMP_LATER: &str = include_str!("../cards/dump-later.json");
/// A user reads three certificates.
const THREE_CERTIFICATES: &str = include_str!("../cards/three-certificates.json");

/// The saved alert, to be changed.
fn alert() -> Value {
    serde_json::from_str(ALERT).unwrap()
}

fn parsed(alert: &str) -> Value {
    serde_json::from_str(alert).unwrap()
}

fn card_of(alert: &Value) -> Card {
    Card::of(&alert.to_string(), &CardOptions::default()).unwrap()
}

/// The card of a deployment that keeps names out of its channel.
fn counted_card_of(alert: &Value) -> Card {
    let options = CardOptions { names: CardNames::Counts, deployment: None };
    Card::of(&alert.to_string(), &options).unwrap()
}

/// All texts of a card in their order, a line for each.
fn said(card: &Card) -> String {
    let mut said = String::new();
    for_each_object(card.content(), &mut |element| {
        if let Some(text) = element.get("text") {
            said.push_str(text.as_str().unwrap());
            said.push('\n');
        }
    });
    said
}

/// Whether texts stand on a card in this order.
fn assert_said_in_order(card: &Card, texts: &[&str]) {
    let said = said(card);
    let mut rest = said.as_str();
    for text in texts {
        let (_, behind) = rest.split_once(text).unwrap_or_else(|| panic!("{text}\n  is not in\n{rest}"));
        rest = behind;
    }
}

/// The texts that a button unfolds, a line for each; there is none without a button.
fn folded(card: &Card, id: &str) -> String {
    let mut texts = String::new();
    for_each_object(card.content(), &mut |element| {
        if element.get("id").is_some_and(|found| found == id) {
            assert_eq!(element["isVisible"], json!(false));
            for_each_object(&element["items"], &mut |inner| {
                texts.extend(inner.get("text").map(|text| format!("{}\n", text.as_str().unwrap())));
            });
        }
    });
    let mut has_button = false;
    for_each_object(card.content(), &mut |element| {
        has_button |= element.get("targetElements").is_some_and(|target| *target == json!([id]));
    });
    assert_eq!(has_button, !texts.is_empty(), "{id}");
    texts
}

/// An alert with nothing but what every alert has.
fn least() -> Value {
    json!({"schemaVersion": "1.0", "alertId": "a", "title": "t"})
}

/// Calls `each` with every object in a value.
fn for_each_object(value: &Value, each: &mut dyn FnMut(&serde_json::Map<String, Value>)) {
    match value {
        Value::Array(elements) => elements.iter().for_each(|element| for_each_object(element, each)),
        Value::Object(members) => {
            each(members);
            members.values().for_each(|member| for_each_object(member, each));
        }
        _ => {}
    }
}

/// The texts of all elements of a type.
fn texts(card: &Card, kind: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for_each_object(card.content(), &mut |element| {
        if element.get("type").is_some_and(|found| found == kind) {
            texts.push(element["text"].as_str().unwrap().to_owned());
        }
    });
    texts
}

/// All addresses that a card may open.
fn urls(card: &Card) -> Vec<String> {
    let mut urls = Vec::new();
    for_each_object(card.content(), &mut |element| {
        urls.extend(element.get("url").map(|url| url.as_str().unwrap().to_owned()));
    });
    urls
}
