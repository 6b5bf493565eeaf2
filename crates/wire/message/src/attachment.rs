//! Which attachments someone attached, and which only belong to the look or the transport of the message.
//! Start reading at [`Sendable`].

use mail_parser::{Message, MessagePart, PartKind};
use memchr::memchr_iter;

use crate::structure::Part;

/// Decides for the attachments of the outermost message.
pub(crate) struct Sendable {
    shown: Vec<Vec<u8>>,
}

impl Sendable {
    /// Reads which Content-IDs the HTML refers to; only where an image could be meant.
    pub(crate) fn in_message(message: &Message<'_>) -> Self {
        let mut shown = Vec::new();
        if message.attachments().any(is_image) {
            let html = message.root().parts().filter(|part| matches!(part.kind(), PartKind::Html));
            html.for_each(|part| collect_references(&part.decoded(), &mut shown));
            shown.sort_unstable();
            shown.dedup();
        }
        Self { shown }
    }

    pub(crate) fn counts(&self, source: MessagePart<'_>, part: &Part) -> bool {
        match (part.kind.as_slice(), part.subtype.as_slice()) {
            (b"text", b"calendar") => false,
            (b"application", b"pgp-signature" | b"pkcs7-signature" | b"x-pkcs7-signature") => false,
            _ => !(is_image(source) && self.is_shown(part)),
        }
    }

    fn is_shown(&self, part: &Part) -> bool {
        let id = part.id.as_deref().unwrap_or_default();
        let id = id.trim_ascii();
        let id = id.strip_prefix(b"<").unwrap_or(id);
        let id = id.strip_suffix(b">").unwrap_or(id);
        self.shown.binary_search_by(|known| known.as_slice().cmp(id)).is_ok()
    }
}

fn is_image(part: MessagePart<'_>) -> bool {
    part.content_type().is_some_and(|value| value.ctype() == "image")
}

/// The targets of every `cid:` URL (RFC 2392 section 2).
fn collect_references(html: &[u8], found: &mut Vec<Vec<u8>>) {
    for colon in memchr_iter(b':', html) {
        if found.len() >= MAX_REFERENCES {
            return;
        }
        let scheme = html.get(colon.saturating_sub(3)..colon).unwrap_or_default();
        if !scheme.eq_ignore_ascii_case(b"cid") {
            continue;
        }
        let rest = html.get(colon + 1..).unwrap_or_default();
        let stop = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b')' | b'(');
        let target = rest.get(..rest.iter().take(MAX_TARGET).position(stop).unwrap_or(0)).unwrap_or_default();
        if !target.is_empty() {
            found.push(percent_decoded(target));
        }
    }
}

/// Longer Content-IDs are not looked for.
const MAX_TARGET: usize = 1000;
/// Images referred to after this many references count as attached.
const MAX_REFERENCES: usize = 10_000;

fn percent_decoded(target: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(target.len());
    let mut rest = target;
    while let Some((&byte, after)) = rest.split_first() {
        let escaped = (byte == b'%').then(|| after.first_chunk::<2>()).flatten().and_then(|pair| hex(*pair));
        decoded.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    decoded
}

fn hex([high, low]: [u8; 2]) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? << 4 | digit(low)?)
}

#[cfg(test)]
mod tests;
