//! Names of operations, looked for in text that could not be read as records.

/// The operations without which no active rule can match.
#[derive(Debug, Clone)]
pub struct OperationNames {
    folded: Vec<String>,
}

/// How many characters of a name must be there for it to count where the text ends; of a short name, half of them.
const MIN_CUT_OFF_LEN: usize = 10;

impl OperationNames {
    /// Takes the names in any case; a name may hold white space, as those of Entra's logs do.
    pub fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Self {
        let mut folded: Vec<_> = names.into_iter().map(fold).collect();
        folded.sort_unstable();
        folded.dedup();
        Self { folded }
    }

    /// Whether one of the names may be in `text`, in any spelling that some reader would accept.
    ///
    /// Names and text are folded alike: escapes of any depth (`\u0043`, `\\u0043`, `\u005cu0043`, `\/`) are resolved, white
    /// space and control characters dropped, letters upper-cased as Unicode does it (ı, ſ and ﬁ become letters of the
    /// names). A name that is cut off by the end of the text counts, too. Text with U+FFFD or NUL in it could not be decoded
    /// and may hold anything.
    #[must_use]
    pub fn may_occur_in(&self, text: &str) -> bool {
        if text.contains(['\u{fffd}', '\0']) {
            return true;
        }
        let text = fold(text);
        self.folded.iter().any(|name| text.contains(name) || ends_with_start_of(&text, name))
    }
}

fn ends_with_start_of(text: &str, name: &str) -> bool {
    let min_len = MIN_CUT_OFF_LEN.min(name.len() / 2);
    (min_len..name.len()).any(|len| name.get(..len).is_some_and(|start| text.ends_with(start)))
}

fn fold(text: &str) -> String {
    let mut folded = Folded { text: String::with_capacity(text.len()) };
    text.chars().for_each(|character| folded.push(character));
    folded.text.retain(|character| character != '\\');
    folded.text
}

/// Text in which an escape is resolved as soon as it is complete, so that one made of other escapes is resolved, too.
struct Folded {
    text: String,
}

impl Folded {
    fn push(&mut self, character: char) {
        let mut next = Some(character);
        while let Some(character) =
            next.take().filter(|character| !character.is_whitespace() && !character.is_control())
        {
            self.text.extend(character.to_uppercase());
            if let Some((len, escaped)) = escape_at_end(&self.text) {
                self.text.truncate(self.text.len() - len);
                next = Some(escaped);
            }
        }
    }
}

/// The escape that the text ends with, `\uXXXX` or Python's `\xXX`, as its length and its character.
fn escape_at_end(text: &str) -> Option<(usize, char)> {
    [("\\U", 4), ("\\X", 2)].into_iter().find_map(|(mark, digits)| {
        let escape = text.get(text.len().checked_sub(mark.len() + digits)?..)?;
        let code = u32::from_str_radix(escape.strip_prefix(mark)?, 16).ok()?;
        Some((escape.len(), char::from_u32(code)?))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_occur(name: &str, text: &str) -> bool {
        OperationNames::new([name]).may_occur_in(text)
    }

    const READ: &str = "MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ";

    #[test]
    fn every_spelling_of_the_operation_name_is_seen() {
        for text in [
            "{'operationName':'Microsoft.KeyVault/vaults/certificates/read'",
            r"microsoft.keyvault\/vaults\/certificates\/read",
            r"microsoft.keyvault/vaults/\u0063ertificates/read",
            r"microsoft.keyvault/vaults/\\\\u0063ertificates/read",
            r"microsoft.keyvault/vaults/\u005cu0063ertificates/read",
            r"microsoft.keyvault/vaults/\u005c\u0075\u0030\u0030\u0036\u0033ertificates/read",
            r"microsoft.keyvault/vaults/\\\u005c\\u005cu0063ertificates/read",
            r"microsoft.keyvault/vaults/\x63ertificates/read",
            r"m\u0131croso\u0066t.keyvault\u002fvaults\u002Fcerti\ufb01cates/read",
            "mıcroſoft.keyvault/vaultſ/certiﬁcateſ/read",
            "microsoft.keyvault/vaults/certi\nficates/read",
            "{\"operationName\":\"MICROSOFT.KEYVAULT/VAULTS/CERTIF",
            "m\0i\0c\0",
            "\u{fffd}\u{8}",
        ] {
            assert!(may_occur(READ, text), "{text}");
        }
    }

    #[test]
    fn a_name_with_white_space_in_it_is_seen() {
        let name = "ADD SERVICE PRINCIPAL CREDENTIALS";
        for text in [
            "{'operationName':'Add service principal credentials'",
            "{\"a\":\"Add service princ",
            "add\tservice\nprincipal credentials",
            r"add\u0020service\x20principal\\u000acredentials",
        ] {
            assert!(may_occur(name, text), "{text}");
        }
        assert!(!may_occur(name, "{'operationName':'Add service principal owner'"));
    }

    #[test]
    fn a_short_name_that_is_cut_off_is_seen() {
        assert!(may_occur("SECRETGET", r#"{"operationName":"Secret"#));
        assert!(may_occur("SECRETGET", "{'operationName':'secretGet'"));
        assert!(!may_occur("SECRETGET", r#"{"operationName":"SecretList","#));
    }

    #[test]
    fn text_without_the_operation_name_has_none() {
        for text in ["hello", "{'a':'b'}", "microsoft.keyvault/vaults/secrets/read", "certificates/read", ""] {
            assert!(!may_occur(READ, text), "{text}");
        }
    }
}
