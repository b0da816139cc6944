//! Names that would act: as markup, as formulas, on a terminal, or on how text is read.

use super::{Desk, call, investigate, rows, sign_in, stderr};

const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "</style><b>",
    "=HYPERLINK(\"http://example.com\")",
    "@SUM(A1:A9)",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "\u{1b}[2J\u{1b}]0;owned\u{7}",
    "\u{202e}moc.elpmaxe",
    "a\nb\rc",
    "\"; drop\n| where true //",
];

fn hostile() -> Desk {
    let mut lines = Vec::new();
    for (number, name) in HOSTILE.iter().enumerate() {
        let time = format!("2026-03-19T02:00:{number:02}Z");
        let read = call("SecretGet", "o1", "203.0.113.9", "secrets/SECRET", &time);
        // A slash would end the name in the address.
        let quoted = serde_json::to_string(&name.replace('/', "\u{2215}").replace(['?', '#'], "_")).unwrap();
        lines.push(read.replace("SECRET", quoted.trim_matches('"')));
        let mut other: serde_json::Value = serde_json::from_str(&read).unwrap();
        other["properties"]["clientInfo"] = (*name).into();
        other["callerIpAddress"] = (*name).into();
        other["operationName"] = (*name).into();
        other["identity"]["claim"]["appid"] = (*name).into();
        lines.push(other.to_string());
        lines.push(sign_in("o1", name, "203.0.113.9", &time));
        other["identity"]["claim"] = serde_json::json!({"oid": name, "upn": format!("{name}@example.com")});
        lines.push(other.to_string());
    }
    Desk::with(&lines)
}

/// Investigates all of them, and returns what is told on the terminal, too.
fn investigated() -> (Desk, String) {
    let desk = hostile();
    let options: Vec<_> = HOSTILE.iter().chain(&["o1"]).map(|name| format!("--identity={name}")).collect();
    let output = desk.investigate(&options.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(output.status.success(), "{}", stderr(&output));
    (desk, stderr(&output))
}

/// Whether nothing of a text acts on a terminal or on how other text is read.
fn is_calm(text: &str) -> bool {
    text.chars().all(|c| c == '\n' || !(c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)))
}

#[test]
fn nothing_that_others_wrote_acts_on_a_terminal_or_turns_text_around_in_any_file() {
    let (desk, told) = investigated();

    assert!(is_calm(&told), "{told:?}");
    for file in ["report.html", "rotate.csv", "timeline.csv", "queries.kql", "report.json", "SHA256SUMS"] {
        assert!(is_calm(&desk.text(file)), "{file}");
    }
}

#[test]
fn the_page_has_no_element_but_its_own_and_loads_nothing() {
    let (desk, _) = investigated();

    let page = desk.text("report.html");
    let own = [
        "!DOCTYPE",
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "h1",
        "h2",
        "h3",
        "p",
        "b",
        "section",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "bdi",
        "wbr",
        "span",
        "code",
        "figure",
        "svg",
        "g",
        "rect",
        "figcaption",
    ];
    for element in page.split('<').skip(1) {
        let name =
            element.trim_start_matches('/').split(|c: char| !(c.is_ascii_alphanumeric() || c == '!')).next().unwrap();
        assert!(own.contains(&name), "<{element}");
    }
    for tag in page.split('<').skip(1).map(|element| element.split('>').next().unwrap()) {
        // Every second part is the value of an attribute.
        let names: Vec<_> = tag.split('"').step_by(2).flat_map(str::split_whitespace).collect();
        assert!(!names.iter().any(|name| name.starts_with("on") || *name == "src=" || *name == "href="), "<{tag}>");
    }
    assert!(page.contains("default-src 'none'"));
    assert!(page.contains("&lt;script&gt;alert(1)"), "the names are there to be read");
}

#[test]
fn no_cell_begins_a_formula_and_each_row_has_all_of_its_cells() {
    let (desk, _) = investigated();

    for file in ["rotate.csv", "timeline.csv"] {
        let rows = rows(&desk.text(file));
        for row in &rows {
            assert_eq!(row.len(), rows[0].len(), "{file}: {row:?}");
            assert!(row.iter().all(|cell| !cell.starts_with(['=', '+', '-', '@', '\t', '\r'])), "{file}: {row:?}");
        }
    }
    assert!(desk.column("rotate.csv", "name").contains(&"'@SUM(A1:A9)".to_owned()));
}

#[test]
fn a_query_holds_hostile_text_in_literals_and_comments_alone() {
    let (desk, _) = investigated();

    for line in desk.text("queries.kql").lines().filter(|line| !line.is_empty()) {
        let starts =
            ["// ", "AZKVAuditLogs", "AzureDiagnostics", "AzureActivity", "| where ", "| project ", "| order by "];
        assert!(starts.iter().any(|start| line.starts_with(start)), "{line}");
        assert!(!line.starts_with("| where true"), "{line}");
    }
}

#[test]
fn a_hostile_name_of_a_file_does_nothing_on_the_terminal_and_in_the_report() {
    let desk = hostile();
    let logs = desk.folder.path().join("<b>\u{1b}[2J\u{202e}.ndjson");
    std::fs::rename(desk.logs(), &logs).unwrap();
    std::fs::write(&logs, "{\"broken\"\n").unwrap();

    let output = investigate(&logs, &desk.out(), &["--identity", "o1"]);

    assert_eq!(output.status.code(), Some(1));
    assert!(is_calm(&stderr(&output)), "{:?}", stderr(&output));
    assert!(desk.text("report.html").contains("&lt;b&gt;\\u{1b}[2J\\u{202e}.ndjson"));
}
