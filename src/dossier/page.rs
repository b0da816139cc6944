//! The findings as one page: no script, nothing from elsewhere, readable on a phone and on paper.

mod chart;
mod origin;
mod safe;
mod sections;
mod table;
mod vaults;

use super::evidence::Evidence;
use super::findings::Findings;
use crate::private_key::PrivateKey;
use safe::Safe;

/// What stands before the page's content. The policy lets nothing run or load.
const HEAD: &str = "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
    <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
    <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
    <meta name=\"referrer\" content=\"no-referrer\">\n<title>Investigation</title>\n<style>\n";

impl Findings {
    /// The page.
    #[must_use]
    pub fn report_html(&self, evidence: &Evidence) -> String {
        let mut page = Safe::markup(HEAD);
        page.push(&Safe::markup(include_str!("page/page.css")));
        page.push(&Safe::markup("</style>\n</head>\n<body>\n<h1>Investigation</h1>\n"));
        page.push(&origin::asked(self, evidence));
        page.push(&self.lead());
        for (title, section) in [
            ("Who", sections::who(self)),
            ("Reads an hour", sections::pace(self)),
            ("What to rotate", sections::rotate(self)),
            ("Timeline", sections::timeline(self)),
            ("Vaults and operations", vaults::matrix(self)),
            ("Gaps in the logs", vaults::gaps(self)),
            ("Where this comes from", origin::origin(evidence)),
        ] {
            page.write(format_args!("<section>\n<h2>{}</h2>\n{section}</section>\n", Safe::words(title)));
        }
        page.push(&Safe::markup("</body>\n</html>\n"));
        page.into_text()
    }

    /// The sentence that matters.
    fn lead(&self) -> Safe {
        let mut vaults: Vec<_> = self.rotate.iter().map(|row| &row.vault).collect();
        vaults.sort_unstable();
        vaults.dedup();
        let count = |key| self.rotate.iter().filter(|row| row.private_key == key).count();
        let (likely, wrapped) = (count(PrivateKey::Likely), count(PrivateKey::Wrapped));
        let mut lead = Safe::markup("<p class=\"lead\">");
        lead.push(&counted(self.identities.len(), "identity", "identities"));
        lead.push(&Safe::words(" read "));
        lead.push(&counted(self.rotate.len(), "name", "names").within("<b>", "</b>"));
        lead.push(&Safe::words(" in "));
        lead.push(&counted(vaults.len(), "vault", "vaults"));
        lead.push(&Safe::words(". The private key may have left for "));
        lead.push(&Safe::number(likely as u64).within("<b class=\"bad\">", "</b>"));
        lead.push(&Safe::words(" (likely), and in backups for "));
        lead.push(&Safe::number(wrapped as u64));
        lead.push(&Safe::words("."));
        lead.push(&Safe::markup("</p>\n"));
        lead
    }
}

/// A number of things.
fn counted(count: usize, one: &str, many: &str) -> Safe {
    Safe::joined([Safe::number(count as u64), Safe::words(if count == 1 { one } else { many })], " ")
}
