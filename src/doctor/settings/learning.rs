//! What `UnfamiliarReader` judges by, and from when on.

use jiff::{SignedDuration, Timestamp};

use super::super::Report;
use super::super::app::App;
use super::super::examined::Examined;
use crate::config::Settings;
use crate::usual::Usual;

/// Says until when the rule only learns, and checks the file that `BASELINE` names, relative to the folder that the handler is
/// started in.
pub(in crate::doctor) fn check_learning(files: &mut App, app: &Examined<'_>, report: &mut Report) {
    let Some(read) = app.read.as_ref().filter(|read| read.learns() && app.settings.are_rules_known()) else { return };
    let days = read.parameters.learn_days;
    let Some(path) = &read.baseline else {
        return report.note(format!(
            "UnfamiliarReader only learns for {days} days after its first read: serve says until when at its start, and \
             learningUntil in the summary line"
        ));
    };
    let folder = app.text_or("host.json/customHandler/description/workingDirectory", "");
    let Some(name) = files.locate(&folder, &path.to_string_lossy()) else {
        return report.note("BASELINE names a file outside of the package, so it was not examined");
    };
    match files.text(&name).map(|text| text.map(|text| Usual::from_baseline(text.as_bytes()))) {
        Ok(Some(Ok(usual))) => report.ok(learnt(&usual, read)),
        Ok(Some(Err(fault))) => report.fault(format!("the file of BASELINE is not usable: {fault}")),
        Ok(None) => report.fault(
            "the file that BASELINE names is missing: put it into the app (scripts/package --baseline FILE), or unset BASELINE",
        ),
        Err(why) => report.fault(format!("the file of BASELINE {why}")),
    }
}

/// From when on a baseline is enough to judge by.
fn learnt(usual: &Usual, read: &Settings) -> String {
    let days = SignedDuration::from_hours(24 * i64::from(read.parameters.learn_days));
    let until = usual.since().and_then(|since: Timestamp| since.checked_add(days).ok());
    let until = until.map_or_else(|| "nothing yet".to_owned(), |until| format!("enough to judge from {until} on"));
    format!("the baseline is usable: {} identities, {until}", usual.len())
}
