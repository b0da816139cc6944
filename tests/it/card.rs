//! What a card says, and what it can never do.

/// What stands on the card.
mod content;

/// Text that others wrote: it is shown, and does nothing.
mod hostile;

/// Microsoft's own renderer takes every card.
mod renderer;

use serde_json::{Value, json};

use certificate_accessed::render::Card;

/// A saved alert with everything in it.
pub(crate) const ALERT: &str = include_str!("../cards/alert.json");

/// The saved alert, to be changed.
fn alert() -> Value {
    serde_json::from_str(ALERT).unwrap()
}

fn card_of(alert: &Value) -> Card {
    Card::of(&alert.to_string()).unwrap()
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
