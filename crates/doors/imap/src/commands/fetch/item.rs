//! The items of FETCH: what each needs, and how it is written.

use super::{Message, Plan};
use crate::commands::object_id;
use crate::render;
use crate::session::flag_names;
use bytes::BytesMut;
use postroom_mail::{SummaryRef, Wanted};
use postroom_model::MailboxId;
use postroom_wire_imap::command::fetch::FetchItem;
use postroom_wire_imap::command::section::{Partial, Section, SectionText};
use postroom_wire_imap::response::FetchLine;
use postroom_wire_message::section::{self, Text};
use postroom_wire_message::{EnvelopeRef, FieldFilter, PartRef, are_listed, binary, header_end};
use std::borrow::Cow;

/// An item with what can be made ready before the first message.
pub(super) struct Item {
    item: FetchItem,
    /// For HEADER.FIELDS and HEADER.FIELDS.NOT.
    filter: Option<FieldFilter>,
    /// Part numbers of the section.
    part: Vec<u32>,
}

/// What is known of a message beside its entry.
#[derive(Default)]
pub(super) struct Materials<'a> {
    pub(super) summary: Option<SummaryRef<'a>>,
    pub(super) body: Option<&'a [u8]>,
    /// Where only that was read: the header, and perhaps some of what follows.
    pub(super) beginning: Option<&'a [u8]>,
}

impl<'a> Materials<'a> {
    fn beginning(&self) -> &'a [u8] {
        self.beginning.or(self.body).unwrap_or_default()
    }

    fn header(&self) -> &'a [u8] {
        let beginning = self.beginning();
        beginning.get(..header_end(beginning)).unwrap_or_default()
    }
}

impl Item {
    pub(super) fn of(item: &FetchItem) -> Self {
        let (mut filter, mut part) = (None, Vec::new());
        match item {
            FetchItem::BodySection { section, .. } => {
                part = section.part.iter().map(|n| n.get()).collect();
                filter = match &section.text {
                    SectionText::HeaderFields(names) => Some(FieldFilter::new(names, false)),
                    SectionText::HeaderFieldsNot(names) => Some(FieldFilter::new(names, true)),
                    _ => None,
                };
            }
            FetchItem::Binary { part: numbers, .. } | FetchItem::BinarySize(numbers) => {
                part = numbers.iter().map(|n| n.get()).collect();
            }
            _ => {}
        }
        Self { item: item.clone(), filter, part }
    }

    pub(super) fn is_flags(&self) -> bool {
        self.item == FetchItem::Flags
    }

    pub(super) fn is_modseq(&self) -> bool {
        self.item == FetchItem::ModSeq
    }

    pub(super) fn marks_seen(&self) -> bool {
        matches!(
            self.item,
            FetchItem::BodySection { peek: false, .. }
                | FetchItem::Binary { peek: false, .. }
                | FetchItem::Rfc822
                | FetchItem::Rfc822Text
        )
    }

    /// What has to be read for it.
    pub(super) fn wants(&self) -> Wanted {
        let (mut wanted, content) = (Wanted::default(), Wanted { content: true, ..Wanted::default() });
        match &self.item {
            FetchItem::Envelope => wanted.envelope = true,
            FetchItem::Body | FetchItem::BodyStructure => wanted.structure = true,
            FetchItem::Preview { .. } => wanted.preview = true,
            FetchItem::BodySection { .. } if self.is_listed() => wanted.listed_fields = true,
            FetchItem::BodySection { .. } if self.is_header() => return content,
            // The whole message needs no structure; its sections do.
            FetchItem::BodySection { section, .. } => return Wanted { structure: !is_whole(section), ..content },
            FetchItem::Rfc822 | FetchItem::Rfc822Header => return content,
            FetchItem::Binary { .. } | FetchItem::BinarySize(_) | FetchItem::Rfc822Text => {
                return Wanted { structure: true, ..content };
            }
            FetchItem::Uid
            | FetchItem::Flags
            | FetchItem::InternalDate
            | FetchItem::Rfc822Size
            | FetchItem::ModSeq
            | FetchItem::EmailId
            | FetchItem::ThreadId
            | FetchItem::SaveDate => {}
        }
        wanted
    }

    /// Whether it is fields of the header that are kept apart.
    fn is_listed(&self) -> bool {
        match &self.item {
            FetchItem::BodySection { section, .. } => match &section.text {
                SectionText::HeaderFields(names) => section.part.is_empty() && are_listed(names),
                _ => false,
            },
            _ => false,
        }
    }

    /// Whether it is the header of the message, or fields of it.
    pub(super) fn is_header(&self) -> bool {
        match &self.item {
            FetchItem::BodySection { section, .. } => {
                let fields = matches!(section.text, SectionText::HeaderFields(_) | SectionText::HeaderFieldsNot(_));
                section.part.is_empty() && (fields || section.text == SectionText::Header)
            }
            item => *item == FetchItem::Rfc822Header,
        }
    }
}

fn is_whole(section: &Section) -> bool {
    section.part.is_empty() && section.text == SectionText::All
}

type Line<'b> = FetchLine<'b, BytesMut>;

/// What came of writing an item.
pub(super) enum Written<'r> {
    Whole,
    /// Only what stands before the content, which is for the caller to send.
    Header(Cow<'r, [u8]>),
    /// The content cannot be decoded; NIL stands for it.
    UnknownEncoding,
}

impl Written<'_> {
    pub(super) fn content(&self) -> Option<&[u8]> {
        match self {
            Self::Header(content) => Some(content),
            Self::Whole | Self::UnknownEncoding => None,
        }
    }
}

/// Content larger than this is not copied into the line.
const LARGE: usize = 64 * 1024;

/// Writes one item of a message.
pub(super) fn write<'r>(
    line: &mut Line<'_>,
    plan: &Plan,
    message: &Message,
    materials: &Materials<'r>,
    item: &Item,
) -> Written<'r> {
    let wanted = item.wants();
    if wanted.content || wanted.listed_fields {
        return content(line, materials, item);
    }
    simple(line, plan.folder.mailbox(), message, item);
    summarised(line, materials, item, plan.utf8);
    Written::Whole
}

/// Items that the entry in memory answers.
fn simple(line: &mut Line<'_>, mailbox: MailboxId, message: &Message, item: &Item) {
    let entry = &message.entry;
    match item.item {
        FetchItem::Uid => line.uid(entry.uid),
        FetchItem::Flags => line.flags(flag_names(entry, message.recent)),
        FetchItem::InternalDate => line.internal_date(entry.received_at.seconds()),
        FetchItem::Rfc822Size => line.rfc822_size(u64::from(entry.size)),
        FetchItem::ModSeq => line.mod_seq(u64::try_from(entry.modseq.0).unwrap_or(0)),
        FetchItem::EmailId => line.email_id(&object_id::email(mailbox, entry.email)),
        FetchItem::ThreadId => line.thread_id(Some(&object_id::thread(mailbox, entry.thread))),
        FetchItem::SaveDate => line.save_date(entry.saved_at.seconds()),
        _ => {}
    }
}

/// Items that the stored summary answers.
fn summarised(line: &mut Line<'_>, materials: &Materials<'_>, item: &Item, utf8: bool) {
    let Some(summary) = materials.summary else { return };
    match item.item {
        FetchItem::Envelope => {
            if let Ok(envelope) = EnvelopeRef::decode(summary.envelope) {
                render::envelope(line.value("ENVELOPE"), &envelope, utf8);
            }
        }
        FetchItem::Body | FetchItem::BodyStructure => {
            if let Ok(part) = PartRef::decode(summary.structure) {
                let extended = item.item == FetchItem::BodyStructure;
                let name = if extended { "BODYSTRUCTURE" } else { "BODY" };
                render::structure(line.value(name), &part, extended, utf8);
            }
        }
        FetchItem::Preview { .. } => line.preview(std::str::from_utf8(summary.preview).ok()),
        _ => {}
    }
}

/// Items that need the message itself.
fn content<'r>(line: &mut Line<'_>, materials: &Materials<'r>, item: &Item) -> Written<'r> {
    let raw = materials.body.unwrap_or_default();
    match &item.item {
        FetchItem::Rfc822 => literal(line, "RFC822", Cow::Borrowed(raw)),
        FetchItem::Rfc822Header => literal(line, "RFC822.HEADER", Cow::Borrowed(materials.header())),
        FetchItem::Rfc822Text => literal(line, "RFC822.TEXT", text(raw, materials)),
        FetchItem::BodySection { section, partial, .. } => {
            let found = if is_whole(section) { Some(Cow::Borrowed(raw)) } else { find(raw, materials, section, item) };
            match found.map(|bytes| cut(bytes, *partial)) {
                Some(bytes) if bytes.len() > LARGE => {
                    line.body_section_header(section, *partial, bytes.len() as u64);
                    return Written::Header(bytes);
                }
                found => line.body_section(section, *partial, found.as_deref()),
            }
            Written::Whole
        }
        FetchItem::Binary { .. } | FetchItem::BinarySize(_) => decoded(line, raw, materials, item),
        _ => Written::Whole,
    }
}

fn literal<'r>(line: &mut Line<'_>, name: &str, bytes: Cow<'r, [u8]>) -> Written<'r> {
    if bytes.len() > LARGE {
        line.named_literal_header(name, bytes.len() as u64);
        return Written::Header(bytes);
    }
    line.named_literal(name, &bytes);
    Written::Whole
}

fn structure<'a>(materials: &Materials<'a>) -> Option<PartRef<'a>> {
    PartRef::decode(materials.summary?.structure).ok()
}

fn find<'r>(raw: &'r [u8], materials: &Materials<'r>, section: &Section, item: &Item) -> Option<Cow<'r, [u8]>> {
    let text = match (&section.text, &item.filter) {
        (SectionText::All, _) => Text::Whole,
        (SectionText::Header, _) => Text::Header,
        (SectionText::HeaderFields(_) | SectionText::HeaderFieldsNot(_), Some(filter)) => Text::Fields(filter),
        (SectionText::HeaderFields(_) | SectionText::HeaderFieldsNot(_), None) => return None,
        (SectionText::Text, _) => Text::Text,
        (SectionText::Mime, _) => Text::Mime,
    };
    if !item.is_header() {
        return section::find(raw, &structure(materials)?, &section::Section { part: &item.part, text });
    }
    Some(match text {
        Text::Fields(filter) => {
            let mut fields = Vec::with_capacity(512);
            // It stops by itself where the header ends.
            filter.copy(materials.beginning(), &mut fields);
            Cow::Owned(fields)
        }
        Text::Whole | Text::Header | Text::Text | Text::Mime => Cow::Borrowed(materials.header()),
    })
}

fn text<'r>(raw: &'r [u8], materials: &Materials<'_>) -> Cow<'r, [u8]> {
    let wanted = section::Section { part: &[], text: Text::Text };
    structure(materials).and_then(|part| section::find(raw, &part, &wanted)).unwrap_or_default()
}

/// BINARY and BINARY.SIZE: the content of a part without its transfer encoding. A part that is not there has the value
/// NIL, and the size 0.
fn decoded<'r>(line: &mut Line<'_>, raw: &'r [u8], materials: &Materials<'_>, item: &Item) -> Written<'r> {
    // None: the whole message, which has no encoding.
    let part = structure(materials).and_then(|root| section::find_part(&root, &item.part));
    match &item.item {
        FetchItem::BinarySize(number) => {
            let size = match part {
                Some(Some(part)) => binary::decoded_size(raw, &part),
                Some(None) => Ok(raw.len()),
                None => Ok(0),
            };
            line.binary_size(number, *size.as_ref().unwrap_or(&0) as u64);
            size.map_or(Written::UnknownEncoding, |_| Written::Whole)
        }
        FetchItem::Binary { part: number, partial, .. } => {
            let bytes = match part {
                Some(Some(part)) => binary::decode(raw, &part).map(Some),
                Some(None) => Ok(Some(Cow::Borrowed(raw))),
                None => Ok(None),
            };
            match bytes.map(|bytes| bytes.map(|bytes| cut(bytes, *partial))) {
                Ok(Some(bytes)) if bytes.len() > LARGE => {
                    line.binary_header(number, *partial, bytes.len() as u64, bytes.contains(&0));
                    Written::Header(bytes)
                }
                Ok(bytes) => {
                    line.binary(number, *partial, bytes.as_deref());
                    Written::Whole
                }
                Err(_) => {
                    line.binary(number, *partial, None);
                    Written::UnknownEncoding
                }
            }
        }
        _ => Written::Whole,
    }
}

fn cut(bytes: Cow<'_, [u8]>, partial: Option<Partial>) -> Cow<'_, [u8]> {
    match (partial, bytes) {
        (None, bytes) => bytes,
        (Some(partial), Cow::Borrowed(bytes)) => Cow::Borrowed(section::partial(bytes, partial.offset, partial.count)),
        (Some(partial), Cow::Owned(bytes)) => {
            Cow::Owned(section::partial(&bytes, partial.offset, partial.count).to_vec())
        }
    }
}
