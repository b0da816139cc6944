//! Repeated measurements as a median and the range in which most of them lie.

use std::fmt;

/// Quantiles of repeated measurements of one thing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Spread {
    /// A tenth of the measurements is below.
    pub p10: f64,
    /// The middle.
    pub median: f64,
    /// A tenth of the measurements is above.
    pub p90: f64,
}

impl Spread {
    /// The spread of measurements in any order.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut values: Vec<f64> = values.into_iter().collect();
        values.sort_by(f64::total_cmp);
        Self { p10: quantile(&values, 0.1), median: quantile(&values, 0.5), p90: quantile(&values, 0.9) }
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:.2} ({:.2}-{:.2})", self.median, self.p10, self.p90)
    }
}

/// The value below which this share of sorted values lies; 0 where there are none.
pub fn quantile(sorted: &[f64], share: f64) -> f64 {
    let last = sorted.len().saturating_sub(1) as f64;
    sorted.get((last * share).round() as usize).copied().unwrap_or_default()
}
