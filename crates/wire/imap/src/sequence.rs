//! Sets of message numbers and UIDs as clients write them, with `*` kept until the folder is known.

#[cfg(test)]
mod tests;

use std::fmt;
use std::num::NonZeroU32;
use std::ops::RangeInclusive;

/// RFC 9051 §9: `seq-number = nz-number / "*"`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SequenceNumber {
    /// A message number or UID.
    Number(NonZeroU32),
    /// `*`, the highest one in use.
    Last,
}

impl SequenceNumber {
    fn resolve(self, last: u32) -> u32 {
        match self {
            Self::Number(number) => number.get(),
            Self::Last => last,
        }
    }
}

/// RFC 9051 §9: `seq-range = seq-number ":" seq-number`, in either order; one number is a range from it to itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SequenceRange {
    /// What stands before the colon.
    pub from: SequenceNumber,
    /// What stands after it.
    pub to: SequenceNumber,
}

/// RFC 9051 §9: `sequence-set = (seq-number / seq-range) ["," sequence-set]`; never empty when it was parsed.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SequenceSet(pub Vec<SequenceRange>);

impl SequenceSet {
    /// The ranges as ascending numbers without overlap; `last` is what `*` stands for (0 if the folder is empty).
    ///
    /// `*` counts even if the other end is higher: `559:*` holds the last message (RFC 9051 §9, `seq-range`).
    pub fn resolve(&self, last: u32) -> Vec<RangeInclusive<u32>> {
        let mut ranges: Vec<(u32, u32)> = self.0.iter().map(|range| ordered(range, last)).collect();
        ranges.sort_unstable();
        let mut merged: Vec<RangeInclusive<u32>> = Vec::with_capacity(ranges.len());
        for (low, high) in ranges {
            match merged.last_mut() {
                Some(before) if low <= before.end().saturating_add(1) => {
                    *before = *before.start()..=high.max(*before.end());
                }
                _ if high == 0 => {}
                _ => merged.push(low.max(1)..=high),
            }
        }
        merged
    }

    /// Whether the number is in the set, where `*` is `last`.
    pub fn contains(&self, number: u32, last: u32) -> bool {
        self.0.iter().any(|range| {
            let (low, high) = ordered(range, last);
            (low..=high).contains(&number)
        })
    }

    /// Whether `*` occurs.
    pub fn has_last(&self) -> bool {
        self.0.iter().any(|range| [range.from, range.to].contains(&SequenceNumber::Last))
    }

    /// The highest number written out, 0 if there is only `*`; with message numbers, one above the count of messages is
    /// an error of the client.
    pub fn highest(&self) -> u32 {
        self.0.iter().map(|range| range.from.resolve(0).max(range.to.resolve(0))).max().unwrap_or(0)
    }
}

/// Ascending numbers as ranges.
pub fn runs(numbers: &[u32]) -> Vec<RangeInclusive<u32>> {
    let mut ranges: Vec<RangeInclusive<u32>> = Vec::new();
    for &number in numbers {
        match ranges.last_mut() {
            Some(last) if last.end().checked_add(1) == Some(number) => *last = *last.start()..=number,
            _ => ranges.push(number..=number),
        }
    }
    ranges
}

fn ordered(range: &SequenceRange, last: u32) -> (u32, u32) {
    let (from, to) = (range.from.resolve(last), range.to.resolve(last));
    (from.min(to), from.max(to))
}

/// The messages a command is about (RFC 9051 §6.4.4.1: `$` is the saved result of a search).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum MessageSet {
    /// Numbers or UIDs; the command says which.
    Set(SequenceSet),
    /// `$`
    Saved,
}

/// RFC 9394 §3: `partial-range = partial-range-first / partial-range-last`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PartialRange {
    /// True for `-1:-100`: counted from the newest result backwards.
    pub from_end: bool,
    /// The nearer end, counted from 1.
    pub low: u32,
    /// The further end, inclusive.
    pub high: u32,
}

impl fmt::Display for SequenceNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Last => f.write_str("*"),
        }
    }
}

impl fmt::Display for SequenceSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, SequenceRange { from, to }) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}{from}")?;
            if from != to {
                write!(f, ":{to}")?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for PartialRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.from_end { "-" } else { "" };
        write!(f, "{sign}{}:{sign}{}", self.low, self.high)
    }
}
