//! `%NAME%` in a binding stands for a setting.

use crate::doctor::json_file::is_name;
use crate::doctor::report::Report;
use crate::doctor::settings::AppSettings;

/// A binding's text with the settings that it names put in; `None` where one is not known. `what` is the text in words.
pub(super) fn resolve(text: &str, what: &str, settings: &AppSettings<'_>, report: &mut Report) -> Option<String> {
    let pieces: Vec<_> = text.split('%').collect();
    if pieces.len().is_multiple_of(2) {
        report.fault(
            format!("{what} has a % without its like"),
            "write %NAME% with the name of a setting, or take the % out",
        );
        return None;
    }
    let mut resolved = Some(String::new());
    for (index, piece) in pieces.into_iter().enumerate() {
        let value = if index.is_multiple_of(2) {
            Some(piece.to_owned())
        } else if is_name(piece) {
            settings.require(piece, report)
        } else {
            report.fault(
                format!("{what} has no name of a setting between its % signs"),
                "write the name of a setting there, never its value",
            );
            None
        };
        resolved = resolved.zip(value).map(|(resolved, value)| resolved + value.trim());
    }
    resolved
}
