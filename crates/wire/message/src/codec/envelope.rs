//! The stored form of an [`Envelope`].

use super::Undecodable;
use super::list::{ListRef, Record};
use super::wire::{Reader, put_framed, put_optional};
use crate::address::{Address, AddressKind};
use crate::envelope::Envelope;

const VERSION: u8 = 1;
const SENDER_IS_FROM: u8 = 1;
const REPLY_TO_IS_FROM: u8 = 2;

/// An envelope that borrows from its stored form. Fields as in [`Envelope`].
#[derive(Debug, Clone, Copy, Default)]
pub struct EnvelopeRef<'a> {
    pub date: Option<&'a [u8]>,
    pub subject: Option<&'a [u8]>,
    pub from: AddressesRef<'a>,
    pub sender: AddressesRef<'a>,
    pub reply_to: AddressesRef<'a>,
    pub to: AddressesRef<'a>,
    pub cc: AddressesRef<'a>,
    pub bcc: AddressesRef<'a>,
    pub in_reply_to: Option<&'a [u8]>,
    pub message_id: Option<&'a [u8]>,
}

/// An address list in its stored form.
pub type AddressesRef<'a> = ListRef<'a, AddressRef<'a>>;

/// One entry of an address list; see [`Address`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddressRef<'a> {
    pub name: Option<&'a [u8]>,
    pub local: Option<&'a [u8]>,
    pub domain: Option<&'a [u8]>,
}

impl AddressRef<'_> {
    pub fn kind(&self) -> AddressKind {
        AddressKind::of(self.local.is_some(), self.domain.is_some())
    }

    pub fn to_owned(self) -> Address {
        let owned = |value: Option<&[u8]>| value.map(<[u8]>::to_vec);
        Address { name: owned(self.name), local: owned(self.local), domain: owned(self.domain) }
    }
}

impl<'a> Record<'a> for AddressRef<'a> {
    #[inline]
    fn read(reader: &mut Reader<'a>) -> Result<Self, Undecodable> {
        Ok(Self { name: reader.optional()?, local: reader.optional()?, domain: reader.optional()? })
    }
}

impl<'a> EnvelopeRef<'a> {
    pub fn decode(stored: &'a [u8]) -> Result<Self, Undecodable> {
        let mut reader = Reader(stored);
        reader.version(VERSION)?;
        let envelope = Self::read(&mut reader)?;
        if reader.is_empty() { Ok(envelope) } else { Err(Undecodable::Damaged) }
    }

    pub(super) fn read(reader: &mut Reader<'a>) -> Result<Self, Undecodable> {
        let flags = reader.byte()?;
        let date = reader.optional()?;
        let subject = reader.optional()?;
        let from = AddressesRef::read(reader)?;
        let mut list = |same_as_from: bool| if same_as_from { Ok(from) } else { AddressesRef::read(reader) };
        let sender = list(flags & SENDER_IS_FROM != 0)?;
        let reply_to = list(flags & REPLY_TO_IS_FROM != 0)?;
        let (to, cc, bcc) = (list(false)?, list(false)?, list(false)?);
        let in_reply_to = reader.optional()?;
        let message_id = reader.optional()?;
        Ok(Self { date, subject, from, sender, reply_to, to, cc, bcc, in_reply_to, message_id })
    }

    pub fn to_owned(&self) -> Envelope {
        let owned = |value: Option<&[u8]>| value.map(<[u8]>::to_vec);
        let list = |addresses: AddressesRef<'_>| addresses.iter().map(AddressRef::to_owned).collect();
        Envelope {
            date: owned(self.date),
            subject: owned(self.subject),
            from: list(self.from),
            sender: list(self.sender),
            reply_to: list(self.reply_to),
            to: list(self.to),
            cc: list(self.cc),
            bcc: list(self.bcc),
            in_reply_to: owned(self.in_reply_to),
            message_id: owned(self.message_id),
        }
    }
}

impl Envelope {
    /// The form to store.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(512);
        out.push(VERSION);
        self.write(&mut out);
        out
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let mut flags = 0;
        if self.sender == self.from {
            flags |= SENDER_IS_FROM;
        }
        if self.reply_to == self.from {
            flags |= REPLY_TO_IS_FROM;
        }
        out.push(flags);
        put_optional(out, self.date.as_deref());
        put_optional(out, self.subject.as_deref());
        put_addresses(out, &self.from);
        if flags & SENDER_IS_FROM == 0 {
            put_addresses(out, &self.sender);
        }
        if flags & REPLY_TO_IS_FROM == 0 {
            put_addresses(out, &self.reply_to);
        }
        [&self.to, &self.cc, &self.bcc].into_iter().for_each(|list| put_addresses(out, list));
        put_optional(out, self.in_reply_to.as_deref());
        put_optional(out, self.message_id.as_deref());
    }
}

fn put_addresses(out: &mut Vec<u8>, list: &[Address]) {
    if list.is_empty() {
        out.push(0);
        return;
    }
    put_framed(out, |out| {
        for entry in list {
            put_optional(out, entry.name.as_deref());
            put_optional(out, entry.local.as_deref());
            put_optional(out, entry.domain.as_deref());
        }
    });
}
