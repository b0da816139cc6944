//! The few Adaptive Card elements that a card is made of.
//!
//! There are two kinds of text: our own constants, which may be in a `TextBlock`, where markdown works; and [`Plain`] text,
//! which is in a `TextRun`, where it does not.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::plain::Plain;
use super::when;

/// How a run of text looks.
#[derive(Debug, Clone, Copy)]
pub(super) enum Look {
    /// As the client shows text.
    Usual,
    /// What readers look for.
    Strong,
    /// The card's headline.
    Headline,
    /// Ids, in a fixed width.
    Code,
    /// What few people need.
    Small,
}

/// A part of a text of our own: no text of others can be one.
#[derive(Debug, Clone, Copy)]
pub(super) enum Word {
    /// A constant.
    Text(&'static str),
    /// A number.
    Number(u64),
    /// A time of day in UTC.
    Clock(Timestamp),
    /// A day and a time of day in UTC.
    InFull(Timestamp),
    /// A time of day as the reader's client shows it, with the time zone of the reader.
    ReadersClock(Timestamp),
    /// A day, as the reader's client shows it.
    ReadersDay(Timestamp),
}

/// A text of our own words, numbers and times.
pub(super) fn sentence(words: &[Word], look: Look) -> Value {
    let text: String = words
        .iter()
        .map(|word| match word {
            Word::Text(text) => (*text).to_owned(),
            Word::Number(number) => number.to_string(),
            Word::Clock(time) => time.strftime(when::CLOCK).to_string(),
            Word::InFull(time) => time.strftime(when::IN_FULL).to_string(),
            Word::ReadersClock(time) => format!("{{{{TIME({})}}}}", when::for_client(*time)),
            Word::ReadersDay(time) => format!("{{{{DATE({}, SHORT)}}}}", when::for_client(*time)),
        })
        .collect();
    with_look(json!({"type": "TextBlock", "text": text, "wrap": true, "spacing": "Small"}), look)
}

/// A text of our own.
pub(super) fn words(text: &'static str, look: Look) -> Value {
    with_look(json!({"type": "TextBlock", "text": text, "wrap": true, "spacing": "Small"}), look)
}

/// The heading of a section.
pub(super) fn heading(text: &'static str) -> Value {
    json!({"type": "TextBlock", "text": text, "weight": "Bolder", "separator": true, "spacing": "Medium"})
}

/// A run of text that others wrote.
pub(super) fn run(text: &Plain, look: Look) -> Value {
    with_look(json!({"type": "TextRun", "text": text.as_str()}), look)
}

/// A query or a command line, to be copied.
pub(super) fn code(text: &str, max_weight: usize) -> Value {
    paragraph(vec![run(&Plain::new(text, max_weight), Look::Code)])
}

/// The element with more room above it.
pub(super) fn spaced(mut element: Value) -> Value {
    if let Value::Object(element) = &mut element {
        element.insert("spacing".to_owned(), json!("Medium"));
    }
    element
}

/// A section that a button unfolds.
pub(super) fn folded(id: &'static str, items: Vec<Value>) -> Value {
    json!({"type": "Container", "id": id, "isVisible": false, "items": items})
}

/// A run of our own text, in grey.
pub(super) fn subtle(text: &'static str) -> Value {
    json!({"type": "TextRun", "text": text, "isSubtle": true})
}

/// A run that opens a page.
pub(super) fn link(text: &Plain, url: &str) -> Value {
    json!({
        "type": "TextRun", "text": text.as_str(), "color": "Accent",
        "selectAction": {"type": "Action.OpenUrl", "url": url},
    })
}

/// A paragraph of text that others wrote, at most `max_weight` heavy.
pub(super) fn foreign(text: &str, max_weight: usize, look: Look) -> Value {
    paragraph(vec![run(&Plain::new(text, max_weight), look)])
}

/// A paragraph of runs.
pub(super) fn paragraph(runs: Vec<Value>) -> Value {
    json!({"type": "RichTextBlock", "inlines": runs, "spacing": "Small"})
}

/// A row of the table of facts: a label, and the values, each on its own line.
pub(super) fn fact(label: &'static str, values: &[Plain], look: Look) -> Value {
    let values: Vec<_> = values
        .iter()
        .map(|value| json!({"type": "RichTextBlock", "inlines": [run(value, look)], "spacing": "None"}))
        .collect();
    json!({
        "type": "ColumnSet",
        "spacing": "Small",
        "columns": [
            {"type": "Column", "width": "92px", "items": [
                // Not a TextBlock, whose text would be a pixel lower than the value's.
                {"type": "RichTextBlock", "inlines": [subtle(label)]}
            ]},
            {"type": "Column", "width": "stretch", "items": values},
        ]
    })
}

fn with_look(mut element: Value, look: Look) -> Value {
    let style = match look {
        Look::Usual => json!({}),
        Look::Strong => json!({"weight": "Bolder"}),
        Look::Headline => json!({"weight": "Bolder", "size": "Large"}),
        Look::Code => json!({"fontType": "Monospace"}),
        Look::Small => json!({"size": "Small", "isSubtle": true}),
    };
    if let (Value::Object(element), Value::Object(style)) = (&mut element, style) {
        element.extend(style);
    }
    element
}
