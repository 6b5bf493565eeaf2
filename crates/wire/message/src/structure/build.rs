//! From the parser's parts to [`Part`]s. The parser finds the boundaries and decides what is body and what attachment;
//! all values are read from the raw header blocks, because BODYSTRUCTURE shows them undecoded.

use mail_parser::{Message, MessagePart, MessageRef, PartKind};

use super::lines::Lines;
use super::{Content, Disposition, Part, Roles};
use crate::attachment::Sendable;
use crate::envelope::Envelope;
use crate::fields::{Fields, MAX_VALUE, header_end, unfold};
use crate::params::{MAX_PARAMS, Params, token_and_params};

/// The structure of a parsed message.
pub(crate) fn root(message: &Message<'_>) -> Part {
    let places = message.parts().flat_map(|part| [part.offset_body() as usize, part.offset_end() as usize]).collect();
    let builder = Builder {
        raw: message.raw(),
        lines: Lines::count(message.raw(), places),
        sendable: Sendable::in_message(message),
    };
    builder.message(message.root())
}

/// Bytes without a header, or a message too long to be taken apart: all body, shown as text.
pub(crate) fn opaque(raw: &[u8]) -> Part {
    let body = header_end(raw);
    let lines = Lines::count(raw, vec![body, raw.len()]);
    let roles = Roles(Roles::TEXT_BODY | Roles::HTML_BODY);
    Part { header_start: 0, roles, ..plain_text(body, raw.len(), lines.within(body..raw.len())) }
}

/// A message that would need too much memory to be taken apart. What it holds counts as attached, so that nobody passes
/// something by a check in this way.
pub(crate) fn sealed(raw: &[u8]) -> Part {
    let mut part = opaque(raw);
    set_type(&mut part, "application", "octet-stream");
    part.params.clear();
    part.lines = 0;
    part.roles = Roles(Roles::ATTACHMENT | Roles::SENDABLE);
    part
}

fn plain_text(start: usize, end: usize, lines: usize) -> Part {
    Part {
        kind: b"text".to_vec(),
        subtype: b"plain".to_vec(),
        params: us_ascii(),
        id: None,
        description: None,
        encoding: b"7bit".to_vec(),
        md5: None,
        disposition: None,
        language: Vec::new(),
        location: None,
        file_name: None,
        lines,
        header_start: start,
        body_start: start,
        body_end: end,
        roles: Roles::default(),
        content: Content::Leaf,
    }
}

/// RFC 2045 5.2: what a part is that does not say.
fn us_ascii() -> Params {
    vec![(b"charset".to_vec(), b"us-ascii".to_vec())]
}

struct Builder<'m> {
    raw: &'m [u8],
    lines: Lines,
    sendable: Sendable,
}

impl Builder<'_> {
    fn message(&self, message: MessageRef<'_>) -> Part {
        self.part(message.root_part())
    }

    fn part(&self, source: MessagePart<'_>) -> Part {
        let (start, body, end) = (source.offset_header(), source.offset_body(), source.offset_end());
        let (start, body) = (start as usize, body as usize);
        let end = (end as usize).max(body);
        let mut part = plain_text(start, end, 0);
        part.body_start = body;
        self.read_fields(&mut part);
        self.set_content(&mut part, source);
        part.roles = Roles::default()
            .with(Roles::TEXT_BODY, source.in_text_body())
            .with(Roles::HTML_BODY, source.in_html_body())
            .with(Roles::ATTACHMENT, source.is_attachment())
            .with(Roles::SENDABLE, source.is_attachment() && self.sendable.counts(source, &part));
        part.file_name = source.attachment_name().filter(|name| !name.is_empty()).map(bounded);
        part
    }

    /// The MIME fields of the part's header. Content-Type, Content-Disposition and Content-Transfer-Encoding: the last
    /// one counts, as for the parser; of the others the first.
    fn read_fields(&self, part: &mut Part) {
        for field in Fields::of(self.raw.get(part.header()).unwrap_or_default()) {
            let Some((_, name)) = field.name.split_at_checked(8).filter(|(start, _)| is_content(start)) else {
                continue;
            };
            let value = || unfold(field.value).into_owned();
            match name.to_ascii_lowercase().as_slice() {
                b"type" => (_, part.params) = token_and_params(field.value),
                b"transfer-encoding" => part.encoding = encoding(field.value),
                b"disposition" => part.disposition = disposition(field.value),
                b"id" => part.id = part.id.take().or_else(|| Some(value())),
                b"description" => part.description = part.description.take().or_else(|| Some(value())),
                b"md5" => part.md5 = part.md5.take().or_else(|| Some(value())),
                b"location" => part.location = part.location.take().or_else(|| Some(value())),
                b"language" if part.language.is_empty() => part.language = languages(field.value),
                _ => {}
            }
        }
    }

    fn set_content(&self, part: &mut Part, source: MessagePart<'_>) {
        let written = source.content_type().map(|value| (value.ctype(), value.subtype().unwrap_or_default()));
        match source.kind() {
            PartKind::Multipart => {
                let children: Vec<Part> = source.children().map(|child| self.part(child)).collect();
                if children.is_empty() {
                    set_plain_text(part);
                } else {
                    set_type(part, "multipart", written.map_or("mixed", |(_, subtype)| or(subtype, "mixed")));
                    part.content = Content::Multipart(children);
                }
            }
            PartKind::Message(nested) => self.set_message(part, written, Some(nested)),
            PartKind::Text | PartKind::Html | PartKind::Binary | PartKind::InlineBinary => match written {
                Some(("message", "rfc822" | "global")) => self.set_message(part, written, None),
                None | Some(("multipart" | "", _)) => set_plain_text(part),
                Some(("text", "")) => set_type(part, "text", "plain"),
                Some((_, "")) => set_type(part, "application", "octet-stream"),
                Some((kind, subtype)) => set_type(part, kind, subtype),
            },
        }
        if part.kind == b"text" {
            part.lines = self.lines.within(part.body());
        }
    }

    fn set_message(&self, part: &mut Part, written: Option<(&str, &str)>, nested: Option<MessageRef<'_>>) {
        // In a multipart/digest a part without Content-Type is a message (RFC 2046 5.1.5).
        let (kind, subtype) = written.unwrap_or(("message", "rfc822"));
        set_type(part, kind, subtype);
        if written.is_none() {
            part.params.clear();
        }
        part.lines = self.lines.within(part.body());
        let inner = match nested {
            Some(nested) => self.message(nested),
            None => plain_text(part.body_start, part.body_end, part.lines),
        };
        let envelope = Envelope::of(self.raw.get(inner.header()).unwrap_or_default());
        part.content = Content::Message(Box::new((envelope, inner)));
    }
}

fn is_content(start: &[u8]) -> bool {
    start.eq_ignore_ascii_case(b"content-")
}

/// A part of no type, or a multipart without parts: a BODYSTRUCTURE cannot show these otherwise.
fn set_plain_text(part: &mut Part) {
    set_type(part, "text", "plain");
    part.params = us_ascii();
}

fn set_type(part: &mut Part, kind: &str, subtype: &str) {
    part.kind = kind.as_bytes().to_vec();
    part.subtype = subtype.as_bytes().to_vec();
}

fn or<'a>(value: &'a str, default: &'a str) -> &'a str {
    if value.is_empty() { default } else { value }
}

fn bounded(name: &str) -> String {
    name.get(..name.floor_char_boundary(MAX_VALUE)).unwrap_or_default().to_owned()
}

fn encoding(value: &[u8]) -> Vec<u8> {
    let value = unfold(value);
    let token = value.split(|&byte| byte == b'(').next().unwrap_or_default().trim_ascii();
    if token.is_empty() { b"7bit".to_vec() } else { token.to_ascii_lowercase() }
}

fn disposition(value: &[u8]) -> Option<Disposition> {
    let (kind, params) = token_and_params(value);
    (!kind.is_empty()).then_some(Disposition { kind, params })
}

fn languages(value: &[u8]) -> Vec<Vec<u8>> {
    let value = unfold(value);
    let tags = value.split(|&byte| byte == b',').map(|tag| tag.trim_ascii().to_vec());
    tags.filter(|tag| !tag.is_empty()).take(MAX_PARAMS).collect()
}
