//! The few Adaptive Card elements that a card is made of.
//!
//! There are two kinds of text: our own constants, which may be in a `TextBlock`, where markdown works; and [`Plain`] text,
//! which is in a `TextRun`, where it does not.

use serde_json::{Value, json};

use super::plain::Plain;

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
