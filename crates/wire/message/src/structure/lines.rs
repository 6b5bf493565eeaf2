//! Line counts of many, possibly nested ranges with one pass over the bytes.

use std::ops::Range;

/// The number of line breaks in front of each of a set of places.
pub(super) struct Lines {
    before: Vec<(usize, usize)>,
}

impl Lines {
    pub(super) fn count(raw: &[u8], mut places: Vec<usize>) -> Self {
        places.sort_unstable();
        places.dedup();
        let (mut from, mut lines) = (0, 0);
        let before = places.into_iter().map(|place| {
            let stretch = raw.get(from..place).unwrap_or_default();
            lines += memchr::memchr_iter(b'\n', stretch).count();
            from = from.max(place);
            (place, lines)
        });
        Self { before: before.collect() }
    }

    /// Line breaks in a range whose two ends are among the places.
    pub(super) fn within(&self, range: Range<usize>) -> usize {
        self.before(range.end).saturating_sub(self.before(range.start))
    }

    fn before(&self, place: usize) -> usize {
        let found = self.before.binary_search_by_key(&place, |(known, _)| *known);
        found.ok().and_then(|at| self.before.get(at)).map_or(0, |(_, lines)| *lines)
    }
}
