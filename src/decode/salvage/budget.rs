//! How much a broken text may be scanned: a hostile one would make every guess cost its whole length.

use serde_json::value::RawValue;

use crate::json::Value;

/// How many times its own length a text may be scanned.
const MAX_SCANS: usize = 16;

/// What is left to scan, in bytes.
#[derive(Debug)]
pub(super) struct Budget(usize);

impl Budget {
    /// The budget of a text.
    pub(super) fn for_text(text: &str) -> Self {
        Self(text.len().saturating_mul(MAX_SCANS).saturating_add(4096))
    }

    /// Takes scanned bytes off.
    pub(super) fn spend(&mut self, bytes: usize) {
        self.0 = self.0.saturating_sub(bytes.max(1));
    }

    /// Whether nothing is left.
    pub(super) fn is_spent(&self) -> bool {
        self.0 == 0
    }
}

/// The object that `text` begins with, where it parses; what was scanned is taken off the budget.
pub(super) fn object_at<'a>(text: &'a str, budget: &mut Budget) -> Option<Value<'a>> {
    if !text.starts_with('{') || budget.is_spent() {
        return None;
    }
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&'a RawValue>();
    match values.next()? {
        Ok(raw) => {
            budget.spend(raw.get().len());
            Some(Value::from_raw(raw))
        }
        Err(error) => {
            budget.spend(scanned(text, &error));
            None
        }
    }
}

/// How many bytes serde read before it gave up, from the line and column that it reports.
fn scanned(text: &str, error: &serde_json::Error) -> usize {
    let before: usize = text.split_inclusive('\n').take(error.line().saturating_sub(1)).map(str::len).sum();
    (before + error.column()).min(text.len())
}
