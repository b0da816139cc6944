//! The events of a binary batch, decoded from where they are.
//!
//! The host's list holds base64 alone, which has neither quotes nor backslashes. So it is cut at its quotes without being parsed, and
//! what was decoded is given back: of a large body of this form nothing is held twice, nor beside all that was found in it.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::Simd;
use base64::engine::general_purpose::PAD;

use super::{Body, Invocation, InvocationFault};

/// Base64 with the vector instructions that the machine has.
static BASE64: LazyLock<Simd> = LazyLock::new(|| Simd::standard(PAD));

/// A list of events in base64: `\"…\",\"…\"`.
#[derive(Debug)]
pub struct BinaryEvents {
    /// The list without its first quote.
    list: Body,
}

impl BinaryEvents {
    /// Takes a list without its first quote.
    pub(super) fn new(list: Body) -> Self {
        Self { list }
    }

    /// Calls `each` with the bytes of every event, in order.
    ///
    /// # Errors
    /// When the list turns out to be none of base64, and what is left of it is no list at all.
    pub fn for_each(mut self, each: &mut dyn FnMut(&[u8])) -> Result<(), InvocationFault> {
        let (mut cutter, mut cut) = (Cutter::default(), Vec::new());
        while let Some(segment) = self.list.next() {
            let mut rest = &*segment;
            while let Some((part, after)) = memchr::memchr(b'"', rest).and_then(|at| rest.split_at_checked(at)) {
                let is_sound = if cut.is_empty() {
                    cutter.take(part, each)
                } else {
                    cut.extend_from_slice(part);
                    cutter.take(&cut, each)
                };
                if !is_sound {
                    cut.extend_from_slice(if cut.is_empty() { rest } else { after });
                    return self.rest(&cutter, &cut, each);
                }
                cut.clear();
                rest = after.strip_prefix(b"\"").unwrap_or_default();
            }
            cut.extend_from_slice(rest);
        }
        if cutter.is_end(&cut) { Ok(()) } else { self.rest(&cutter, &cut, each) }
    }

    /// Gives out what is left of a list that is not the host's binary one: it is parsed. `cut` is what was taken off it last.
    fn rest(self, cutter: &Cutter, cut: &[u8], each: &mut dyn FnMut(&[u8])) -> Result<(), InvocationFault> {
        // In place of the events so far there is an empty one, which is passed over.
        let empty: &[u8] = if cutter.is_between { br#"\"\""# } else { br#"\"\",\""# };
        let mut body = [br#"{"Data":{"events":"["#, empty, cut].concat();
        let end = br#"]"}}"#;
        body.reserve_exact(self.list.len() + end.len());
        self.list.for_each(|segment| body.extend_from_slice(&segment));
        body.extend_from_slice(end);
        let text = Invocation::text(&body);
        let mut is_first = true;
        Invocation::parse(&text)?.for_each_event(&mut |event| {
            if !(std::mem::take(&mut is_first) && event.is_empty()) {
                each(event);
            }
        });
        Ok(())
    }
}

/// Takes a list as its quotes cut it: `…\` is an event, and `,\` stands between two.
#[derive(Debug, Default)]
struct Cutter {
    is_between: bool,
    /// The event that was decoded last, kept for its room.
    event: Vec<u8>,
}

impl Cutter {
    /// Takes the next part; returns whether it is what a list of base64 has there.
    fn take(&mut self, part: &[u8], each: &mut dyn FnMut(&[u8])) -> bool {
        let is_sound = if self.is_between { part == br",\" } else { self.decode(part).map(each).is_some() };
        self.is_between ^= is_sound;
        is_sound
    }

    /// Whether a list may end with this part.
    fn is_end(&self, part: &[u8]) -> bool {
        self.is_between && part.is_empty()
    }

    fn decode(&mut self, part: &[u8]) -> Option<&[u8]> {
        let text = part.strip_suffix(br"\")?;
        let max_len = base64::decoded_len_estimate(text.len());
        if self.event.len() < max_len {
            self.event.resize(max_len, 0);
        }
        let len = BASE64.decode_slice(text, &mut self.event).ok()?;
        self.event.get(..len)
    }
}
