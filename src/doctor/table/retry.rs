//! The retry policy of the detection: without it a failed batch is lost, because the host moves its checkpoint anyway.

use crate::doctor::check::{Subject, row};
use crate::doctor::examined::Examined;
use crate::doctor::form::seconds;

fn has(app: &Examined<'_>, strategy: &str) -> bool {
    app.text("CertificateAccessed/retry/strategy").is_some_and(|found| found.eq_ignore_ascii_case(strategy))
}

const EXPONENTIAL: &str = "exponentialBackoff";
const FIXED: &str = "fixedDelay";
const FIX: &str = "set it as hh:mm:ss, as in the repository's function.json";

#[rustfmt::skip]
pub(in crate::doctor) const RETRY: Subject = Subject {
    ok: "a batch that fails is tried again until it is processed",
    rows: &[
    row("CertificateAccessed/retry", "", |at, _| at == "{}",
        "CertificateAccessed has no retry policy, so a batch that fails once is lost",
        r#"copy "retry" from the repository's function.json"#),
    row("CertificateAccessed/retry/maxRetryCount", "", |at, _| at == "-1",
        "CertificateAccessed gives a batch up after some retries, and its events are lost",
        r#"set "maxRetryCount": -1 in its retry policy"#),
    row("CertificateAccessed/retry/strategy", "", |_, app| has(app, EXPONENTIAL) || has(app, FIXED),
        "the retry policy of CertificateAccessed has no strategy that the host knows, so the host switches off that function alone, \
         and says Running", r#"set "strategy": "exponentialBackoff""#),
    row("CertificateAccessed/retry/minimumInterval", "", |at, app| !has(app, EXPONENTIAL) || seconds(at).is_some(),
        "the retry policy of CertificateAccessed has no minimumInterval that is a time, so the host switches off that function alone, \
         and says Running", FIX),
    row("CertificateAccessed/retry/maximumInterval", "", |at, app| !has(app, EXPONENTIAL) || seconds(at).is_some(),
        "the retry policy of CertificateAccessed has no maximumInterval that is a time, so the host switches off that function alone, \
         and says Running", FIX),
    row("CertificateAccessed/retry/minimumInterval", "", |at, app| {
            let most = app.text("CertificateAccessed/retry/maximumInterval").and_then(|most| seconds(&most));
            !has(app, EXPONENTIAL) || seconds(at).zip(most).is_none_or(|(least, most)| least <= most)
        },
        "the retry policy of CertificateAccessed has a minimumInterval above its maximumInterval, so the host switches off that \
         function alone, and says Running", r#"set "minimumInterval": "00:00:05" and "maximumInterval": "00:05:00""#),
    row("CertificateAccessed/retry/delayInterval", "", |at, app| !has(app, FIXED) || seconds(at).is_some(),
        "the retry policy of CertificateAccessed has no delayInterval that is a time, so the host switches off that function alone, \
         and says Running", FIX),
    row("CertificateAccessed/retry/strategy", "", |_, app| !has(app, FIXED),
        "CertificateAccessed retries at a fixed interval; exponentialBackoff waits longer each time", ""),
    ],
};
