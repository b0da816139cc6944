//! Text of others on a terminal, in a log and on a card.

use certificate_accessed::hidden::{escaped_json, sanitized};
use serde_json::{Value, json};

#[test]
fn what_a_terminal_would_act_on_is_written_out_and_nothing_else() {
    let cases = [
        ("kv-web données 日本 \u{1f512}", "kv-web données 日本 \u{1f512}"),
        ("e\u{301}\u{301}\u{301}\u{301}", "e\u{301}\u{301}\u{301}\\u{301}"),
        ("a\u{1b}[31m\u{7}\n", "a\\u{1b}[31m\\u{7}\\u{a}"),
        ("\u{7f}\u{9b}2J\u{202e}\u{2066}\u{feff}", "\\u{7f}\\u{9b}2J\\u{202e}\\u{2066}\\u{feff}"),
    ];
    for (text, shown) in cases {
        assert_eq!(sanitized(text), shown);
    }
}

#[test]
fn json_for_a_terminal_is_the_same_json() {
    let text = "\u{1b}\u{7f}\u{9b}\u{202e}\u{e0041}\"\\日\n";
    let json = json!({text: [text, 1.5]});

    for written in [json.to_string(), format!("{json:#}")] {
        let escaped = escaped_json(&written);

        assert_eq!(serde_json::from_str::<Value>(&escaped).unwrap(), json);
        let lines: Vec<_> = escaped.lines().map(sanitized).collect();
        assert_eq!(lines.join("\n"), escaped, "nothing is hidden");
    }
    assert_eq!(escaped_json("{\"a\": \"日\"}\n"), "{\"a\": \"日\"}\n");
}
