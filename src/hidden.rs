//! Characters that a terminal, a log or a card would act on, or hide, instead of showing them: the one list for all that is
//! printed.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

/// How many combining marks a letter may have before the rest is escaped; no language needs more.
const MAX_COMBINING: usize = 3;

/// The longest id that is taken; those of the host and of alerts are shorter.
const MAX_ID_CHARS: usize = 64;

/// Whether a text is an id that does no harm in a log as it is: letters, digits and hyphens, and not many.
#[must_use]
pub fn is_plain_id(text: &str) -> bool {
    (1..=MAX_ID_CHARS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Whether a character shows nothing, or changes how others show: controls, Unicode's default-ignorable ones, the direction
/// marks, annotations, private use, noncharacters, and blanks that are no white space.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{e000}'..='\u{f8ff}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{10ffff}')
        || u32::from(character) & 0xfffe == 0xfffe
}

/// Marks that are drawn on the letter before them.
fn is_combining(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}'
        | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Text with every hidden character, and every combining mark too many, written as `\u{…}`, so that a line stays one line
/// and shows all that is in it.
#[must_use]
pub fn sanitized(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut combining = 0;
    for character in text.chars() {
        combining = if is_combining(character) { combining + 1 } else { 0 };
        if is_hidden(character) || combining > MAX_COMBINING {
            out.extend(character.escape_unicode());
        } else {
            out.push(character);
        }
    }
    out
}

/// The same JSON with every hidden character in its strings written as `\uXXXX`, for a terminal.
#[must_use]
pub fn escaped_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for character in json.chars() {
        // ASCII white space is only between values: in a string it is escaped already.
        if is_hidden(character) && !character.is_ascii_whitespace() {
            character.encode_utf16(&mut [0; 2]).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
        } else {
            out.push(character);
        }
    }
    out
}
