//! Panels of lines as SVG, readable on a light and on a dark page.

use std::fmt::Write as _;

const PANEL: (f64, f64) = (340.0, 300.0);
/// Left, top, right and bottom of the place for lines.
const PLACE: (f64, f64, f64, f64) = (68.0, 78.0, 322.0, 256.0);
/// Where a legend begins, and how far its second column is from there.
const LEGEND: (f64, f64) = (18.0, 160.0);
const STYLE: &str = "\
text{font:12px system-ui,sans-serif;fill:#57606a}.title{font-size:14px;font-weight:600;fill:#24292f}\
.grid{stroke:#8c959f;stroke-opacity:.3}.guide{stroke:#8c959f;stroke-dasharray:2 4;fill:none}\
.line{fill:none;stroke-width:2}.s0{stroke:#0969da}.s1{stroke:#bc4c00}.d0{fill:#0969da}.d1{fill:#bc4c00}\
.dashed{stroke-dasharray:6 4}\
@media(prefers-color-scheme:dark){text{fill:#9ea7b3}.title{fill:#e6edf3}\
.s0{stroke:#58a6ff}.s1{stroke:#f0883e}.d0{fill:#58a6ff}.d1{fill:#f0883e}}";

/// One direction of a panel.
pub(crate) struct Axis {
    pub(crate) label: &'static str,
    pub(crate) is_log: bool,
    /// The unit of a tick, from its value.
    pub(crate) unit: fn(f64) -> String,
}

/// One line.
pub(crate) struct Line {
    pub(crate) name: String,
    /// 0 or 1: whose line it is.
    pub(crate) color: usize,
    pub(crate) is_dashed: bool,
    pub(crate) points: Vec<(f64, f64)>,
}

/// Lines over two axes.
pub(crate) struct Panel {
    pub(crate) title: &'static str,
    pub(crate) x: Axis,
    pub(crate) y: Axis,
    pub(crate) lines: Vec<Line>,
    /// Through the first line's last point: what growth in proportion looks like.
    pub(crate) has_guide: bool,
}

/// The values at the ends of an axis, and where its ticks are.
struct Scale {
    is_log: bool,
    low: f64,
    high: f64,
    ticks: Vec<f64>,
}

/// The panels side by side.
pub(crate) fn svg(panels: &[Panel]) -> String {
    let (width, height) = (PANEL.0 * panels.len() as f64, PANEL.1);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\"><style>{STYLE}</style>\n"
    );
    for (number, panel) in panels.iter().enumerate() {
        let left = PANEL.0 * number as f64;
        add(&mut svg, format_args!("<g transform=\"translate({left} 0)\">\n{}</g>\n", panel.svg()));
    }
    svg + "</svg>\n"
}

impl Panel {
    fn svg(&self) -> String {
        let points = || self.lines.iter().flat_map(|line| line.points.iter().copied());
        let x = Scale::of(&self.x, points().map(|point| point.0));
        let y = Scale::of(&self.y, points().map(|point| point.1));
        let (left, top, right, bottom) = PLACE;
        let across = |value: f64| left + x.share(value) * (right - left);
        let up = |value: f64| bottom - y.share(value) * (bottom - top);
        let mut svg = format!("<text class=\"title\" x=\"{}\" y=\"18\">{}</text>\n", LEGEND.0, self.title);
        for (number, line) in self.lines.iter().enumerate() {
            let (at, below) = (LEGEND.0 + LEGEND.1 * (number % 2) as f64, 38.0 + 17.0 * (number / 2) as f64);
            let class = line.class();
            add(&mut svg, format_args!("<path class=\"{class}\" d=\"M{at} {}h22\"/>", below - 4.0));
            add(&mut svg, format_args!("<text x=\"{}\" y=\"{below}\">{}</text>\n", at + 27.0, line.name));
        }
        for &tick in &x.ticks {
            let (at, label) = (across(tick), (self.x.unit)(tick));
            add(&mut svg, format_args!("<path class=\"grid\" d=\"M{at:.1} {top}V{bottom}\"/>"));
            add(
                &mut svg,
                format_args!("<text x=\"{at:.1}\" y=\"{}\" text-anchor=\"middle\">{label}</text>\n", bottom + 16.0),
            );
        }
        for &tick in &y.ticks {
            let (at, label) = (up(tick), (self.y.unit)(tick));
            add(&mut svg, format_args!("<path class=\"grid\" d=\"M{left} {at:.1}H{right}\"/>"));
            add(
                &mut svg,
                format_args!("<text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{label}</text>\n", left - 5.0, at + 4.0),
            );
        }
        let (middle, under) = ((left + right) / 2.0, bottom + 36.0);
        add(
            &mut svg,
            format_args!("<text x=\"{middle}\" y=\"{under}\" text-anchor=\"middle\">{}</text>\n", self.x.label),
        );
        let (beside, middle) = (11.0, (top + bottom) / 2.0);
        add(
            &mut svg,
            format_args!(
                "<text transform=\"translate({beside} {middle}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
                self.y.label
            ),
        );
        if self.has_guide {
            add(&mut svg, format_args!("<path class=\"guide\" d=\"{}\"/>\n", self.guide(&x, &y, &across, &up)));
        }
        for line in &self.lines {
            let path: Vec<_> = line.points.iter().map(|(x, y)| format!("{:.1} {:.1}", across(*x), up(*y))).collect();
            add(&mut svg, format_args!("<path class=\"{}\" d=\"M{}\"/>", line.class(), path.join("L")));
            for (x, y) in &line.points {
                let (x, y, color) = (across(*x), up(*y), line.color);
                add(&mut svg, format_args!("<circle class=\"d{color}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"2.5\"/>"));
            }
            svg.push('\n');
        }
        svg
    }

    /// In proportion to x, down from the first line's last point as far as the panel goes.
    fn guide(&self, x: &Scale, y: &Scale, across: &dyn Fn(f64) -> f64, up: &dyn Fn(f64) -> f64) -> String {
        let Some(&(last_x, last_y)) = self.lines.first().and_then(|line| line.points.last()) else {
            return String::new();
        };
        let from = x.low.max(last_x * y.low / last_y);
        let (x1, y1, x2, y2) = (across(from), up(last_y * from / last_x), across(last_x), up(last_y));
        format!("M{x1:.1} {y1:.1}L{x2:.1} {y2:.1}")
    }
}

impl Line {
    fn class(&self) -> String {
        format!("line s{}{}", self.color, if self.is_dashed { " dashed" } else { "" })
    }
}

impl Scale {
    fn of(axis: &Axis, values: impl Iterator<Item = f64> + Clone) -> Self {
        let least = values.clone().fold(f64::INFINITY, f64::min);
        let most = values.fold(f64::NEG_INFINITY, f64::max);
        if axis.is_log {
            let (low, high) = (least.log10().floor(), most.log10().ceil());
            let ticks = (low as i32..=high as i32).map(|power| 10f64.powi(power)).collect();
            return Self { is_log: true, low: 10f64.powf(low), high: 10f64.powf(high), ticks };
        }
        // Steps of 1, 2 or 5 times a power of ten, about five of them, from zero.
        let power = 10f64.powf((most / 5.0).log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|times| times * power).into_iter().find(|step| most / step <= 5.0);
        let step = step.unwrap_or(power * 10.0);
        let count = (most / step).ceil();
        let ticks = (0..=count as u32).map(|number| f64::from(number) * step).collect();
        Self { is_log: false, low: 0.0, high: count * step, ticks }
    }

    fn share(&self, value: f64) -> f64 {
        if self.is_log {
            (value / self.low).log10() / (self.high / self.low).log10()
        } else {
            (value - self.low) / (self.high - self.low)
        }
    }
}

fn add(svg: &mut String, text: std::fmt::Arguments<'_>) {
    svg.write_fmt(text).expect("a string takes everything");
}
