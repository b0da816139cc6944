//! The table: file and path, what the host takes by default, what is right, what is wrong and how to fix it.

mod functions;
mod host_json;
mod settings;

pub(super) use functions::{CARDS, DETECTION, RETRY};
pub(super) use host_json::{BATCHES, LOGS, QUEUES, START};
pub(super) use settings::SETTINGS;

use super::Report;
use super::examined::Examined;

/// Whether a text is right, in view of everything else.
type IsRight = fn(&str, &Examined<'_>) -> bool;

/// One row of the table.
pub(super) struct Check {
    is_fault: bool,
    /// The file and the members in it, with slashes between them; a binding goes by its name.
    place: &'static str,
    /// What the host takes if there is nothing.
    default: &'static str,
    is_right: IsRight,
    /// What is wrong, and how to fix it. `{value}` is the text at the place if it is a number, and `{at}` the binding.
    words: &'static str,
}

/// A row for what will go wrong.
pub(super) const fn fault(place: &'static str, default: &'static str, is_right: IsRight, words: &'static str) -> Check {
    Check { is_fault: true, place, default, is_right, words }
}

/// A row for what works, and is good to know.
pub(super) const fn note(place: &'static str, default: &'static str, is_right: IsRight, words: &'static str) -> Check {
    Check { is_fault: false, place, default, is_right, words }
}

impl Check {
    fn run(&self, app: &Examined<'_>, report: &mut Report) {
        let found = app.text_or(self.place, self.default);
        if !app.has_room(self.place) || (self.is_right)(&found, app) {
            return;
        }
        // Any other text may be a secret in the wrong place.
        let is_number = !found.is_empty() && found.bytes().all(|byte| byte.is_ascii_digit());
        let mut parts = self.place.split('/');
        let (function, binding) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
        let words = self.words.replace("{value}", if is_number { &found } else { "so many" });
        let words = words.replace("{at}", &format!("binding {binding} of {function}"));
        if self.is_fault { report.fault(words) } else { report.note(words) }
    }
}

/// Rows that belong together, and what to say if none of them is a fault.
pub(super) struct Subject(pub(super) &'static str, pub(super) &'static [Check]);

impl Subject {
    /// Runs all rows; `is_sound` is whether all is well and known so far.
    pub(super) fn run(&self, app: &Examined<'_>, is_sound: bool, report: &mut Report) {
        let Self(ok, rows) = self;
        let faults = report.faults;
        rows.iter().for_each(|row| row.run(app, report));
        if report.faults == faults && is_sound {
            report.ok(ok);
        }
    }
}
