//! The few Adaptive Card elements that a card is made of.
//!
//! Two kinds of text: constants of ours, which may stand in a `TextBlock`, where markdown works; and [`Plain`] text,
//! which stands in a `TextRun`, where it does not.

use serde_json::{Value, json};

use super::plain::Plain;

/// How a run of text looks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Look {
    /// As the client shows text.
    #[default]
    Usual,
    /// What the eye should find.
    Strong,
    /// The card's headline.
    Headline,
    /// Ids, letter by letter.
    Code,
    /// What few will read.
    Small,
}

/// Words of ours.
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

/// A run of ours that stays in the background.
pub(super) fn subtle(text: &'static str) -> Value {
    json!({"type": "TextRun", "text": text, "isSubtle": true})
}

/// A run that opens a page of ours.
pub(super) fn link(text: &Plain, url: &str) -> Value {
    json!({
        "type": "TextRun", "text": text.as_str(), "color": "Accent",
        "selectAction": {"type": "Action.OpenUrl", "url": url},
    })
}

/// A paragraph of runs.
pub(super) fn paragraph(runs: Vec<Value>) -> Value {
    json!({"type": "RichTextBlock", "inlines": runs, "spacing": "Small"})
}

/// A line of the table of facts: what it is, and the values, each on a line of its own.
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
                // Not a TextBlock, whose line would stand a pixel off the value's.
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
