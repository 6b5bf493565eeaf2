//! The stored form of a [`Part`] tree.

use std::ops::Range;

use super::Undecodable;
use super::envelope::EnvelopeRef;
use super::list::{ListRef, Record};
use super::wire::{Reader, put_bytes, put_framed, put_number, put_optional};
use crate::structure::{Content, Part, Roles};

const VERSION: u8 = 1;
const LEAF: u8 = 0;
const MULTIPART: u8 = 1;
const MESSAGE: u8 = 2;
/// The parser stops at 64 nested containers; the leaf below them is one more, and a message counts twice.
const MAX_DEPTH: usize = 160;

/// A part that borrows from its stored form. Fields as in [`Part`].
#[derive(Debug, Clone, Copy)]
pub struct PartRef<'a> {
    pub kind: &'a [u8],
    pub subtype: &'a [u8],
    pub params: PairsRef<'a>,
    pub id: Option<&'a [u8]>,
    pub description: Option<&'a [u8]>,
    pub encoding: &'a [u8],
    pub md5: Option<&'a [u8]>,
    pub disposition: Option<DispositionRef<'a>>,
    pub language: BytesListRef<'a>,
    pub location: Option<&'a [u8]>,
    pub file_name: Option<&'a str>,
    pub lines: usize,
    pub header_start: usize,
    pub body_start: usize,
    pub body_end: usize,
    pub roles: Roles,
    /// The parts of a multipart; empty for everything else.
    pub children: PartsRef<'a>,
    message: Option<Reader<'a>>,
}

#[derive(Debug, Clone, Copy)]
pub struct DispositionRef<'a> {
    pub kind: &'a [u8],
    pub params: PairsRef<'a>,
}

/// Parameters in their stored form: names in lower case and values.
pub type PairsRef<'a> = ListRef<'a, (&'a [u8], &'a [u8])>;

/// A list of byte strings in its stored form.
pub type BytesListRef<'a> = ListRef<'a, &'a [u8]>;

/// The parts of a multipart in their stored form.
pub type PartsRef<'a> = ListRef<'a, PartRef<'a>>;

impl<'a> ListRef<'a, PartRef<'a>> {
    /// The part at this index; those in front of it are stepped over unread.
    pub fn get(&self, index: usize) -> Option<PartRef<'a>> {
        let mut rest = self.stored;
        for _ in 0..index {
            rest.bytes().ok()?;
        }
        PartRef::read(&mut rest).ok()
    }
}

impl<'a> PartRef<'a> {
    pub fn decode(stored: &'a [u8]) -> Result<Self, Undecodable> {
        let mut reader = Reader(stored);
        reader.version(VERSION)?;
        let part = Self::read(&mut reader)?;
        part.check(MAX_DEPTH)?;
        if reader.is_empty() { Ok(part) } else { Err(Undecodable::Damaged) }
    }

    /// The header block of the part, its blank line included.
    pub fn header(&self) -> Range<usize> {
        self.header_start..self.body_start
    }

    /// The stored body, still transfer-encoded.
    pub fn body(&self) -> Range<usize> {
        self.body_start..self.body_end
    }

    /// Octets of the body as stored.
    pub fn size(&self) -> usize {
        self.body_end - self.body_start
    }

    pub fn is(&self, kind: &str, subtype: &str) -> bool {
        self.kind == kind.as_bytes() && self.subtype == subtype.as_bytes()
    }

    pub fn is_multipart(&self) -> bool {
        !self.children.is_empty()
    }

    /// A parameter of the Content-Type by its lower-case name.
    pub fn param(&self, name: &str) -> Option<&'a [u8]> {
        self.params.iter().find(|(key, _)| *key == name.as_bytes()).map(|(_, value)| value)
    }

    /// The envelope and structure of an enclosed message.
    pub fn message(&self) -> Option<(EnvelopeRef<'a>, PartRef<'a>)> {
        let mut reader = self.message?;
        Some((EnvelopeRef::read(&mut reader).ok()?, PartRef::read(&mut reader).ok()?))
    }

    /// This part and those below it in document order, without the inside of enclosed messages.
    pub fn walk(&self) -> impl Iterator<Item = PartRef<'a>> + use<'a> {
        let mut next = Some(*self);
        let mut open = Vec::new();
        std::iter::from_fn(move || {
            let part = next.take()?;
            open.push(part.children.iter());
            while let Some(children) = open.last_mut() {
                next = children.next();
                if next.is_some() {
                    break;
                }
                open.pop();
            }
            Some(part)
        })
    }

    fn check(&self, depth: usize) -> Result<(), Undecodable> {
        let depth = depth.checked_sub(1).ok_or(Undecodable::Damaged)?;
        let mut children = self.children.stored;
        while !children.is_empty() {
            Self::read(&mut children)?.check(depth)?;
        }
        if let Some(mut reader) = self.message {
            EnvelopeRef::read(&mut reader)?;
            Self::read(&mut reader)?.check(depth)?;
        }
        Ok(())
    }
}

impl<'a> Record<'a> for PartRef<'a> {
    fn read(from: &mut Reader<'a>) -> Result<Self, Undecodable> {
        let mut reader = Reader(from.bytes()?);
        let content = reader.byte()?;
        let roles = Roles(reader.byte()?);
        let header_start = reader.number()?;
        let body_start = header_start.checked_add(reader.number()?).ok_or(Undecodable::Damaged)?;
        let body_end = body_start.checked_add(reader.number()?).ok_or(Undecodable::Damaged)?;
        let mut part = Self {
            lines: reader.number()?,
            kind: reader.bytes()?,
            subtype: reader.bytes()?,
            params: PairsRef::read(&mut reader)?,
            id: reader.optional()?,
            description: reader.optional()?,
            encoding: reader.bytes()?,
            md5: reader.optional()?,
            disposition: disposition(&mut reader)?,
            language: BytesListRef::read(&mut reader)?,
            location: reader.optional()?,
            file_name: reader.optional()?.map(str::from_utf8).transpose().map_err(|_| Undecodable::Damaged)?,
            header_start,
            body_start,
            body_end,
            roles,
            children: PartsRef::default(),
            message: None,
        };
        match content {
            LEAF => {}
            MULTIPART => part.children = PartsRef::new(reader),
            MESSAGE => part.message = Some(reader),
            _ => return Err(Undecodable::Damaged),
        }
        Ok(part)
    }
}

fn disposition<'a>(reader: &mut Reader<'a>) -> Result<Option<DispositionRef<'a>>, Undecodable> {
    let Some(kind) = reader.optional()? else { return Ok(None) };
    Ok(Some(DispositionRef { kind, params: PairsRef::read(reader)? }))
}

impl Part {
    /// The form to store.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(256);
        out.push(VERSION);
        write(self, &mut out);
        out
    }
}

fn write(part: &Part, out: &mut Vec<u8>) {
    put_framed(out, |out| {
        out.push(match part.content {
            Content::Leaf => LEAF,
            Content::Multipart(_) => MULTIPART,
            Content::Message(_) => MESSAGE,
        });
        out.push(part.roles.0);
        put_number(out, part.header_start);
        put_number(out, part.body_start - part.header_start);
        put_number(out, part.body_end - part.body_start);
        put_number(out, part.lines);
        put_bytes(out, &part.kind);
        put_bytes(out, &part.subtype);
        put_pairs(out, &part.params);
        put_optional(out, part.id.as_deref());
        put_optional(out, part.description.as_deref());
        put_bytes(out, &part.encoding);
        put_optional(out, part.md5.as_deref());
        put_optional(out, part.disposition.as_ref().map(|value| value.kind.as_slice()));
        if let Some(disposition) = &part.disposition {
            put_pairs(out, &disposition.params);
        }
        put_byte_strings(out, &part.language);
        put_optional(out, part.location.as_deref());
        put_optional(out, part.file_name.as_deref().map(str::as_bytes));
        match &part.content {
            Content::Leaf => {}
            Content::Multipart(children) => children.iter().for_each(|child| write(child, out)),
            Content::Message(message) => {
                message.0.write(out);
                write(&message.1, out);
            }
        }
    });
}

fn put_pairs(out: &mut Vec<u8>, pairs: &[(Vec<u8>, Vec<u8>)]) {
    if pairs.is_empty() {
        out.push(0);
        return;
    }
    put_framed(out, |out| {
        for (name, value) in pairs {
            put_bytes(out, name);
            put_bytes(out, value);
        }
    });
}

fn put_byte_strings(out: &mut Vec<u8>, list: &[Vec<u8>]) {
    if list.is_empty() {
        out.push(0);
        return;
    }
    put_framed(out, |out| list.iter().for_each(|bytes| put_bytes(out, bytes)));
}
