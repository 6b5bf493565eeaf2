//! IMAP sections (RFC 9051 6.4.5.1) of a filed message: ranges of its raw bytes. Start reading at [`locate`].

use std::borrow::Cow;
use std::ops::Range;

use crate::codec::PartRef;
use crate::fields::FieldFilter;

/// What stands between the brackets of `BODY[...]`: `BODY[1.2.HEADER]` is part `[1, 2]` with [`Text::Header`].
#[derive(Debug, Clone, Copy)]
pub struct Section<'s> {
    pub part: &'s [u32],
    pub text: Text<'s>,
}

#[derive(Debug, Clone, Copy)]
pub enum Text<'s> {
    /// No word: the whole message, or the body of the part.
    Whole,
    /// The header of the message, or of the message enclosed in the part.
    Header,
    /// `HEADER.FIELDS` and `HEADER.FIELDS.NOT`.
    Fields(&'s FieldFilter),
    /// The body of the message, or of the message enclosed in the part.
    Text,
    /// The header of the part itself.
    Mime,
}

/// Where the answer is: known before any byte of the message is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// These bytes of the raw message.
    Bytes(Range<usize>),
    /// The fields that the filter takes from the header block at these bytes.
    Fields(Range<usize>),
}

impl Place {
    pub fn range(&self) -> Range<usize> {
        match self {
            Self::Bytes(range) | Self::Fields(range) => range.clone(),
        }
    }
}

/// The place of a section; `None` where the message has no such part, or the part no such text.
pub fn locate(structure: &PartRef<'_>, section: &Section<'_>) -> Option<Place> {
    let Some(part) = find_part(structure, section.part)? else {
        return in_message(structure, section.text);
    };
    match section.text {
        Text::Whole => Some(Place::Bytes(part.body())),
        Text::Mime => Some(Place::Bytes(part.header())),
        Text::Header | Text::Fields(_) | Text::Text => in_message(&part.message()?.1, section.text),
    }
}

/// The bytes of a section. `raw` is the whole message the structure was made from.
pub fn find<'r>(raw: &'r [u8], structure: &PartRef<'_>, section: &Section<'_>) -> Option<Cow<'r, [u8]>> {
    let place = locate(structure, section)?;
    let bytes = raw.get(place.range())?;
    match (place, section.text) {
        (Place::Fields(_), Text::Fields(filter)) => {
            let mut out = Vec::with_capacity(256);
            filter.copy(bytes, &mut out);
            Some(Cow::Owned(out))
        }
        _ => Some(Cow::Borrowed(bytes)),
    }
}

/// `<start.length>`: what of the bytes is asked for; nothing where it starts behind their end.
pub fn partial(bytes: &[u8], start: u64, length: u64) -> &[u8] {
    let start = usize::try_from(start).unwrap_or(usize::MAX).min(bytes.len());
    let end = start.saturating_add(usize::try_from(length).unwrap_or(usize::MAX)).min(bytes.len());
    bytes.get(start..end).unwrap_or_default()
}

/// The part with this number, for `BODY[1.2]` and `BINARY[1.2]`. `Some(None)`: the number is empty and means the message.
pub fn find_part<'a>(structure: &PartRef<'a>, number: &[u32]) -> Option<Option<PartRef<'a>>> {
    let Some((&first, rest)) = number.split_first() else { return Some(None) };
    let mut part = part_of_message(structure, first)?;
    for &number in rest {
        part = match part.message() {
            Some((_, enclosed)) => part_of_message(&enclosed, number)?,
            None => child(&part, number)?,
        };
    }
    Some(Some(part))
}

/// Every message has at least part 1: where it is no multipart, this is its body.
fn part_of_message<'a>(root: &PartRef<'a>, number: u32) -> Option<PartRef<'a>> {
    if root.is_multipart() { child(root, number) } else { (number == 1).then_some(*root) }
}

fn child<'a>(part: &PartRef<'a>, number: u32) -> Option<PartRef<'a>> {
    part.children.get(usize::try_from(number).ok()?.checked_sub(1)?)
}

fn in_message(root: &PartRef<'_>, text: Text<'_>) -> Option<Place> {
    match text {
        Text::Whole => Some(Place::Bytes(root.header_start..root.body_end)),
        Text::Header => Some(Place::Bytes(root.header())),
        Text::Fields(_) => Some(Place::Fields(root.header())),
        Text::Text => Some(Place::Bytes(root.body())),
        // RFC 9051 6.4.5.1: MIME needs a part number in front.
        Text::Mime => None,
    }
}

#[cfg(test)]
mod tests;
