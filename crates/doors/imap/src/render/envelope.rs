//! ENVELOPE (RFC 9051 section 7.5.2).

use bytes::BytesMut;
use postroom_wire_imap::response::nstring;
use postroom_wire_message::{AddressesRef, EnvelopeRef};

pub(crate) fn envelope(out: &mut BytesMut, envelope: &EnvelopeRef<'_>, utf8: bool) {
    out.extend_from_slice(b"(");
    nstring(out, envelope.date, utf8);
    out.extend_from_slice(b" ");
    nstring(out, envelope.subject, utf8);
    let lists = [envelope.from, envelope.sender, envelope.reply_to, envelope.to, envelope.cc, envelope.bcc];
    for list in lists {
        out.extend_from_slice(b" ");
        addresses(out, list, utf8);
    }
    out.extend_from_slice(b" ");
    nstring(out, envelope.in_reply_to, utf8);
    out.extend_from_slice(b" ");
    nstring(out, envelope.message_id, utf8);
    out.extend_from_slice(b")");
}

/// `env-addr = "(" 1*address ")" / nil`; `address = "(" addr-name SP addr-adl SP addr-mailbox SP addr-host ")"`
fn addresses(out: &mut BytesMut, list: AddressesRef<'_>, utf8: bool) {
    if list.is_empty() {
        out.extend_from_slice(b"NIL");
        return;
    }
    out.extend_from_slice(b"(");
    for address in list.iter() {
        out.extend_from_slice(b"(");
        nstring(out, address.name, utf8);
        out.extend_from_slice(b" NIL ");
        nstring(out, address.local, utf8);
        out.extend_from_slice(b" ");
        nstring(out, address.domain, utf8);
        out.extend_from_slice(b")");
    }
    out.extend_from_slice(b")");
}
