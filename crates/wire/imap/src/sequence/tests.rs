//! What sets mean, and that they are read as they are written.

use bytes::Bytes;
use proptest::prelude::*;

use super::*;
use crate::command::messages::Transfer;
use crate::{Command, ParseOptions, parse};

fn read(text: &str) -> Option<SequenceSet> {
    let frame = Bytes::from(format!("a COPY {text} x\r\n"));
    match parse(&frame, &ParseOptions::default()).ok()?.command {
        Command::Copy(Transfer { messages: MessageSet::Set(set), .. }) => Some(set),
        _ => None,
    }
}

#[test]
fn meaning() {
    for (text, last, ranges, highest) in [
        ("1", 9, vec![1..=1], 1),
        ("5:3", 9, vec![3..=5], 5),
        ("*", 9, vec![9..=9], 0),
        ("*", 0, vec![], 0),
        ("1:*", 0, vec![1..=1], 1),
        ("559:*", 9, vec![9..=559], 559),
        ("*:4,1", 9, vec![1..=1, 4..=9], 4),
        ("1,2,3,5:6,4", 9, vec![1..=6], 6),
        ("7,1:4,2:3,9", 9, vec![1..=4, 7..=7, 9..=9], 9),
        ("4294967295,4294967295:1", 9, vec![1..=u32::MAX], u32::MAX),
    ] {
        let set = read(text).unwrap();
        assert_eq!(set.resolve(last), ranges, "{text}");
        assert_eq!(set.highest(), highest);
        assert_eq!(set.to_string(), text);
        assert_eq!(set.has_last(), text.contains('*'));
    }
}

#[test]
fn no_sets() {
    for text in ["0", "1:0", "", ",1", "1,", "1,,2", "1:", ":1", "1:2:3", "4294967296", "a", "1-2", "**", "-1"] {
        assert_eq!(read(text), None, "{text}");
    }
}

fn sequence_number() -> impl Strategy<Value = SequenceNumber> {
    let number =
        (1..=u32::MAX).prop_map(|number| NonZeroU32::new(number).map_or(SequenceNumber::Last, SequenceNumber::Number));
    prop_oneof![4 => number, 1 => Just(SequenceNumber::Last)]
}

fn set() -> impl Strategy<Value = SequenceSet> {
    let range = (sequence_number(), sequence_number()).prop_map(|(from, to)| SequenceRange { from, to });
    prop::collection::vec(range, 1..20).prop_map(SequenceSet)
}

proptest! {
    #[test]
    fn what_is_written_is_read(set in set()) {
        prop_assert_eq!(read(&set.to_string()), Some(set));
    }

    #[test]
    fn resolving_agrees_with_containing(set in set(), last in 1..100_u32, number in 1..120_u32) {
        let ranges = set.resolve(last);
        let resolved = ranges.iter().any(|range| range.contains(&number));
        prop_assert_eq!(resolved, set.contains(number, last));
        let ascending = ranges.windows(2).all(|pair| u64::from(*pair[0].end()) + 1 < u64::from(*pair[1].start()));
        prop_assert!(ascending, "{:?}", ranges);
    }

    #[test]
    fn compact_sets_hold_the_same_numbers(numbers in prop::collection::vec(1..60_u32, 1..40)) {
        let mut text = Vec::new();
        crate::response::uid_set(&mut text, &numbers);
        let mut expanded = Vec::new();
        for range in read(std::str::from_utf8(&text).unwrap()).unwrap().0 {
            let (SequenceNumber::Number(from), SequenceNumber::Number(to)) = (range.from, range.to) else {
                panic!("a number of the set became *")
            };
            expanded.extend(from.get()..=to.get());
        }
        prop_assert_eq!(expanded, numbers);
    }
}
