//! Whether bytes that could not be read might still hold a match.

/// Whether one of the operation names may stand in `text`, in any spelling that some reader would accept.
///
/// `operations` are upper-case. The text is folded first: escapes of any depth (`\u0043`, `\\u0043`, `\u005cu0043`, `\/`)
/// are resolved, white space and control characters dropped, letters upper-cased as Unicode does it (ı, ſ and ﬁ become
/// letters of the names). A name that the end of the text cuts off counts, too. Text with U+FFFD in it was not
/// readable as UTF-8 and may hold anything.
#[must_use]
pub fn could_hide(text: &str, operations: &[&str]) -> bool {
    if text.contains('\u{fffd}') || text.contains('\0') {
        return true;
    }
    let folded = fold(text);
    operations.iter().any(|operation| folded.contains(operation) || ends_with_start_of(&folded, operation))
}

/// How much of a cut-off name must be there to be taken for one; of a short name, half of it.
const MIN_CUT_OFF_LEN: usize = 10;

/// From how many of its bytes on the beginning of a name counts where the rest is cut off.
pub(super) fn cut_off_len(operation: &str) -> usize {
    MIN_CUT_OFF_LEN.min(operation.len() / 2)
}

fn ends_with_start_of(folded: &str, operation: &str) -> bool {
    (cut_off_len(operation)..operation.len())
        .any(|len| operation.get(..len).is_some_and(|start| folded.ends_with(start)))
}

fn fold(text: &str) -> String {
    let mut folded = Folded { text: String::with_capacity(text.len()) };
    for character in text.chars().filter(|character| !character.is_whitespace() && !character.is_control()) {
        folded.push(character);
    }
    folded.text.retain(|character| character != '\\');
    folded.text
}

/// Text in which an escape is resolved as soon as it is complete, so that one that was made of others is, too.
struct Folded {
    text: String,
}

impl Folded {
    fn push(&mut self, character: char) {
        let mut next = Some(character);
        while let Some(character) = next.take() {
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
        let character = char::from_u32(code).filter(|character| !character.is_whitespace())?;
        Some((escape.len(), character))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPERATIONS: &[&str] = &["MICROSOFT.KEYVAULT/VAULTS/CERTIFICATES/READ"];

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
            assert!(could_hide(text, OPERATIONS), "{text}");
        }
    }

    #[test]
    fn a_short_name_that_is_cut_off_is_seen() {
        assert!(could_hide(r#"{"operationName":"Secret"#, &["SECRETGET"]));
        assert!(could_hide("{'operationName':'secretGet'", &["SECRETGET"]));
        assert!(!could_hide(r#"{"operationName":"SecretList","#, &["SECRETGET"]));
    }

    #[test]
    fn text_without_the_operation_name_hides_nothing() {
        for text in ["hello", "{'a':'b'}", "microsoft.keyvault/vaults/secrets/read", "certificates/read", ""] {
            assert!(!could_hide(text, OPERATIONS), "{text}");
        }
    }
}
