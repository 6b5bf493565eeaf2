//! Results of SEARCH and SORT, and sets of numbers.

use bytes::BufMut;

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
}

/// RFC 9051 §9: `esearch-response = "ESEARCH" [search-correlator] [SP "UID"] *(SP search-return-data)`
pub fn esearch<B: BufMut>(out: &mut B, tag: &Tag, result: &Esearch<'_>) {
    out.put_slice(b"* ESEARCH (TAG ");
    string(out, tag.as_str().as_bytes(), false);
    out.put_u8(b')');
    if result.uid {
        out.put_slice(b" UID");
    }
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
    out.put_slice(b"\r\n");
}
