//! The word "cannot": a match that a reader could still find in a mangled event is alerted, or its event is rejected.
//!
//! What such a reader finds is defined by [`findable`], which knows nothing of the product's decoder: the pair
//! `"operationName":"…/certificates/read","resultType":"Success"`, whole, after any number of unescapings, in quotes of
//! either kind. Where the pair stands inside of an object that is valid JSON, that object is judged by Panther's reading, or
//! is an object without an operation name wrapped around such a one; where no valid object holds the pair, nobody knows
//! what it was.

use std::io::{Read as _, Write as _};
use std::sync::LazyLock;

use certificate_accessed::pipeline::{Evaluation, Pipeline};
use certificate_accessed::source::Place;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::Config;
use serde_json::Value;

use crate::given::{REFUSED, WRITE, pipeline};

static PIPELINE: LazyLock<Pipeline> = LazyLock::new(pipeline);

const OPERATION: &str = "MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ";

/// A read with the pair that decides in the middle of other fields.
const MATCHING: &str = r#"{"time":"2026-03-02T08:14:58Z","resourceId":"/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv-web/certificates/tls","operationName":"Microsoft.KeyVault/vaults/certificates/read","resultType":"Success","properties":{"message":"it's \"fine\"","list":[{"a":1},{"b":[]}]},"callerIpAddress":"192.0.2.7"}"#;

/// One thing that goes wrong on an event's way.
#[derive(Debug, Clone)]
enum Mangle {
    Flip(Index, u8),
    Delete(Index, usize),
    Insert(Index, Vec<u8>),
    Truncate(Index),
    Repeat(Index, Index),
    SingleQuotes(Index, usize),
    Escape(Index, usize, bool),
    Join(&'static str, &'static str),
    InString,
    Utf16(bool, bool),
    Gzip,
}

impl Mangle {
    fn apply(&self, event: Vec<u8>) -> Vec<u8> {
        let mut event = event;
        let len = event.len();
        match self {
            _ if len == 0 => {}
            Self::Flip(at, bit) => event[at.index(len)] ^= 1 << bit,
            Self::Delete(at, count) => drop(event.drain(at.index(len)..(at.index(len) + count).min(len))),
            Self::Insert(at, bytes) => drop(event.splice(at.index(len)..at.index(len), bytes.iter().copied())),
            Self::Truncate(at) => event.truncate(at.index(len)),
            Self::Repeat(from, at) => {
                let part = event[from.index(len)..].to_vec();
                event.splice(at.index(len)..at.index(len), part);
            }
            Self::SingleQuotes(at, count) => {
                let quotes = event.iter_mut().skip(at.index(len)).filter(|byte| **byte == b'"');
                quotes.take(*count).for_each(|byte| *byte = b'\'');
            }
            Self::Escape(at, level, spelled_out) => {
                let at = at.index(len);
                if event[at].is_ascii_alphanumeric() || event[at] == b'/' {
                    let backslash = if *spelled_out { "\\u005c".repeat(*level) } else { "\\".repeat(1 << level) };
                    event.splice(at..=at, format!("{backslash}u{:04x}", event[at]).into_bytes());
                }
            }
            Self::Join(before, behind) => event = [before.as_bytes(), &event, behind.as_bytes()].concat(),
            Self::InString => event = Value::from(String::from_utf8_lossy(&event)).to_string().into_bytes(),
            Self::Utf16(little, mark) => {
                let text = String::from_utf8_lossy(&event);
                let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
                event = units.flat_map(|unit| if *little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect();
            }
            Self::Gzip => {
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                encoder.write_all(&event).expect("packed");
                event = encoder.finish().expect("packed");
            }
        }
        event
    }
}

fn mangle() -> impl Strategy<Value = Mangle> {
    let at = any::<Index>;
    let syntax = prop::sample::select(vec![
        "\"",
        "'",
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\\",
        "\n",
        "\0",
        "{\"records\":[",
        "}]}",
        "},{",
    ]);
    let bytes = prop_oneof![syntax.prop_map(|text| text.as_bytes().to_vec()), prop::collection::vec(any::<u8>(), 1..4)];
    let text = || {
        prop::sample::select(vec![
            "",
            "\n",
            ",",
            "{",
            "[",
            "x: ",
            WRITE,
            REFUSED,
            MATCHING,
            "{\"records\":[",
            "]}",
            "{\"time\":\"t\",\"a\":\"",
        ])
    };
    prop_oneof![
        4 => (at(), 0u8..8).prop_map(|(at, bit)| Mangle::Flip(at, bit)),
        4 => (at(), 1usize..4).prop_map(|(at, count)| Mangle::Delete(at, count)),
        1 => (at(), 4usize..400).prop_map(|(at, count)| Mangle::Delete(at, count)),
        4 => (at(), bytes).prop_map(|(at, bytes)| Mangle::Insert(at, bytes)),
        2 => at().prop_map(Mangle::Truncate),
        1 => (at(), at()).prop_map(|(from, at)| Mangle::Repeat(from, at)),
        2 => (at(), 1usize..9).prop_map(|(at, count)| Mangle::SingleQuotes(at, count)),
        4 => (at(), 0usize..4, any::<bool>()).prop_map(|(at, level, spelled)| Mangle::Escape(at, level, spelled)),
        2 => (text(), text()).prop_map(|(before, behind)| Mangle::Join(before, behind)),
        1 => Just(Mangle::InString),
    ]
}

pub(crate) fn event() -> impl Strategy<Value = Vec<u8>> {
    let record = prop::sample::select(vec![MATCHING, MATCHING, WRITE, REFUSED]);
    let form =
        prop::sample::select(vec![("{\"records\":[", ",", "]}"), ("[", ",", "]"), ("", "\n", "\n"), ("", "", "")]);
    let whole = (form, prop::collection::vec(record, 1..4)).prop_map(|((before, between, behind), records)| {
        format!("{before}{}{behind}", records.join(between)).into_bytes()
    });
    let wrapped = prop_oneof![
        8 => Just(None),
        1 => (any::<bool>(), any::<bool>()).prop_map(|(little, mark)| Some(Mangle::Utf16(little, mark))),
        1 => Just(Some(Mangle::Gzip)),
    ];
    (whole, prop::collection::vec(mangle(), 0..6), wrapped).prop_map(|(event, mangles, wrapped)| {
        mangles.iter().chain(&wrapped).fold(event, |event, mangle| mangle.apply(event))
    })
}

/// Whether a patient reader finds a match in the bytes.
fn findable(bytes: &[u8]) -> bool {
    let mut unpacked = Vec::new();
    if bytes.starts_with(&[0x1F, 0x8B]) && flate2::read::GzDecoder::new(bytes).read_to_end(&mut unpacked).is_ok() {
        return findable(&unpacked);
    }
    let units =
        |of: fn([u8; 2]) -> u16| -> Vec<u16> { bytes.chunks_exact(2).map(|pair| of([pair[0], pair[1]])).collect() };
    let texts = [
        String::from_utf8_lossy(bytes).into_owned(),
        String::from_utf16_lossy(&units(u16::from_le_bytes)),
        String::from_utf16_lossy(&units(u16::from_be_bytes)),
    ];
    texts.iter().any(|text| findable_text(text.trim_start_matches('\u{feff}')))
}

/// The same for text: valid objects are judged as such, and the pair is looked for in what is left, at each level of
/// escapes.
fn findable_text(text: &str) -> bool {
    let mut level = text.to_owned();
    for _ in 0..4 {
        let (objects, rest) = valid_objects(&level);
        if objects.iter().any(holds_match) || has_pair(&rest) {
            return true;
        }
        level = unescaped(&rest);
    }
    false
}

/// The outermost objects that are valid JSON, and the text between them.
fn valid_objects(text: &str) -> (Vec<Value>, String) {
    let (mut objects, mut between, mut rest) = (Vec::new(), String::new(), text);
    while let Some((before, _)) = rest.split_once('{') {
        let object = &rest[before.len()..];
        let mut values = serde_json::Deserializer::from_str(object).into_iter::<Value>();
        let value = values.next().and_then(Result::ok);
        let end = before.len() + if value.is_some() { values.byte_offset() } else { 1 };
        between.push_str(if value.is_some() { before } else { &rest[..end] });
        objects.extend(value);
        rest = &rest[end..];
    }
    (objects, between + rest)
}

/// Whether the pair stands in the text.
fn has_pair(text: &str) -> bool {
    let squeezed: Vec<(usize, char)> = text
        .char_indices()
        .filter(|(_, character)| !character.is_ascii_whitespace())
        .map(|(at, character)| (at, if character == '\'' { '"' } else { character.to_ascii_lowercase() }))
        .collect();
    let flat: String =
        squeezed.iter().map(|(_, character)| if character.is_ascii() { *character } else { '?' }).collect();
    let pair = r#""operationname":"microsoft.keyvault/vaults/certificates/read","resulttype":"success"#;
    flat.match_indices(pair).any(|(found, _)| {
        let end = squeezed[found + pair.len() - 1].0 + 1;
        // Of the results, only these spellings are Panther's.
        text[..end].ends_with("Success") && text[end..].trim_start_matches("ed").starts_with(['"', '\''])
    })
}

/// Panther's reading of valid JSON: envelopes, arrays, strings of either, and whatever is wrapped around them.
fn holds_match(value: &Value) -> bool {
    match value {
        Value::Array(values) => values.iter().any(holds_match),
        Value::String(text) => findable_text(text),
        Value::Object(object) => {
            let get = |name: &str| {
                let folded = || object.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value);
                object.get(name).or_else(folded)
            };
            let Some(operation) = get("operationName") else { return object.values().any(holds_match) };
            let is_read = operation.as_str().is_some_and(|name| name.to_uppercase() == OPERATION);
            let result = get("resultType").and_then(Value::as_str);
            let succeeded = result.is_some_and(|result| ["Success", "Succeeded"].contains(&result));
            (is_read && succeeded) || get("records").is_some_and(holds_match)
        }
        _ => false,
    }
}

/// One level of JSON's escapes resolved, wherever they stand.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('\\') {
        out.push_str(before);
        let code = escape.get(..5).and_then(|code| u32::from_str_radix(code.strip_prefix('u')?, 16).ok());
        match code.and_then(char::from_u32) {
            Some(character) => {
                out.push(character);
                rest = &escape[5..];
            }
            None => {
                let mut characters = escape.chars();
                out.extend(characters.next());
                rest = characters.as_str();
            }
        }
    }
    out + rest
}

/// Asserts the word for one event.
pub(crate) fn assert_nothing_is_lost(event: &[u8]) -> Result<(), TestCaseError> {
    let mut evaluation = Evaluation::default();
    PIPELINE.evaluate(event, &Place::default, &mut evaluation);

    let is_kept = !evaluation.matches.is_empty() || !evaluation.rejected.is_empty();
    prop_assert!(is_kept || !findable(event), "lost: {}", String::from_utf8_lossy(event));
    Ok(())
}

proptest! {
    #![proptest_config(Config { cases: 3000, ..Config::default() })]

    #[test]
    fn a_match_that_can_be_found_is_alerted_or_rejected(event in event()) {
        assert_nothing_is_lost(&event)?;
    }
}

#[test]
fn the_patient_reader_finds_what_it_should() {
    let lone = MATCHING.replace("{\"time\"", "{'time'");
    let nested = format!(r#"{{"operationName":"x","properties":{MATCHING}}}"#);
    let wrapped = format!(r#"{{"value":[{MATCHING}]}}"#);
    let escaped = Value::from(Value::from(lone.as_str()).to_string()).to_string();
    let utf16: Vec<u8> = MATCHING.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let finds: [&[u8]; 6] = [
        MATCHING.as_bytes(),
        lone.as_bytes(),
        escaped.as_bytes(),
        &escaped.as_bytes()[1..],
        &utf16,
        wrapped.as_bytes(),
    ];
    let leaves: [&[u8]; 4] = [nested.as_bytes(), WRITE.as_bytes(), REFUSED.as_bytes(), &MATCHING.as_bytes()[..200]];

    for event in finds {
        assert!(findable(event), "{}", String::from_utf8_lossy(event));
    }
    for event in leaves {
        assert!(!findable(event), "{}", String::from_utf8_lossy(event));
    }
}

#[test]
fn a_record_that_another_one_has_swallowed_is_found() {
    let inside = r"'operationName':'Microsoft.KeyVault/vaults/certificates/read','resultType':'Success'";
    let events = [
        // One double quote became a single one, up to the next record.
        format!(r#"{{"time":"t","resourceId":"/subscriptions/s',{inside},'a':'","category":"Administrative"}}"#),
        format!(r#"{{"category":"Administrative","properties":{{"message":"{{{inside}}}"}}}}"#),
    ];
    for event in events {
        assert!(findable(event.as_bytes()), "{event}");
        assert_nothing_is_lost(event.as_bytes()).unwrap();
    }
}
