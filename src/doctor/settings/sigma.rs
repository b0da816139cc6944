//! The Sigma rules that `SIGMA_RULES` names: which are off and why, and what feeds the others.

use super::super::Report;
use super::super::app::App;
use super::super::examined::Examined;
use crate::config::{SigmaPlace, unusable};
use crate::sigma::{RuleText, SigmaRules};

/// Reads the rules in the folder that the setting names, relative to the folder that the handler is started in.
pub(in crate::doctor) fn check_sigma(files: &mut App, app: &Examined<'_>, report: &mut Report) {
    // An unusable value was reported with the other settings.
    let setting = app.settings.value("SIGMA_RULES").filter(|setting| unusable("", setting).is_none());
    let path = match setting.and_then(|setting| SigmaPlace::parse(setting.trim())) {
        None => return,
        Some(SigmaPlace::Folder(path)) => path.to_string_lossy().into_owned(),
        Some(SigmaPlace::Blobs { .. }) => {
            return report.note(
                "SIGMA_RULES names blobs, which were not examined: replay --sigma says of a folder which rules are off, before it \
                 is uploaded",
            );
        }
    };
    let folder = app.text_or("host.json/customHandler/description/workingDirectory", "");
    let Some(folder) = files.locate(&folder, &path) else {
        return report.note("SIGMA_RULES names a folder outside of the package, so it was not examined");
    };
    let names = files.rules(&folder);
    if names.is_empty() {
        return report.fault(
            "the folder that SIGMA_RULES names is missing or has no file whose name ends in .yml, and no Sigma rule would be on: put \
             the rules into the app, or unset SIGMA_RULES",
        );
    }
    let mut texts = Vec::new();
    for name in names {
        match files.text(&name) {
            Ok(Some(text)) => texts.push((name, text)),
            Ok(None) => {}
            Err(why) => report.fault(format!("the Sigma rule {name} {why}")),
        }
    }
    let texts = texts.iter().map(|(file, text)| RuleText { file, bytes: text.as_bytes() });
    tell(&SigmaRules::read(texts), report);
}

fn tell(rules: &SigmaRules, report: &mut Report) {
    for fault in rules.sentences() {
        report.fault(format!("a Sigma rule is off: {fault}"));
    }
    if let Some(open) = rules.open() {
        report.note(open);
    }
    for source in rules.sources() {
        let count = rules.count_reading(source);
        report.note(format!(
            "the {source} feeds {count} Sigma rules by {}; they are on, not fed, as long as sigmaNotFed in the summary line names it",
            source.setting()
        ));
    }
    report.ok(format!("{} Sigma rules are on", rules.rules().len()));
}
