//! The names of body sections in answers to FETCH.

use bytes::BufMut;

use super::strings::{astring, number};
use crate::command::section::{Partial, Section, SectionText};

/// `BODY[…]` with the offset of a partial answer (RFC 9051 §7.5.2); the string follows.
pub fn body_section_name<B: BufMut>(out: &mut B, section: &Section, partial: Option<Partial>) {
    out.put_slice(b"BODY[");
    part_number(out, &section.part);
    if !section.part.is_empty() && section.text != SectionText::All {
        out.put_u8(b'.');
    }
    match &section.text {
        SectionText::All => {}
        SectionText::Header => out.put_slice(b"HEADER"),
        SectionText::Text => out.put_slice(b"TEXT"),
        SectionText::Mime => out.put_slice(b"MIME"),
        SectionText::HeaderFields(names) => field_names(out, b"HEADER.FIELDS (", names),
        SectionText::HeaderFieldsNot(names) => field_names(out, b"HEADER.FIELDS.NOT (", names),
    }
    out.put_u8(b']');
    offset(out, partial);
}

/// `BINARY[…]` with the offset of a partial answer; the string, or literal8, follows.
pub fn binary_name<B: BufMut>(out: &mut B, part: &[std::num::NonZeroU32], partial: Option<Partial>) {
    out.put_slice(b"BINARY[");
    part_number(out, part);
    out.put_u8(b']');
    offset(out, partial);
}

/// `BINARY.SIZE[…]`; the number follows.
pub fn binary_size_name<B: BufMut>(out: &mut B, part: &[std::num::NonZeroU32]) {
    out.put_slice(b"BINARY.SIZE[");
    part_number(out, part);
    out.put_u8(b']');
}

fn part_number<B: BufMut>(out: &mut B, part: &[std::num::NonZeroU32]) {
    for (index, step) in part.iter().enumerate() {
        if index > 0 {
            out.put_u8(b'.');
        }
        number(out, step.get().into());
    }
}

fn field_names<B: BufMut>(out: &mut B, opening: &[u8], names: &[String]) {
    out.put_slice(opening);
    for (index, name) in names.iter().enumerate() {
        if index > 0 {
            out.put_u8(b' ');
        }
        astring(out, name, false);
    }
    out.put_u8(b')');
}

fn offset<B: BufMut>(out: &mut B, partial: Option<Partial>) {
    if let Some(partial) = partial {
        out.put_u8(b'<');
        number(out, partial.offset);
        out.put_u8(b'>');
    }
}
