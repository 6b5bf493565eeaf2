//! The MIME tree of a message (RFC 9051 7.5.2 BODYSTRUCTURE), with the place of every part in the raw bytes.
//! Start reading at [`Part`]; `build` makes it from the parser's parts.

use std::ops::Range;

use crate::envelope::Envelope;
use crate::params::Params;

mod build;
mod lines;

pub(crate) use build::{opaque, root, sealed};

/// One part. Type, subtype, encoding and the names of parameters are in lower case; other values are as written,
/// unfolded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub kind: Vec<u8>,
    pub subtype: Vec<u8>,
    pub params: Params,
    pub id: Option<Vec<u8>>,
    pub description: Option<Vec<u8>>,
    /// `7bit` where the part names none.
    pub encoding: Vec<u8>,
    pub md5: Option<Vec<u8>>,
    pub disposition: Option<Disposition>,
    pub language: Vec<Vec<u8>>,
    pub location: Option<Vec<u8>>,
    /// The file name for people: RFC 2231 and encoded words decoded.
    pub file_name: Option<String>,
    /// Line breaks in the body, for `text/*` and messages; 0 for others.
    pub lines: usize,
    pub header_start: usize,
    pub body_start: usize,
    pub body_end: usize,
    pub roles: Roles,
    pub content: Content,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disposition {
    /// `inline`, `attachment` or another word, in lower case.
    pub kind: Vec<u8>,
    pub params: Params,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    Leaf,
    /// Never empty: a multipart without parts is shown as a text part.
    Multipart(Vec<Part>),
    /// `message/rfc822` or `message/global`. Where it could not be read, its envelope is empty and its body one text.
    Message(Box<(Envelope, Part)>),
}

/// What RFC 8621 4.1.4 uses the part for, within the message that it directly belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Roles(pub(crate) u8);

impl Roles {
    pub(crate) const TEXT_BODY: u8 = 1;
    pub(crate) const HTML_BODY: u8 = 2;
    pub(crate) const ATTACHMENT: u8 = 4;
    pub(crate) const SENDABLE: u8 = 8;

    pub(crate) fn with(self, bit: u8, set: bool) -> Self {
        if set { Self(self.0 | bit) } else { self }
    }

    pub fn in_text_body(self) -> bool {
        self.0 & Self::TEXT_BODY != 0
    }

    pub fn in_html_body(self) -> bool {
        self.0 & Self::HTML_BODY != 0
    }

    /// Listed in `attachments`.
    pub fn is_attachment(self) -> bool {
        self.0 & Self::ATTACHMENT != 0
    }

    /// An attachment that someone attached: no image the HTML shows, no calendar text, no signature.
    pub fn is_sendable(self) -> bool {
        self.0 & Self::SENDABLE != 0
    }
}

impl Part {
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

    /// A parameter of the Content-Type by its lower-case name.
    pub fn param(&self, name: &str) -> Option<&[u8]> {
        self.params.iter().find(|(key, _)| key == name.as_bytes()).map(|(_, value)| value.as_slice())
    }

    pub fn children(&self) -> &[Part] {
        match &self.content {
            Content::Multipart(children) => children,
            Content::Leaf | Content::Message(_) => &[],
        }
    }

    /// The envelope and structure of an enclosed message.
    pub fn message(&self) -> Option<(&Envelope, &Part)> {
        match &self.content {
            Content::Message(message) => Some((&message.0, &message.1)),
            Content::Leaf | Content::Multipart(_) => None,
        }
    }

    /// This part and those below it in document order, without the inside of enclosed messages.
    pub fn walk(&self) -> Vec<&Part> {
        let mut found = vec![self];
        let mut at = 0;
        while let Some(part) = found.get(at).copied() {
            found.splice(at + 1..at + 1, part.children());
            at += 1;
        }
        found
    }
}

#[cfg(test)]
mod tests;
