//! Reads an hour as a picture.

use super::safe::Safe;
use crate::dossier::pace::Pace;

/// The height of the picture, in its own units.
const HEIGHT: u64 = 100;

/// Bars of reads, with refused calls on top of them; nothing where there are none.
pub(super) fn chart(pace: &Pace) -> Safe {
    let (Some(first), Some(last)) = (pace.bars.first(), pace.bars.last()) else { return Safe::default() };
    let most = pace.bars.iter().map(|bar| bar.reads + bar.refused).max().unwrap_or_default().max(1);
    // A lone bar shall not fill the page.
    let width = (last.number + 1).max(24);
    let mut out = Safe::default();
    let unit = match pace.hours {
        1 => "an hour".to_owned(),
        24 => "a day".to_owned(),
        hours => format!("in {} days", hours / 24),
    };
    let unit = Safe::words(&unit);
    out.write(format_args!(
        "<figure>\n<svg viewBox=\"0 0 {width} {HEIGHT}\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"Reads {unit}\">\n"
    ));
    for bar in &pace.bars {
        let tall = |count: u64| count * HEIGHT / most + u64::from(count > 0 && count * HEIGHT / most == 0);
        let (reads, refused) = (tall(bar.reads), tall(bar.refused));
        let x = bar.number;
        let title = Safe::time(bar.from);
        out.write(format_args!(
            "<g><title>{title}: {} reads, {} refused</title><rect class=\"read\" x=\"{x}\" y=\"{}\" width=\"0.9\" \
             height=\"{reads}\"/><rect class=\"refused\" x=\"{x}\" y=\"{}\" width=\"0.9\" height=\"{refused}\"/></g>\n",
            bar.reads,
            bar.refused,
            HEIGHT.saturating_sub(reads),
            HEIGHT.saturating_sub(reads + refused),
        ));
    }
    let busiest = pace.bars.iter().max_by_key(|bar| bar.reads + bar.refused).unwrap_or(last);
    out.write(format_args!(
        "</svg>\n<figcaption><span>{}</span><span>at most {} {unit}, from {}</span><span>{}</span></figcaption>\n</figure>\n",
        Safe::time(first.from),
        Safe::number(most),
        Safe::time(busiest.from),
        Safe::time(last.from),
    ));
    out
}
