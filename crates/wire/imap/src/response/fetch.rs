//! One line of FETCH, item by item.

use std::num::NonZeroU32;

use bytes::BufMut;

use super::section::{binary_name, binary_size_name, body_section_name};
use super::strings::{flag_list, internal_date, literal, literal_header, nstring, number, string};
use crate::command::section::{Partial, Section};

/// `* n FETCH (item value …)`. Every method writes one item and the space before it; [`FetchLine::finish`] ends the line.
#[derive(Debug)]
#[must_use = "the line has to be finished"]
pub struct FetchLine<'b, B: BufMut> {
    out: &'b mut B,
    first: bool,
    utf8: bool,
}

impl<'b, B: BufMut> FetchLine<'b, B> {
    /// Starts the line of this message number.
    pub fn start(out: &'b mut B, message: u32, utf8: bool) -> Self {
        out.put_slice(b"* ");
        number(out, message.into());
        out.put_slice(b" FETCH (");
        Self { out, first: true, utf8 }
    }

    pub fn uid(&mut self, uid: u32) {
        number(self.item("UID "), uid.into());
    }

    pub fn flags<F: AsRef<str>>(&mut self, flags: impl IntoIterator<Item = F>) {
        flag_list(self.item("FLAGS "), flags);
    }

    pub fn mod_seq(&mut self, mod_seq: u64) {
        let out = self.item("MODSEQ (");
        number(out, mod_seq);
        out.put_u8(b')');
    }

    /// Seconds since 1970-01-01 UTC.
    pub fn internal_date(&mut self, unix: i64) {
        internal_date(self.item("INTERNALDATE "), unix);
    }

    /// Seconds since 1970-01-01 UTC.
    pub fn save_date(&mut self, unix: i64) {
        internal_date(self.item("SAVEDATE "), unix);
    }

    pub fn rfc822_size(&mut self, octets: u64) {
        number(self.item("RFC822.SIZE "), octets);
    }

    pub fn email_id(&mut self, id: &str) {
        flag_list(self.item("EMAILID "), [id]);
    }

    /// `None` if the server threads no such messages.
    pub fn thread_id(&mut self, id: Option<&str>) {
        match id {
            Some(id) => flag_list(self.item("THREADID "), [id]),
            None => self.item("THREADID ").put_slice(b"NIL"),
        }
    }

    pub fn preview(&mut self, text: Option<&str>) {
        let utf8 = self.utf8;
        nstring(self.item("PREVIEW "), text.map(str::as_bytes), utf8);
    }

    /// An item whose value the caller writes, as it stands on the wire: ENVELOPE, BODY, BODYSTRUCTURE.
    pub fn value(&mut self, name: &str) -> &mut B {
        let out = self.item(name);
        out.put_u8(b' ');
        out
    }

    /// `RFC822`, `RFC822.HEADER`, `RFC822.TEXT`: an item whose value is a literal.
    pub fn named_literal(&mut self, name: &str, bytes: &[u8]) {
        self.named_literal_header(name, bytes.len() as u64).put_slice(bytes);
    }

    /// The same without the bytes: exactly `length` of them have to follow before the next item.
    pub fn named_literal_header(&mut self, name: &str, length: u64) -> &mut B {
        let out = self.item(name);
        out.put_u8(b' ');
        literal_header(out, length, false);
        out
    }

    /// `BODY[…]`; `None` for a part that there is not.
    pub fn body_section(&mut self, section: &Section, partial: Option<Partial>, bytes: Option<&[u8]>) {
        let out = self.item("");
        body_section_name(out, section, partial);
        out.put_u8(b' ');
        match bytes {
            Some(bytes) => literal(out, bytes),
            None => out.put_slice(b"NIL"),
        }
    }

    /// `BODY[…] {n}` without the bytes: exactly `length` of them have to follow before the next item.
    pub fn body_section_header(&mut self, section: &Section, partial: Option<Partial>, length: u64) -> &mut B {
        let out = self.item("");
        body_section_name(out, section, partial);
        out.put_u8(b' ');
        literal_header(out, length, false);
        out
    }

    /// `BINARY[…]`: literal8 where there is NUL (RFC 3516 §4.2).
    pub fn binary(&mut self, part: &[NonZeroU32], partial: Option<Partial>, bytes: Option<&[u8]>) {
        let utf8 = self.utf8;
        let out = self.item("");
        binary_name(out, part, partial);
        out.put_u8(b' ');
        match bytes {
            Some(bytes) if memchr::memchr(0, bytes).is_some() => {
                literal_header(out, bytes.len() as u64, true);
                out.put_slice(bytes);
            }
            Some(bytes) => string(out, bytes, utf8),
            None => out.put_slice(b"NIL"),
        }
    }

    /// `BINARY[…] {n}` or `~{n}` without the bytes: exactly `length` of them have to follow before the next item.
    pub fn binary_header(&mut self, part: &[NonZeroU32], partial: Option<Partial>, length: u64, nul: bool) -> &mut B {
        let out = self.item("");
        binary_name(out, part, partial);
        out.put_u8(b' ');
        literal_header(out, length, nul);
        out
    }

    /// `BINARY.SIZE[…]`
    pub fn binary_size(&mut self, part: &[NonZeroU32], octets: u64) {
        let out = self.item("");
        binary_size_name(out, part);
        out.put_u8(b' ');
        number(out, octets);
    }

    /// Leaves the line as it is, so that what stands in the buffer can be sent.
    pub fn pause(self) -> Paused {
        Paused { first: self.first, utf8: self.utf8 }
    }

    /// Ends the line.
    pub fn finish(self) {
        self.out.put_slice(b")\r\n");
    }

    fn item(&mut self, name: &str) -> &mut B {
        if !self.first {
            self.out.put_u8(b' ');
        }
        self.first = false;
        self.out.put_slice(name.as_bytes());
        self.out
    }
}

/// A line of FETCH between two items; see [`FetchLine::pause`].
#[derive(Debug)]
#[must_use = "the line has to be finished"]
pub struct Paused {
    first: bool,
    utf8: bool,
}

impl Paused {
    /// Goes on with the line.
    pub fn resume<B: BufMut>(self, out: &mut B) -> FetchLine<'_, B> {
        FetchLine { out, first: self.first, utf8: self.utf8 }
    }
}
