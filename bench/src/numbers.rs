//! Small statistics: medians with their spread, percentiles, and how they are printed.

use std::fmt;
use std::time::Duration;

use serde::Serialize;

/// The median of several runs with the lowest and the highest.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) low: f64,
    pub(crate) high: f64,
}

impl Spread {
    /// None where there is no run.
    pub(crate) fn of(runs: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut runs: Vec<f64> = runs.into_iter().collect();
        runs.sort_by(f64::total_cmp);
        let middle = runs.len() / 2;
        let median = match runs.len() {
            0 => return None,
            n if n % 2 == 1 => runs[middle],
            _ => f64::midpoint(runs[middle - 1], runs[middle]),
        };
        Some(Self { median, low: runs[0], high: runs[runs.len() - 1] })
    }
}

/// Three significant digits, and no more than two behind the point.
pub(crate) fn short(value: f64) -> String {
    match value.abs() {
        v if v >= 99.95 => format!("{value:.0}"),
        v if v >= 9.995 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}

impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}–{})", short(self.median), short(self.low), short(self.high))
    }
}

/// A cell of a table: empty where nothing was measured.
pub(crate) fn cell(value: Option<impl fmt::Display>) -> String {
    value.map_or_else(|| "–".into(), |v| v.to_string())
}

pub(crate) fn ratio(over: Option<Spread>, under: Option<Spread>) -> String {
    match over.zip(under) {
        Some((over, under)) if under.median > 0.0 => format!("{}×", short(over.median / under.median)),
        _ => "–".into(),
    }
}

/// Milliseconds at the percentile; the times need not be sorted.
pub(crate) fn percentile_ms(times: &[Duration], percent: usize) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).map_or(0.0, |t| t.as_secs_f64() * 1000.0)
}

#[cfg(test)]
mod tests;
