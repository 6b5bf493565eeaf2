//! BODY and BODYSTRUCTURE (RFC 9051 section 7.5.2). Types are written in capitals, as most servers do.

use super::envelope;
use bytes::BytesMut;
use postroom_wire_imap::response::{capitals, nstring, number, string};
use postroom_wire_message::{DispositionRef, PairsRef, PartRef};

/// `extended`: BODYSTRUCTURE, with the fields that BODY leaves out.
pub(crate) fn structure(out: &mut BytesMut, part: &PartRef<'_>, extended: bool, utf8: bool) {
    out.extend_from_slice(b"(");
    if part.is_multipart() && !part.children.is_empty() {
        for child in part.children.iter() {
            structure(out, &child, extended, utf8);
        }
        out.extend_from_slice(b" ");
        capitals(out, part.subtype);
        if extended {
            out.extend_from_slice(b" ");
            params(out, part.params, utf8);
            trailer(out, part, utf8);
        }
    } else {
        single(out, part, extended, utf8);
    }
    out.extend_from_slice(b")");
}

fn single(out: &mut BytesMut, part: &PartRef<'_>, extended: bool, utf8: bool) {
    capitals(out, part.kind);
    out.extend_from_slice(b" ");
    capitals(out, part.subtype);
    out.extend_from_slice(b" ");
    params(out, part.params, utf8);
    out.extend_from_slice(b" ");
    nstring(out, part.id, utf8);
    out.extend_from_slice(b" ");
    nstring(out, part.description, utf8);
    out.extend_from_slice(b" ");
    capitals(out, part.encoding);
    out.extend_from_slice(b" ");
    number(out, part.size() as u64);
    if let Some((inner_envelope, inner)) = part.message() {
        out.extend_from_slice(b" ");
        envelope(out, &inner_envelope, utf8);
        out.extend_from_slice(b" ");
        structure(out, &inner, extended, utf8);
        out.extend_from_slice(b" ");
        number(out, part.lines as u64);
    } else if part.kind == b"text" {
        out.extend_from_slice(b" ");
        number(out, part.lines as u64);
    }
    if extended {
        out.extend_from_slice(b" ");
        nstring(out, part.md5, utf8);
        trailer(out, part, utf8);
    }
}

/// Disposition, language and location, each with the blank before it.
fn trailer(out: &mut BytesMut, part: &PartRef<'_>, utf8: bool) {
    out.extend_from_slice(b" ");
    disposition(out, part.disposition, utf8);
    out.extend_from_slice(b" ");
    if part.language.is_empty() {
        out.extend_from_slice(b"NIL");
    } else {
        for (n, language) in part.language.iter().enumerate() {
            out.extend_from_slice(if n == 0 { b"(" } else { b" " });
            string(out, language, utf8);
        }
        out.extend_from_slice(b")");
    }
    out.extend_from_slice(b" ");
    nstring(out, part.location, utf8);
}

fn disposition(out: &mut BytesMut, disposition: Option<DispositionRef<'_>>, utf8: bool) {
    let Some(disposition) = disposition else { return out.extend_from_slice(b"NIL") };
    out.extend_from_slice(b"(");
    capitals(out, disposition.kind);
    out.extend_from_slice(b" ");
    params(out, disposition.params, utf8);
    out.extend_from_slice(b")");
}

fn params(out: &mut BytesMut, params: PairsRef<'_>, utf8: bool) {
    if params.is_empty() {
        return out.extend_from_slice(b"NIL");
    }
    for (n, (name, value)) in params.iter().enumerate() {
        out.extend_from_slice(if n == 0 { b"(" } else { b" " });
        capitals(out, name);
        out.extend_from_slice(b" ");
        string(out, value, utf8);
    }
    out.extend_from_slice(b")");
}
