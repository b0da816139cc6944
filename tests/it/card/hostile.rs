//! Text that others wrote: it is shown, and does nothing.

use certificate_accessed::render::{Card, CardOptions, MAX_CARD_BYTES};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{alert, card_of, counted_card_of, for_each_object, least, texts, urls};

/// Where in an alert text from outside may stand.
const FIELDS: &[&str] = &[
    "/title",
    "/severity",
    "/createdAt",
    "/rule/id",
    "/rule/description",
    "/rule/runbook",
    "/rule/reference",
    "/rule/mitre/0/tactic/id",
    "/rule/mitre/0/tactic/name",
    "/rule/mitre/0/technique/id",
    "/rule/mitre/0/technique/name",
    "/window/firstRecordTime",
    "/window/lastRecordTime",
    "/alertContext/keyvault_name",
    "/alertContext/certificate_name",
    "/alertContext/tenant_id",
    "/alertContext/object_name",
    "/alertContext/caller_app_name",
    "/alertContext/caller_managed_identity",
    "/alertContext/read_objects/0",
    "/alertContext/vaults/0",
    "/entities/ip/0/address",
    "/entities/account/0/upn",
    "/entities/account/0/objectId",
    "/entities/cloudApplication/0/appId",
    "/entities/azureResource/0/resourceId",
    "/alertContext/caller_upn",
    "/alertContext/caller_object_id",
    "/alertContext/caller_app_id",
    "/alertContext/caller_ip",
    "/alertContext/client_info",
    "/alertContext/first_read_time",
    "/alertContext/last_read_time",
    "/incident/id",
    "/records/0/record/resourceId",
];

pub(super) fn corpus() -> Vec<String> {
    serde_json::from_str(include_str!("../../cards/hostile.json")).unwrap()
}

/// The saved alert with what the other rules' contexts have.
fn alert_with_every_field() -> Value {
    let mut alert = alert();
    for name in [
        "object_name",
        "caller_app_name",
        "caller_managed_identity",
        "caller_upn",
        "caller_object_id",
        "caller_app_id",
        "client_info",
        "first_read_time",
        "last_read_time",
    ] {
        alert["alertContext"][name] = json!("x");
    }
    alert["alertContext"]["object_kind"] = json!("secret");
    alert["alertContext"]["read_objects"] = json!(["kv/x"]);
    alert["alertContext"]["vaults"] = json!(["x"]);
    alert["alertContext"]["private_key"] = json!({"likely": 1, "wrapped": 1, "unknown": 1, "no": 1});
    alert["alertContext"]["stopped"] = json!(false);
    alert["alertContext"]["log_delay_seconds"] = json!(95);
    alert["alertContext"]["refused_count"] = json!(2);
    alert["incident"] = json!({"id": "x", "step": 3});
    alert["records"] = json!([{"source": {}, "record": {"resourceId": "x"}}]);
    alert
}

/// The saved alert with one text everywhere, the parts of a resource id included.
pub(super) fn alert_full_of(text: &str) -> Value {
    let mut alert = alert_with_every_field();
    for field in FIELDS {
        *alert.pointer_mut(field).unwrap() = json!(text);
    }
    let id = format!("/subscriptions/{text}/resourceGroups/{text}/vaults/{text}/certificates/{text}");
    alert["entities"]["azureResource"][1] = json!({"resourceId": id});
    alert
}

/// How each text that knows markdown may begin; behind it there are our own numbers and times alone.
const WORDS: &[&str] = &[
    "CRITICAL",
    "HIGH",
    "MEDIUM",
    "LOW",
    "INFO",
    "SEVERITY NOT NAMED",
    "Since ",
    "It was still reading at ",
    "It stopped: the last read was at ",
    "The last read that this card knows of was at ",
    "Step # of this incident; ",
    "Part of an incident that has cards of its own; its id is below.",
    "Do first: ",
    "# whose private key may have left",
    "# of which it is unknown whether they are certificates",
    "# of which only the public part was read",
    "# of whose private key nothing is said",
    "# read",
    "and # more. All names, from saved logs in the folder LOGS:",
    "All names, later ones too, from saved logs in the folder LOGS:",
    "The message in the queue certificate-alerts has what there is.",
    "Contain",
    "Disable the user, and revoke the sessions",
    "Disable the service principal:",
    "A managed identity cannot be disabled: ",
    "If it is a user:",
    "If it is a service principal:",
    "If it is expected, ",
    "The log names no usable id: ",
    "A token that it already has may work for an hour and more.",
    "A vault with access policies instead of roles: ",
    "Runbook",
    "All that it did, ",
    "Every name, from saved logs in the folder LOGS:",
    "Compare with the # days before: ",
    "Names",
    "About the rule",
    "The rule's own runbook",
    "A card that comes twice with the same alert id is one alert.",
];

/// Whether a text is of our own words, numbers and times: of nothing that does something, but macros with a time of our form.
fn is_our_own(text: &str) -> bool {
    let digits: String = text.chars().map(|c| if c.is_ascii_digit() { '#' } else { c }).collect();
    let without =
        digits.replace("{{DATE(####-##-##T##:##:##Z, SHORT)}}", "").replace("{{TIME(####-##-##T##:##:##Z)}}", "");
    let mut numbers = without.clone();
    while numbers.contains("##") {
        numbers = numbers.replace("##", "#");
    }
    let is_known = WORDS.iter().any(|words| numbers.starts_with(words));
    is_known && without.is_ascii() && !without.contains(['{', '}', '[', ']', '*', '_', '`', '<', '\\', '"'])
}

/// Everything that holds of a card, whatever is in the alert.
fn assert_harmless(card: &Card) {
    const TYPES: &[&str] = &[
        "AdaptiveCard",
        "Container",
        "ColumnSet",
        "Column",
        "TextBlock",
        "RichTextBlock",
        "TextRun",
        "ActionSet",
        "Action.OpenUrl",
        "Action.ToggleVisibility",
    ];
    for words in texts(card, "TextBlock") {
        assert!(is_our_own(&words), "markdown or a macro would be read in {words:?}");
    }
    for text in texts(card, "TextRun") {
        let lower = text.to_ascii_lowercase();
        for trap in ["{{", "://", "www.", "mailto:", "javascript:", "msteams:", "<at", "</at"] {
            assert!(!lower.contains(trap), "{trap} in {text:?}");
        }
        for hidden in ['\u{ad}', '\u{61c}', '\u{200b}', '\u{202e}', '\u{2066}', '\u{2800}', '\u{3164}', '\u{feff}'] {
            assert!(!text.contains(hidden), "{text:?}");
        }
        let is_shown = |c: char| !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{e0000}'..='\u{e0fff}');
        assert!(text.chars().all(is_shown), "{text:?}");
    }
    for url in urls(card) {
        let hosts = ["portal.azure.com", "entra.microsoft.com", "attack.mitre.org", "microsoft.github.io"];
        let host = url.strip_prefix("https://").and_then(|rest| rest.split('/').next());
        assert!(hosts.contains(&host.unwrap_or_default()), "{url}");
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%/#@:".contains(&byte);
        assert!(url.bytes().all(is_plain) && !url.contains("/../") && url.matches('#').count() <= 1, "{url}");
    }
    for_each_object(card.content(), &mut |element| {
        let kind = element.get("type").map(|kind| kind.as_str().unwrap());
        assert!(kind.is_none_or(|kind| TYPES.contains(&kind)), "{kind:?}");
        assert!(!element.contains_key("entities"), "mentions need entities");
    });
    assert_eq!(card.content()["msteams"], json!({"width": "Full"}));
    assert!(card.request_body().len() <= MAX_CARD_BYTES, "{}", card.request_body().len());
}

#[test]
fn no_text_of_the_corpus_does_anything_in_any_field() {
    for text in corpus() {
        assert_harmless(&card_of(&alert_full_of(&text)));
        assert_harmless(&counted_card_of(&alert_full_of(&text)));
        for field in FIELDS {
            let mut alert = alert_with_every_field();
            *alert.pointer_mut(field).unwrap() = json!(text);
            assert_harmless(&card_of(&alert));
        }
    }
}

#[test]
fn what_somebody_tried_can_still_be_read() {
    let cases = [
        ("[click here](https://evil.example)", "[click here](https[:]//evil.example)"),
        ("**bold** _x_ `code`", "**bold** _x_ `code`"),
        ("kv\u{202e}gpj", "kv\\u{202e}gpj"),
        ("<at>Ada</at>", "<a[t]>Ada</a[t]>"),
        ("{{DATE(2026-03-02T08:00:00Z,SHORT)}}", "{ {DATE(2026-03-02T08:00:00Z,SHORT)}}"),
        ("{{{{x}}}}", "{ { { {x}}}}"),
        ("{{{x", "{ { {x"),
        ("see https://example.com/x", "see https[:]//example.com/x"),
        ("WWW.example.com", "WWW[.]example.com"),
        ("JavaScript:alert(1)", "JavaScript[:]alert(1)"),
        ("a\u{202e}b\u{200b}c\u{0}", "a\\u{202e}b\\u{200b}c\\u{0}"),
        ("two\r\nlines\u{a0}\u{2003}and", "two lines and"),
        ("  padded  ", "padded"),
        ("e\u{301}\u{301}\u{301}\u{301}", "e\u{301}\u{301}\u{301}\\u{301}"),
        ("tag\u{e0041}", "tag\\u{e0041}"),
        ("[kv-web] by [192.0.2.7]", "[kv-web] by [192.0.2.7]"),
        ("données-日本", "données-日本"),
    ];
    for (text, shown) in cases {
        let mut alert = least();
        alert["title"] = json!(text);

        assert_eq!(texts(&card_of(&alert), "TextRun")[0], shown);
    }
}

#[test]
fn a_card_of_the_longest_texts_is_cut_with_a_mark_and_fits() {
    for text in ["a", "\"\\", "日本", "\u{1f513}", "line\n", "\u{202e}", "x y "] {
        let card = card_of(&alert_full_of(&text.repeat(12_000 / text.len())));

        assert_harmless(&card);
        let body = card.request_body();
        assert!(body.contains("… (cut)"));
        let escaped: usize = body.chars().map(|c| if c.is_ascii() { 1 } else { 6 * c.len_utf16() }).sum();
        assert!(escaped <= MAX_CARD_BYTES, "{escaped} once every other character is escaped");
    }
}

#[test]
fn a_cut_text_says_so_and_keeps_to_its_weight() {
    for text in ["a", "日", "\"\\", "\u{1f512}"] {
        let mut alert = least();
        alert["title"] = json!(text.repeat(1000));

        let title = texts(&card_of(&alert), "TextRun").remove(0);

        let weight = |c: char| {
            if matches!(c, '"' | '\\') {
                2
            } else if c.is_ascii() {
                1
            } else {
                6 * c.len_utf16()
            }
        };
        assert!(title.ends_with("… (cut)") && title.chars().map(weight).sum::<usize>() <= 800, "{title}");
    }
}

#[test]
fn a_usual_card_is_not_cut() {
    let body = card_of(&alert()).request_body();

    assert!(!body.contains("(cut)"), "{body}");
    assert!(body.len() < MAX_CARD_BYTES * 3 / 4, "{}", body.len());
}

proptest! {
    #[test]
    fn no_text_at_all_does_anything(text in "\\PC{0,60}|[{}<>\\[\\]()/:.a-z\\u{200b}]{0,60}|(.|\\n){0,60}", times in 1usize..200) {
        assert_harmless(&card_of(&alert_full_of(&text.repeat(times))));
    }

    #[test]
    fn any_bytes_have_a_card_or_a_reason(text in "(?s).{0,200}") {
        let _card_or_fault = Card::of(&text, &CardOptions::default());
    }
}
