//! A table, whose rows become blocks where a page is narrow.

use super::safe::Safe;

/// A table with these heads. Beyond `most` rows it says how many more there are, and where.
pub(super) fn table(heads: &[&str], rows: impl IntoIterator<Item = Vec<Safe>>, most: usize, all_in: &str) -> Safe {
    let mut rows = rows.into_iter();
    let mut out = Safe::markup("<table>\n<thead><tr>");
    let labels: Vec<_> = heads.iter().map(|head| Safe::words(head)).collect();
    for head in heads {
        out.write(format_args!("<th>{}</th>", Safe::foreign(head)));
    }
    out.push(&Safe::markup("</tr></thead>\n<tbody>\n"));
    for row in rows.by_ref().take(most) {
        out.push(&Safe::markup("<tr>"));
        for (cell, label) in row.iter().zip(&labels) {
            out.write(format_args!("<td data-label=\"{label}\">{cell}</td>"));
        }
        out.push(&Safe::markup("</tr>\n"));
    }
    out.push(&Safe::markup("</tbody>\n</table>\n"));
    let more = rows.count() as u64;
    if more > 0 {
        let all_in = Safe::words(all_in);
        out.write(format_args!("<p class=\"more\">{} more: {all_in} has all.</p>\n", Safe::number(more)));
    }
    out
}
