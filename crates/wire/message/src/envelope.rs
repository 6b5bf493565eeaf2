//! The ENVELOPE of a message (RFC 9051 7.5.2), from its header block.

use crate::address::{self, Address, MAX_ADDRESSES, addresses};
use crate::fields::{Fields, unfold};

/// `None` where the field is absent, an empty value where it is present and empty. Values are unfolded; encoded words
/// are untouched. Where a field stands twice, the first counts; address fields are joined.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Envelope {
    pub date: Option<Vec<u8>>,
    pub subject: Option<Vec<u8>>,
    pub from: Vec<Address>,
    /// As `from` where the message has no Sender (RFC 9051 7.5.2 demands it).
    pub sender: Vec<Address>,
    /// As `from` where the message has no Reply-To.
    pub reply_to: Vec<Address>,
    pub to: Vec<Address>,
    pub cc: Vec<Address>,
    pub bcc: Vec<Address>,
    pub in_reply_to: Option<Vec<u8>>,
    pub message_id: Option<Vec<u8>>,
}

impl Envelope {
    /// The envelope of the message whose header block this is.
    pub fn of(header: &[u8]) -> Self {
        let mut envelope = Self::default();
        for field in Fields::of(header) {
            // The length decides first: most fields of a mail are none of these.
            match field.name.len() {
                2 if field.is("To") => join(&mut envelope.to, field.value),
                2 if field.is("Cc") => join(&mut envelope.cc, field.value),
                3 if field.is("Bcc") => join(&mut envelope.bcc, field.value),
                4 if field.is("From") => join(&mut envelope.from, field.value),
                4 if field.is("Date") => first(&mut envelope.date, field.value),
                6 if field.is("Sender") => join(&mut envelope.sender, field.value),
                7 if field.is("Subject") => first(&mut envelope.subject, field.value),
                8 if field.is("Reply-To") => join(&mut envelope.reply_to, field.value),
                10 if field.is("Message-ID") => first(&mut envelope.message_id, field.value),
                11 if field.is("In-Reply-To") => first(&mut envelope.in_reply_to, field.value),
                _ => {}
            }
        }
        if envelope.sender.is_empty() {
            envelope.sender.clone_from(&envelope.from);
        }
        if envelope.reply_to.is_empty() {
            envelope.reply_to.clone_from(&envelope.from);
        }
        envelope
    }
}

fn first(slot: &mut Option<Vec<u8>>, value: &[u8]) {
    if slot.is_none() {
        *slot = Some(unfold(value).into_owned());
    }
}

fn join(list: &mut Vec<Address>, value: &[u8]) {
    if list.is_empty() {
        *list = addresses(value);
    } else if list.len() < MAX_ADDRESSES {
        list.extend(addresses(value));
        if list.len() > MAX_ADDRESSES {
            address::cut(list);
        }
    }
}

#[cfg(test)]
mod tests;
