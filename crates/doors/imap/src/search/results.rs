//! What is answered of a result: all of it, its ends, its size, a part (RFC 4731, RFC 9394); and what is kept as `$`.

use super::Found;
use crate::session::Session;
use postroom_wire_imap::command::search::SearchReturn;
use postroom_wire_imap::response::{self, Esearch};
use postroom_wire_imap::{PartialRange, Tag};
use std::ops::Range;

/// `* ESEARCH …`, if anything but SAVE was asked for.
pub(crate) fn answer(session: &mut Session, tag: &Tag, uid: bool, returns: SearchReturn, found: &Found) {
    let only_saves = SearchReturn { save: false, ..returns } == SearchReturn::default();
    if only_saves {
        return;
    }
    let numbers = if uid { &found.uids } else { &found.numbers };
    let part = returns.partial.map(|range| (range, part(range, numbers.len())));
    let told = part.clone().map_or(0..numbers.len(), |(_, part)| part);
    let answer = Esearch {
        uid,
        min: numbers.first().copied().filter(|_| returns.min),
        max: numbers.last().copied().filter(|_| returns.max),
        count: returns.count.then(|| u32::try_from(numbers.len()).unwrap_or(u32::MAX)),
        all: Some(&numbers[..]).filter(|_| returns.all),
        partial: part.map(|(range, part)| (range, &numbers[part])),
        mod_seq: highest(found, returns),
        relevancy: Some(&found.relevancy[told]).filter(|_| returns.relevancy),
    };
    response::esearch(&mut session.out, tag, &answer);
}

/// Where a part lies in a result of so many.
pub(crate) fn part(range: PartialRange, count: usize) -> Range<usize> {
    let (low, high) = (range.low as usize - 1, (range.high as usize).min(count));
    match (low < high, range.from_end) {
        (false, _) => 0..0,
        (true, false) => low..high,
        (true, true) => count - high..count - low,
    }
}

/// The MODSEQ to tell when the program asked for it: of the ends if only those are told, else the highest of all
/// (RFC 7162 section 3.1.5).
fn highest(found: &Found, returns: SearchReturn) -> Option<u64> {
    let told = if found.by_modseq { kept(found.modseqs.len(), returns) } else { Vec::new() };
    told.into_iter().map(|at| found.modseqs[at]).max()
}

/// Keeps the result as `$`. With MIN, MAX or PARTIAL and nothing wider, only those (RFC 5182 section 2.4, RFC 9394
/// section 3.2).
pub(crate) fn save(session: &mut Session, returns: SearchReturn, found: &Found) {
    let mut uids: Vec<u32> = kept(found.uids.len(), returns).into_iter().map(|at| found.uids[at]).collect();
    uids.sort_unstable();
    uids.dedup();
    if let Some(view) = &mut session.view {
        view.saved = uids;
    }
}

/// The places of what an answer with these options is about.
fn kept(count: usize, returns: SearchReturn) -> Vec<usize> {
    let narrow = returns.min || returns.max || returns.partial.is_some();
    if count == 0 || !narrow || returns.all || returns.count {
        return (0..count).collect();
    }
    let ends = [(returns.min, 0), (returns.max, count - 1)];
    let ends = ends.into_iter().filter(|(wanted, _)| *wanted).map(|(_, end)| end);
    ends.chain(returns.partial.into_iter().flat_map(|range| part(range, count))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_result() {
        for (from_end, low, high, count, want) in [
            (false, 1, 3, 10, 0..3),
            (false, 9, 12, 10, 8..10),
            (false, 11, 12, 10, 0..0),
            (true, 1, 3, 10, 7..10),
            (true, 9, 12, 10, 0..2),
            (true, 11, 12, 10, 0..0),
            (false, 1, 1, 0, 0..0),
            (true, 1, 1, 0, 0..0),
        ] {
            assert_eq!(part(PartialRange { from_end, low, high }, count), want, "{from_end} {low}:{high} of {count}");
        }
    }
}
