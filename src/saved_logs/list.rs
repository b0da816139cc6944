//! A list of records that is all of a JSON text: bare, or the only member of an envelope.

/// The members of envelopes that list records: Azure Monitor's, the REST API's, PowerShell's.
const MEMBERS: [&str; 3] = ["records", "value", "results"];

/// How a list begins, without white space, so that a part of it can be made a list again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct List {
    start: Vec<u8>,
}

impl List {
    /// The list that begins with the end of a text; `None` if anything but an envelope's name stands before it.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        let start: Vec<u8> = head.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        let begins = |name: &str| start.eq_ignore_ascii_case(format!("{{\"{name}\":[").as_bytes());
        let is_list = start == b"[" || MEMBERS.into_iter().any(begins);
        is_list.then_some(Self { start })
    }

    /// How many brackets are open in it.
    pub(super) fn depth(&self) -> usize {
        self.end().len()
    }

    /// What stands before its elements.
    pub(super) fn start(&self) -> &[u8] {
        &self.start
    }

    /// What stands after its elements.
    pub(super) fn end(&self) -> &'static [u8] {
        if self.start.starts_with(b"{") { b"]}" } else { b"]" }
    }
}
