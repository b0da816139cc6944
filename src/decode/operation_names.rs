//! Names of operations, looked for in text that could not be read as records.

/// The operations without which no active rule can match.
#[derive(Debug, Clone)]
pub struct OperationNames {
    folded: Vec<String>,
    /// Whether any text may be one that is meant.
    is_anything: bool,
}

/// What JSON's escapes of one letter mean, and the letters.
const ESCAPED: &[(char, char)] = &[('\u{8}', 'b'), ('\u{c}', 'f'), ('\n', 'n'), ('\r', 'r'), ('\t', 't')];

/// How many characters of a name must be there for it to count where the text ends; of a short name, half of them.
const MIN_CUT_OFF_LEN: usize = 10;

impl OperationNames {
    /// Takes the names in any case; a name may hold white space, as those of Entra's logs do.
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut folded: Vec<_> = names.into_iter().map(fold).collect();
        folded.sort_unstable();
        folded.dedup();
        Self { folded, is_anything: false }
    }

    /// What a rule is about that names nothing: it may be in every text, and no text is it.
    #[must_use]
    pub fn anything() -> Self {
        Self { folded: Vec::new(), is_anything: true }
    }

    /// Whether a text is one of the names in any spelling, but for quotes, blanks and the like around it.
    #[must_use]
    pub fn is_one(&self, text: &str) -> bool {
        let mut words = words(text);
        let is_name = |word: &str| self.folded.iter().any(|name| folds_to(word, name));
        words.next().is_some_and(is_name) && words.next().is_none() || is_name(text)
    }

    /// Whether one of the names may be in `text`, in any spelling that some reader would accept.
    ///
    /// Names and text are folded alike: escapes of any depth (`\u0043`, `\\u0043`, `\u005cu0043`, `\/`) are resolved, white
    /// space and control characters dropped, letters upper-cased as Unicode does it (ı, ſ and ﬁ become letters of the
    /// names). A name that is cut off by the end of the text counts, too. Text with U+FFFD or NUL in it could not be decoded
    /// and may hold anything.
    #[must_use]
    pub fn may_occur_in(&self, text: &str) -> bool {
        if self.is_anything || text.contains(['\u{fffd}', '\0']) {
            return true;
        }
        let is_in = |text: &str| {
            let text = fold(text);
            self.folded.iter().any(|name| text.contains(name) || ends_with_start_of(&text, name))
        };
        // A backslash that strayed into a name made a control character of the letter after it.
        let has_escaped = text.contains(|c| ESCAPED.iter().any(|(escaped, _)| *escaped == c));
        let letter = |c| ESCAPED.iter().find(|(escaped, _)| *escaped == c).map_or(c, |(_, letter)| *letter);
        is_in(text) || (has_escaped && is_in(&text.chars().map(letter).collect::<String>()))
    }
}

/// The words of a text, of the characters that names of operations have.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '/' | '_' | '-'))).filter(|word| !word.is_empty())
}

fn ends_with_start_of(text: &str, name: &str) -> bool {
    let min_len = MIN_CUT_OFF_LEN.min(name.len() / 2);
    (min_len..name.len()).any(|len| name.get(..len).is_some_and(|start| text.ends_with(start)))
}

fn folds_to(text: &str, name: &str) -> bool {
    if text.contains('\\') { fold(text) == name } else { fold_plain(text).eq(name.chars()) }
}

/// Folds a text without a backslash, as nearly every one is: it has no escapes.
fn fold_plain(text: &str) -> impl Iterator<Item = char> {
    let is_shown = |c: &char| !c.is_whitespace() && !c.is_control();
    text.chars().filter(is_shown).flat_map(char::to_uppercase)
}

fn fold(text: &str) -> String {
    if !text.contains('\\') {
        return fold_plain(text).collect();
    }
    let mut folded = String::with_capacity(text.len());
    for character in text.chars() {
        let mut next = Some(character);
        while let Some(character) = next.take().filter(|next| !next.is_whitespace() && !next.is_control()) {
            folded.extend(character.to_uppercase());
            // An escape is resolved as soon as it is complete, so that one made of other escapes is resolved, too.
            if let Some((len, escaped)) = escape_at_end(&folded) {
                folded.truncate(folded.len() - len);
                next = Some(escaped);
            }
        }
    }
    folded.retain(|character| character != '\\');
    folded
}

/// The escape that the text ends with, `\uXXXX` or Python's `\xXX`, as its length and its character.
fn escape_at_end(text: &str) -> Option<(usize, char)> {
    [("\\U", 4), ("\\X", 2)].into_iter().find_map(|(mark, digits)| {
        let escape = text.get(text.len().checked_sub(mark.len() + digits)?..)?;
        let code = u32::from_str_radix(escape.strip_prefix(mark)?, 16).ok()?;
        Some((escape.len(), char::from_u32(code)?))
    })
}
