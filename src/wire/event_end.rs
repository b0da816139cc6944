//! Where an event ends that stands twice in a string.

use crate::json::backslashes_at_end;

/// Where the first quote stands that is not a quote of the event's: those are escaped twice, so behind three backslashes, or
/// seven, or eleven.
pub(super) fn first_other_quote(escaped: &[u8]) -> Option<usize> {
    let is_other = |at: &usize| backslashes_at_end(escaped.get(..*at).unwrap_or_default()) % 4 != 3;
    let mut start = 0;
    while start < escaped.len() {
        let unclear = start + len_without_other_quotes(escaped.get(start.saturating_sub(BEFORE)..)?, start.min(BEFORE));
        let end = escaped.len().min(unclear + LANE);
        let quotes = memchr::memchr_iter(b'"', escaped.get(unclear..end)?).map(|at| unclear + at);
        if let Some(at) = quotes.into_iter().find(is_other) {
            return Some(at);
        }
        start = end;
    }
    None
}

/// How many bytes are looked at together.
const LANE: usize = 64;
/// How many bytes before a quote tell whether it has just three backslashes before it.
const BEFORE: usize = 4;

/// From `skipped` on, how many bytes there are, in whole lanes, without a quote that has not just three backslashes before it.
///
/// Written so that the compiler makes vector code of it, with AVX2 where the machine has it.
#[multiversion::multiversion(targets("x86_64+avx2"))]
fn len_without_other_quotes(text: &[u8], skipped: usize) -> usize {
    let mut len = 0;
    while skipped == BEFORE
        && let Some(window) = text.get(len..).and_then(<[u8]>::first_chunk::<{ LANE + BEFORE }>)
    {
        let back = |count: usize| window.get(BEFORE - count..BEFORE - count + LANE).unwrap_or_default();
        let before = back(1).iter().zip(back(2)).zip(back(3)).zip(back(4));
        let other = back(0).iter().zip(before).fold(0, |other, (byte, (((first, second), third), fourth))| {
            let is_three = (*first == b'\\') & (*second == b'\\') & (*third == b'\\') & (*fourth != b'\\');
            other | u8::from((*byte == b'"') & !is_three)
        });
        if other != 0 {
            break;
        }
        len += LANE;
    }
    len
}

#[cfg(test)]
mod tests {
    use super::first_other_quote;

    #[test]
    fn an_event_ends_before_a_quote_that_is_not_its_own() {
        let own = r#"{\\\"a\\\":\\\"\\\\\\\"\\\"}"#;
        for filler in ["", "x", &"x".repeat(63), &"x".repeat(64), &"x".repeat(200)] {
            for end in [r#"\",\"{"#, r#"\"]""#, "\"", r#"\\\\\""#] {
                let list = format!("{own}{filler}{end}");
                let quote = own.len() + filler.len() + end.find('"').unwrap();
                assert_eq!(first_other_quote(list.as_bytes()), Some(quote), "{list}");
            }
            assert_eq!(first_other_quote(format!("{filler}{own}").as_bytes()), None);
        }
    }
}
