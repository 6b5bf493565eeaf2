//! Results of SEARCH and SORT, and sets of numbers.

use bytes::BufMut;
use std::ops::RangeInclusive;

use super::strings::{number, string};
use crate::sequence::PartialRange;
use crate::tag::Tag;

/// RFC 9051 §9: `uid-set`, `sequence-set`: runs of consecutive ascending numbers become ranges, the order stays as it is
/// (COPYUID pairs two sets by their order). Of no numbers it writes nothing, which no answer allows.
pub fn uid_set<B: BufMut>(out: &mut B, numbers: &[u32]) {
    let mut rest = numbers;
    while let Some(&first) = rest.first() {
        let run = 1 + rest.windows(2).take_while(|pair| pair[0].checked_add(1) == Some(pair[1])).count();
        if rest.len() != numbers.len() {
            out.put_u8(b',');
        }
        number(out, first.into());
        if run > 1 {
            out.put_u8(b':');
            number(out, rest[run - 1].into());
        }
        rest = &rest[run..];
    }
}

/// The same of ranges, in the order they come.
pub fn uid_ranges<B: BufMut>(out: &mut B, ranges: &[RangeInclusive<u32>]) {
    for (index, range) in ranges.iter().enumerate() {
        if index > 0 {
            out.put_u8(b',');
        }
        number(out, (*range.start()).into());
        if range.start() != range.end() {
            out.put_u8(b':');
            number(out, (*range.end()).into());
        }
    }
}

/// `* SEARCH n n …` (RFC 3501 §7.2.5), with the highest modification of the results if MODSEQ was searched for.
pub fn search<B: BufMut>(out: &mut B, numbers: &[u32], mod_seq: Option<u64>) {
    untagged_numbers(out, b"* SEARCH", numbers, mod_seq);
}

/// `* SORT n n …` (RFC 5256 §4)
pub fn sort<B: BufMut>(out: &mut B, numbers: &[u32], mod_seq: Option<u64>) {
    untagged_numbers(out, b"* SORT", numbers, mod_seq);
}

fn untagged_numbers<B: BufMut>(out: &mut B, name: &[u8], numbers: &[u32], mod_seq: Option<u64>) {
    out.put_slice(name);
    for &found in numbers {
        out.put_u8(b' ');
        number(out, found.into());
    }
    if let (Some(mod_seq), false) = (mod_seq, numbers.is_empty()) {
        out.put_slice(b" (MODSEQ ");
        number(out, mod_seq);
        out.put_u8(b')');
    }
    out.put_slice(b"\r\n");
}

/// `* ESEARCH …` (RFC 9051 §7.3.4): what is `None` was not asked for, or has no value.
#[derive(Clone, Copy, Debug, Default)]
pub struct Esearch<'a> {
    /// The numbers are UIDs.
    pub uid: bool,
    pub min: Option<u32>,
    pub max: Option<u32>,
    pub count: Option<u32>,
    /// In the order of the result; left out if empty.
    pub all: Option<&'a [u32]>,
    /// The range that was asked for and what is in it (RFC 9394 §3.1).
    pub partial: Option<(PartialRange, &'a [u32])>,
    /// The highest modification of the results (RFC 7162 §3.1.5).
    pub mod_seq: Option<u64>,
    /// How well each of the results fits, from 1 to 100, in their order (RFC 6203 §4).
    pub relevancy: Option<&'a [u8]>,
}

/// What came to a result, or left it (RFC 5267 §4.3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResultChange<'a> {
    pub added: bool,
    /// The place in a sorted result, counted from 1; 0 where the order is that of the folder.
    pub position: u32,
    /// Not empty.
    pub numbers: &'a [u32],
}

/// `* ESEARCH … ADDTO (position set …) REMOVEFROM (…)`: the client applies them in this order. Nothing if there are none.
pub fn result_changes<B: BufMut>(out: &mut B, tag: &Tag, uid: bool, changes: &[ResultChange<'_>]) {
    if changes.is_empty() {
        return;
    }
    correlator(out, tag, uid);
    for group in changes.chunk_by(|one, next| one.added == next.added) {
        let name: &[u8] = if group.first().is_some_and(|change| change.added) { b" ADDTO (" } else { b" REMOVEFROM (" };
        out.put_slice(name);
        for (index, change) in group.iter().enumerate() {
            if index > 0 {
                out.put_u8(b' ');
            }
            number(out, change.position.into());
            out.put_u8(b' ');
            uid_set(out, change.numbers);
        }
        out.put_u8(b')');
    }
    out.put_slice(b"\r\n");
}

fn correlator<B: BufMut>(out: &mut B, tag: &Tag, uid: bool) {
    out.put_slice(b"* ESEARCH (TAG ");
    string(out, tag.as_str().as_bytes(), false);
    out.put_u8(b')');
    if uid {
        out.put_slice(b" UID");
    }
}

/// RFC 9051 §9: `esearch-response = "ESEARCH" [search-correlator] [SP "UID"] *(SP search-return-data)`
pub fn esearch<B: BufMut>(out: &mut B, tag: &Tag, result: &Esearch<'_>) {
    correlator(out, tag, result.uid);
    for (name, value) in [(" MIN ", result.min), (" MAX ", result.max), (" COUNT ", result.count)] {
        if let Some(value) = value {
            out.put_slice(name.as_bytes());
            number(out, value.into());
        }
    }
    if let Some(all) = result.all.filter(|all| !all.is_empty()) {
        out.put_slice(b" ALL ");
        uid_set(out, all);
    }
    if let Some((range, numbers)) = result.partial {
        out.put_slice(b" PARTIAL (");
        out.put_slice(range.to_string().as_bytes());
        out.put_u8(b' ');
        if numbers.is_empty() {
            out.put_slice(b"NIL");
        }
        uid_set(out, numbers);
        out.put_u8(b')');
    }
    if let Some(mod_seq) = result.mod_seq {
        out.put_slice(b" MODSEQ ");
        number(out, mod_seq);
    }
    if let Some(scores) = result.relevancy.filter(|scores| !scores.is_empty()) {
        out.put_slice(b" RELEVANCY (");
        for (index, score) in scores.iter().enumerate() {
            if index > 0 {
                out.put_u8(b' ');
            }
            number(out, (*score).into());
        }
        out.put_u8(b')');
    }
    out.put_slice(b"\r\n");
}
