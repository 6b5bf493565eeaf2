//! What a client that knows an older state of a folder has to forget: VANISHED (EARLIER) of RFC 7162.
//!
//! The change log says which UIDs have gone. Beyond its retention every UID that the client may know and that is not
//! there counts as gone, which is never wrong and only longer. Start reading at [`vanished_earlier`].

use crate::commands::Result;
use crate::reply::Failure;
use crate::view::View;
use postroom_model::{ModSeq, Uid};
use postroom_wire_imap::{SequenceSet, runs};
use std::ops::RangeInclusive;

/// The UIDs among `known` that have gone since then, as far as the client does not know already. `settled`: below and
/// at this UID nothing is missing.
pub(crate) async fn vanished_earlier(
    view: &View,
    known: &[RangeInclusive<Uid>],
    since: ModSeq,
    settled: Uid,
) -> Result<Vec<RangeInclusive<Uid>>> {
    Ok(match view.folder.vanished(since, view.modseq).await? {
        Some(mut gone) => {
            // What still has a number here is told without EARLIER.
            gone.retain(|uid| holds(known, *uid) && view.position(*uid).is_err());
            runs(&gone)
        }
        None => absent(view.messages.iter().map(|entry| entry.uid), known, settled),
    })
}

/// A modification sequence as the client gives it.
pub(crate) fn modseq(given: u64) -> ModSeq {
    ModSeq(i64::try_from(given).unwrap_or(i64::MAX))
}

/// UIDs that may ever have stood in the folder, of those in a set; `*` is the last of them.
pub(crate) fn known_uids(set: Option<&SequenceSet>, uidnext: Uid) -> Vec<RangeInclusive<Uid>> {
    let last = uidnext.saturating_sub(1);
    let all = || if last == 0 { Vec::new() } else { vec![1..=last] };
    let ranges = set.map_or_else(all, |set| set.resolve(last));
    let within = ranges.into_iter().filter(|range| *range.start() <= last);
    within.map(|range| *range.start()..=(*range.end()).min(last)).collect()
}

/// Numbers and UIDs stand for each other one by one.
pub(crate) fn check_pairs(numbers: &SequenceSet, uids: &SequenceSet) -> Result<()> {
    let count = |set: &SequenceSet| -> u64 {
        set.resolve(0).iter().map(|range| u64::from(*range.end()) - u64::from(*range.start()) + 1).sum()
    };
    if count(numbers) == count(uids) {
        return Ok(());
    }
    Err(Failure::bad("the two sets of known messages differ in length"))
}

/// The highest UID that stands where the client says it stood: nothing up to it has gone (RFC 7162 section 3.2.5.2).
pub(crate) fn settled(view: &View, numbers: &SequenceSet, uids: &SequenceSet) -> Uid {
    let (numbers, uids) = (numbers.resolve(0), uids.resolve(0));
    let there = numbers.into_iter().flatten().take_while(|number| *number <= view.len());
    let pairs = there.zip(uids.into_iter().flatten());
    let stands = |(number, uid): &(u32, Uid)| view.messages.get(*number as usize - 1).is_some_and(|at| at.uid == *uid);
    pairs.filter(stands).last().map_or(0, |(_, uid)| uid)
}

pub(crate) fn holds(ranges: &[RangeInclusive<Uid>], uid: Uid) -> bool {
    let at = ranges.partition_point(|range| *range.end() < uid);
    ranges.get(at).is_some_and(|range| range.contains(&uid))
}

/// What of the ranges is not among the UIDs, both ascending; only above `settled`.
fn absent(there: impl Iterator<Item = Uid>, ranges: &[RangeInclusive<Uid>], settled: Uid) -> Vec<RangeInclusive<Uid>> {
    let mut gone = Vec::new();
    let mut there = there.peekable();
    for range in ranges {
        let mut from = (*range.start()).max(settled.saturating_add(1));
        while there.next_if(|uid| *uid < from).is_some() {}
        while let Some(uid) = there.next_if(|uid| *uid <= *range.end()) {
            if from < uid {
                gone.push(from..=uid - 1);
            }
            from = uid + 1;
        }
        if from <= *range.end() {
            gone.push(from..=*range.end());
        }
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_there_has_gone() {
        for (there, ranges, settled, want) in [
            (&[2, 3, 7][..], &[1..=9][..], 0, &[1..=1, 4..=6, 8..=9][..]),
            (&[2, 3, 7], &[1..=9], 3, &[4..=6, 8..=9]),
            (&[2, 3, 7], &[3..=4, 6..=7], 0, &[4..=4, 6..=6]),
            (&[], &[1..=2], 0, &[1..=2]),
            (&[1, 2], &[1..=2], 0, &[]),
            (&[1], &[], 0, &[]),
            (&[5], &[1..=9], 9, &[]),
        ] {
            let ranges: Vec<RangeInclusive<u32>> = ranges.to_vec();
            assert_eq!(absent(there.iter().copied(), &ranges, settled), want, "{there:?} {ranges:?} {settled}");
        }
    }

    #[test]
    fn ranges_hold_what_is_in_them() {
        let ranges = [2..=3, 7..=9];
        let held: Vec<u32> = (0..12).filter(|uid| holds(&ranges, *uid)).collect();
        assert_eq!(held, [2, 3, 7, 8, 9]);
    }
}
