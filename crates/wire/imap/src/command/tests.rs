//! Known commands against the values they are, one file for each area; bad ones against their messages.

mod bad;
mod fetch;
mod folders;
mod messages;
mod metadata;
mod notify;
mod search;
mod session;

use super::*;
use crate::flag::Flag;
use crate::sequence::{MessageSet, PartialRange, SequenceNumber, SequenceRange, SequenceSet};

fn parsed(line: &str, utf8: bool) -> Result<Command, String> {
    let frame = Bytes::from(format!("a1 {line}\r\n"));
    match parse(&frame, &ParseOptions { utf8, ..ParseOptions::default() }) {
        Ok(Tagged { tag, command }) => {
            assert_eq!(tag.as_str(), "a1");
            Ok(command)
        }
        Err(BadCommand { tag, message }) => {
            assert_eq!(tag, Tag::new("a1"));
            Err(message)
        }
    }
}

#[track_caller]
fn check(line: &str, expected: Command) {
    assert_eq!(parsed(line, false), Ok(expected.clone()), "{line}");
    assert_eq!(parsed(&format!("{line} "), false), Ok(expected), "{line} and a blank");
}

#[track_caller]
fn check_bad(lines: &[&str]) {
    for line in lines {
        assert!(parsed(line, false).is_err(), "{line}: {:?}", parsed(line, false));
    }
}

fn folder(name: &str) -> FolderName {
    FolderName::decode(name.as_bytes(), true)
}

/// A set of ranges, where 0 is `*`.
fn ranges(ranges: &[(u32, u32)]) -> SequenceSet {
    let number = |number| std::num::NonZeroU32::new(number).map_or(SequenceNumber::Last, SequenceNumber::Number);
    SequenceSet(ranges.iter().map(|&(from, to)| SequenceRange { from: number(from), to: number(to) }).collect())
}

fn set(set: &[(u32, u32)]) -> MessageSet {
    MessageSet::Set(ranges(set))
}

fn strings(strings: &[&str]) -> Vec<String> {
    strings.iter().map(|string| (*string).to_owned()).collect()
}
