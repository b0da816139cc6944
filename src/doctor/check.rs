//! One check: a place in a document, what is right there, and the words for everything else.

use super::examined::Examined;
use super::report::Report;

/// One row of the table.
pub(super) struct Check {
    /// The file and the members in it, with slashes between them; a binding goes by its name.
    place: &'static str,
    /// What the host takes if there is nothing.
    default: &'static str,
    is_right: fn(&str, &Examined<'_>) -> bool,
    /// What is wrong. `{value}` is the text at the place if it is a number, and `{at}` the binding.
    wrong: &'static str,
    /// How to fix it; empty if it works, and should be known.
    fix: &'static str,
}

/// A row, in the order in which the table has its columns.
pub(super) const fn row(
    place: &'static str,
    default: &'static str,
    is_right: fn(&str, &Examined<'_>) -> bool,
    wrong: &'static str,
    fix: &'static str,
) -> Check {
    Check { place, default, is_right, wrong, fix }
}

impl Check {
    fn run(&self, app: &Examined<'_>, report: &mut Report) {
        let found = app.text(self.place).unwrap_or_else(|| self.default.to_owned());
        if !app.has_room(self.place) || (self.is_right)(&found, app) {
            return;
        }
        // Any other text may be a secret in the wrong place.
        let is_number = !found.is_empty() && found.bytes().all(|byte| byte.is_ascii_digit());
        let mut parts = self.place.split('/');
        let (function, binding) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
        let wrong = self.wrong.replace("{value}", if is_number { &found } else { "so many" });
        let wrong = wrong.replace("{at}", &format!("binding {binding} of {function}"));
        if self.fix.is_empty() { report.note(wrong) } else { report.fault(wrong, self.fix) }
    }
}

/// Rows that belong together, and what to say if none of them is a fault.
pub(super) struct Subject {
    pub(super) ok: &'static str,
    pub(super) rows: &'static [Check],
}

impl Subject {
    /// Runs all rows; `is_sound` is whether all is well and known so far.
    pub(super) fn run(&self, app: &Examined<'_>, is_sound: bool, report: &mut Report) {
        let faults = report.faults();
        self.rows.iter().for_each(|row| row.run(app, report));
        if report.faults() == faults && is_sound {
            report.ok(self.ok);
        }
    }
}
