//! The name of an operation, found around one of its bytes in any spelling without escapes.

use super::super::hide::cut_off_len;
use super::escape::is_junk;

/// The bytes of a name by which it is found, the rarest in logs first. Left out are those that a character outside of
/// ASCII may stand for: ſ for S, ı for I, and the ligatures ﬁ, ﬂ, ﬀ and ﬆ for F, I, L, S and T. (Of ẖ, ŉ and their like there
/// comes a letter, too, but with a mark that parts the name.)
const ANCHORS: &[u8] = b"./QZJXKVWYBGPMUDHCRNOAE";

/// One operation's name, and where in it is looked first.
#[derive(Debug)]
pub(super) struct Spelling {
    name: &'static [u8],
    /// The place of the anchor in the name.
    anchor: usize,
    /// From how many bytes on a cut-off beginning counts.
    cut_off_len: usize,
}

impl Spelling {
    /// Chooses an anchor within the part of the name that counts when the rest is cut off.
    pub(super) fn of(name: &'static str) -> Option<Self> {
        let is_upper_case = name.bytes().all(|byte| byte.is_ascii_graphic() && !byte.is_ascii_lowercase());
        let cut_off_len = cut_off_len(name);
        let name = name.as_bytes();
        let start = name.get(1..cut_off_len)?;
        let anchor = ANCHORS.iter().find_map(|rare| start.iter().position(|byte| byte == rare))?;
        is_upper_case.then_some(Self { name, anchor: anchor + 1, cut_off_len })
    }

    /// The anchor and the byte behind it.
    pub(super) fn anchor(&self) -> [u8; 2] {
        let pair = self.name.get(self.anchor..).and_then(<[u8]>::first_chunk);
        pair.copied().unwrap_or_default()
    }

    /// Whether the name, or its beginning before a place where a broken text may be cut, may stand around the byte at `at`.
    pub(super) fn may_stand(&self, text: &[u8], at: usize) -> bool {
        text.get(at).is_some_and(|byte| byte.eq_ignore_ascii_case(&self.anchor()[0]))
            && self.may_begin(text.get(..at).unwrap_or_default())
            && self.may_go_on(text.get(at + 1..).unwrap_or_default())
    }

    /// Whether the name's bytes before the anchor stand at the end of `before`.
    fn may_begin(&self, before: &[u8]) -> bool {
        let wanted = self.name.get(..self.anchor).unwrap_or_default();
        let found = before.get(before.len().saturating_sub(self.anchor)..).unwrap_or_default();
        if found.eq_ignore_ascii_case(wanted) {
            return true;
        }
        let mut wanted = wanted.iter().rev().peekable();
        let mut rest = before;
        while let (Some(letter), Some((byte, earlier))) = (wanted.peek(), rest.split_last()) {
            match byte {
                byte if byte.eq_ignore_ascii_case(letter) => drop(wanted.next()),
                b'\\' | 0x80.. => return true,
                byte if is_junk(*byte) => {}
                // The end of an escape such as `\n` looks like a letter.
                _ => return earlier.ends_with(b"\\"),
            }
            rest = earlier;
        }
        wanted.peek().is_none()
    }

    /// Whether the name's bytes behind the anchor stand at the start of `behind`, or are cut off there.
    fn may_go_on(&self, behind: &[u8]) -> bool {
        let wanted = self.name.get(self.anchor + 1..).unwrap_or_default();
        // Quicker than to compare without case, and alike but for bytes that are no part of a name.
        let is_letter = |(byte, letter): &(&u8, &u8)| **byte | 0x20 == **letter | 0x20 && !is_junk(**byte);
        let plain = behind.iter().zip(wanted).take_while(is_letter).count();
        let mut found = self.anchor + 1 + plain;
        let mut rest = behind.get(plain..).unwrap_or_default();
        while let (Some(letter), Some((byte, later))) = (self.name.get(found), rest.split_first()) {
            let may_be_cut_off = found >= self.cut_off_len;
            match byte {
                byte if byte.eq_ignore_ascii_case(letter) => found += 1,
                0x80.. => return true,
                b'\n' | b',' | b'{' if may_be_cut_off => return true,
                b'\\' => {
                    let behind_run = later.iter().position(|byte| *byte != b'\\').and_then(|len| later.get(len..));
                    match behind_run {
                        // The end of a string, which cuts nothing off.
                        Some([b'"', ..]) => return false,
                        Some(slash @ [b'/', ..]) if *letter == b'/' => {
                            rest = slash;
                            continue;
                        }
                        _ => return true,
                    }
                }
                byte if is_junk(*byte) => {}
                _ => return false,
            }
            rest = later;
        }
        found >= self.cut_off_len
    }
}
