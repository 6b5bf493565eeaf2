//! Everything a message is asked for later, in one pass when it is filed. Start reading at [`Parsed::of`].

use mail_parser::{HeaderForm, HeaderName, MessageParser};
use std::sync::LazyLock;

use crate::date::parse_date;
use crate::envelope::Envelope;
use crate::message_id::{own_id, references};
use crate::preview::preview;
use crate::structure::{self, Part};
use crate::subject::base_subject;
use crate::text::decode_header;

/// A parsed message. Identifiers are without angle brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed {
    pub envelope: Envelope,
    pub structure: Part,
    /// At most [`crate::MAX_PREVIEW_CHARS`] characters of readable text.
    pub preview: String,
    /// Unix seconds of the Date field; `None` where it is absent or no date.
    pub sent_at: Option<i64>,
    pub message_id: Option<Vec<u8>>,
    /// References, then In-Reply-To: each once, at most [`crate::MAX_REFERENCES`].
    pub references: Vec<Vec<u8>>,
    /// How many of these, from the first on, say where the message stands in its thread, the nearest last (RFC 5256 3).
    pub ancestors: usize,
    /// The subject for people.
    pub subject_text: String,
    /// RFC 5256 2.1.
    pub base_subject: String,
    /// The subject said that this is a reply or a forward.
    pub is_reply: bool,
    /// Someone attached something that a client should offer (RFC 8621 4.1.4 hasAttachment).
    pub has_attachment: bool,
}

/// A message that may have more header fields in all its parts is not taken apart.
pub const MAX_FIELDS: usize = 2_000_000;

/// Structured values are read from the raw header blocks; the parser needs to look only at the MIME fields and, for
/// nothing but the file name, decodes them.
static PARSER: LazyLock<MessageParser> = LazyLock::new(|| {
    let names = [
        HeaderName::Subject,
        HeaderName::Comments,
        HeaderName::ContentDescription,
        HeaderName::ContentLocation,
        HeaderName::From,
        HeaderName::To,
        HeaderName::Cc,
        HeaderName::Bcc,
        HeaderName::ReplyTo,
        HeaderName::Sender,
        HeaderName::ResentTo,
        HeaderName::ResentFrom,
        HeaderName::ResentBcc,
        HeaderName::ResentCc,
        HeaderName::ResentSender,
        HeaderName::ListArchive,
        HeaderName::ListHelp,
        HeaderName::ListId,
        HeaderName::ListOwner,
        HeaderName::ListPost,
        HeaderName::ListSubscribe,
        HeaderName::ListUnsubscribe,
        HeaderName::Date,
        HeaderName::ResentDate,
        HeaderName::MessageId,
        HeaderName::References,
        HeaderName::InReplyTo,
        HeaderName::ReturnPath,
        HeaderName::ContentId,
        HeaderName::ResentMessageId,
        HeaderName::Keywords,
        HeaderName::ContentLanguage,
        HeaderName::Received,
        HeaderName::MimeVersion,
    ];
    let parser = MessageParser::new().unknown_headers(HeaderForm::Ignore).max_encoded_nesting(0);
    names.into_iter().fold(parser, |parser, name| parser.header(name, HeaderForm::Ignore))
});

impl Parsed {
    /// Reads any bytes as some message.
    pub fn of(raw: &[u8]) -> Self {
        let structure = structure_of(raw);
        let header = raw.get(structure.header()).unwrap_or_default();
        let envelope = Envelope::of(header);
        let subject_text = envelope.subject.as_deref().map(decode_header).unwrap_or_default();
        let base = base_subject(&subject_text);
        let (references, ancestors) = references(header);
        Self {
            preview: preview(raw, &structure),
            sent_at: envelope.date.as_deref().and_then(parse_date),
            message_id: envelope.message_id.as_deref().and_then(own_id),
            references,
            ancestors,
            subject_text,
            base_subject: base.text,
            is_reply: base.is_reply,
            has_attachment: offers_attachment(&structure),
            structure,
            envelope,
        }
    }

    /// The parts that RFC 8621 4.1.4 lists as attachments.
    pub fn attachments(&self) -> impl Iterator<Item = &Part> {
        self.structure.walk().into_iter().filter(|part| part.roles.is_attachment())
    }

    /// The attachments that the right `attachment.add` counts: without images that the HTML shows, calendar texts and
    /// signatures.
    pub fn sendable_attachments(&self) -> impl Iterator<Item = &Part> {
        self.structure.walk().into_iter().filter(|part| part.roles.is_sendable())
    }
}

fn structure_of(raw: &[u8]) -> Part {
    if may_hold_too_many_fields(raw) {
        return structure::sealed(raw);
    }
    match PARSER.parse(raw) {
        Some(message) => structure::root(&message),
        None => structure::opaque(raw),
    }
}

/// The parser keeps some 40 bytes for every header field of every part. Each field has a colon and a line.
fn may_hold_too_many_fields(raw: &[u8]) -> bool {
    let count = |byte| memchr::memchr_iter(byte, raw).count();
    raw.len() > MAX_FIELDS && count(b':') > MAX_FIELDS && count(b'\n') > MAX_FIELDS
}

fn offers_attachment(root: &Part) -> bool {
    let is_inline = |part: &Part| part.disposition.as_ref().is_some_and(|value| value.kind == b"inline");
    root.walk().into_iter().any(|part| part.roles.is_sendable() && !is_inline(part))
}
