//! FETCH: which messages, which items, with which modifiers.

use std::num::NonZeroU32;

use super::Command;
use super::section::{self, Partial, Section};
use crate::cursor::{Cursor, Expected, Parsed};
use crate::sequence::{MessageSet, PartialRange};

/// FETCH (RFC 9051 §6.4.5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// The numbers are UIDs; every answer then carries the UID.
    pub uid: bool,
    /// Which messages.
    pub messages: MessageSet,
    /// What is wanted of each, macros resolved. The first items are each there once; in a long list one may come again.
    pub items: Vec<FetchItem>,
    /// Only messages changed since this modification (RFC 7162 §3.1.4.1).
    pub changed_since: Option<u64>,
    /// Also tell which have vanished since then (RFC 7162 §3.2.6); only with `uid` and `changed_since`.
    pub vanished: bool,
    /// Only this range of the messages, counted among those there are (RFC 9394 §3.3).
    pub partial: Option<PartialRange>,
}

/// An item of FETCH.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FetchItem {
    Uid,
    Flags,
    InternalDate,
    Envelope,
    /// `BODY` without a section: BODYSTRUCTURE without extension data.
    Body,
    BodyStructure,
    /// `BODY[…]`, `BODY.PEEK[…]`
    BodySection {
        /// Does not set `\Seen`.
        peek: bool,
        section: Section,
        partial: Option<Partial>,
    },
    /// `BINARY[…]`, `BINARY.PEEK[…]`: decoded content
    Binary {
        /// Does not set `\Seen`.
        peek: bool,
        part: Vec<NonZeroU32>,
        partial: Option<Partial>,
    },
    /// `BINARY.SIZE[…]`
    BinarySize(Vec<NonZeroU32>),
    /// RFC 3501 only: like `BODY[]`.
    Rfc822,
    /// RFC 3501 only: like `BODY.PEEK[HEADER]`.
    Rfc822Header,
    Rfc822Size,
    /// RFC 3501 only: like `BODY[TEXT]`.
    Rfc822Text,
    /// RFC 7162 §3.1.4.2
    ModSeq,
    /// RFC 8474 §5.1
    EmailId,
    /// RFC 8474 §5.2
    ThreadId,
    /// RFC 8514 §4.2
    SaveDate,
    /// RFC 8970 §3
    Preview {
        /// Only if it is at hand.
        lazy: bool,
    },
}

/// Clients ask for parts one by one, so this is generous; it keeps one line from asking for a message 10,000 times.
const MOST_ITEMS: usize = 500;
/// Each item is compared with those before it, as long as these are few.
const FEW_ITEMS: usize = 32;

/// RFC 4466 §2.5: `fetch = "FETCH" SP sequence-set SP ("ALL" / "FULL" / "FAST" / fetch-att /
/// "(" fetch-att *(SP fetch-att) ")") [fetch-modifiers]`
pub(super) fn fetch(cursor: &mut Cursor<'_>, uid: bool) -> Parsed<Command> {
    let messages = cursor.message_set()?;
    cursor.space()?;
    let items = if cursor.peek() == Some(b'(') {
        items(cursor)?
    } else if let Some(expansion) = macro_items(cursor) {
        expansion.to_vec()
    } else {
        vec![item(cursor)?]
    };
    let mut fetch = Fetch { uid, messages, items, changed_since: None, vanished: false, partial: None };
    modifiers(cursor, &mut fetch)?;
    Ok(Command::Fetch(fetch))
}

/// `"(" fetch-att *(SP fetch-att) ")"`
pub(super) fn items(cursor: &mut Cursor<'_>) -> Parsed<Vec<FetchItem>> {
    let mut items = Vec::with_capacity(8);
    cursor.list("a list of items", |cursor| {
        let item = item(cursor)?;
        if items.len() >= MOST_ITEMS {
            return cursor.expected("fewer items");
        }
        if items.len() > FEW_ITEMS || !items.contains(&item) {
            items.push(item);
        }
        Ok(())
    })?;
    Ok(items)
}

/// RFC 9051 §6.4.5: macros stand alone, never in a list.
fn macro_items(cursor: &mut Cursor<'_>) -> Option<&'static [FetchItem]> {
    const FULL: &[FetchItem] =
        &[FetchItem::Flags, FetchItem::InternalDate, FetchItem::Rfc822Size, FetchItem::Envelope, FetchItem::Body];
    [(&b"ALL"[..], &FULL[..4]), (b"FAST", &FULL[..3]), (b"FULL", FULL)]
        .into_iter()
        .find_map(|(name, expansion)| cursor.eat_text(name).then_some(expansion))
}

/// RFC 9051 §9: `fetch-att = "ENVELOPE" / "FLAGS" / "INTERNALDATE" / "RFC822.SIZE" / "BODY" ["STRUCTURE"] / "UID" /
/// "BODY" section [partial] / "BODY.PEEK" section [partial] / "BINARY" [".PEEK"] section-binary [partial] /
/// "BINARY.SIZE" section-binary`, and those of the extensions named at [`FetchItem`]
fn item(cursor: &mut Cursor<'_>) -> Parsed<FetchItem> {
    let at = cursor.at();
    Ok(match cursor.word().as_bytes() {
        b"UID" => FetchItem::Uid,
        b"FLAGS" => FetchItem::Flags,
        b"INTERNALDATE" => FetchItem::InternalDate,
        b"ENVELOPE" => FetchItem::Envelope,
        b"BODYSTRUCTURE" => FetchItem::BodyStructure,
        b"BODY" if cursor.peek() == Some(b'[') => body_section(cursor, false)?,
        b"BODY" => FetchItem::Body,
        b"BODY.PEEK" => body_section(cursor, true)?,
        b"BINARY" => binary(cursor, false)?,
        b"BINARY.PEEK" => binary(cursor, true)?,
        b"BINARY.SIZE" => FetchItem::BinarySize(section::part(cursor)?),
        b"RFC822" => FetchItem::Rfc822,
        b"RFC822.HEADER" => FetchItem::Rfc822Header,
        b"RFC822.SIZE" => FetchItem::Rfc822Size,
        b"RFC822.TEXT" => FetchItem::Rfc822Text,
        b"MODSEQ" => FetchItem::ModSeq,
        b"EMAILID" => FetchItem::EmailId,
        b"THREADID" => FetchItem::ThreadId,
        b"SAVEDATE" => FetchItem::SaveDate,
        b"PREVIEW" => FetchItem::Preview { lazy: cursor.eat_text(b" (LAZY)") },
        _ => return Err(Expected { what: "an item such as FLAGS or BODY[]", at }),
    })
}

fn body_section(cursor: &mut Cursor<'_>, peek: bool) -> Parsed<FetchItem> {
    let section = section::section(cursor)?;
    Ok(FetchItem::BodySection { peek, section, partial: section::partial(cursor)? })
}

fn binary(cursor: &mut Cursor<'_>, peek: bool) -> Parsed<FetchItem> {
    let part = section::part(cursor)?;
    Ok(FetchItem::Binary { peek, part, partial: section::partial(cursor)? })
}

/// RFC 4466 §2.5: `fetch-modifiers = SP "(" fetch-modifier *(SP fetch-modifier) ")"`
fn modifiers(cursor: &mut Cursor<'_>, fetch: &mut Fetch) -> Parsed<()> {
    let start = cursor.at() + 1;
    if !cursor.optional_list() {
        return Ok(());
    }
    cursor.list("a list of modifiers", |cursor| modifier(cursor, fetch))?;
    if fetch.partial.is_some() && !fetch.uid {
        return Err(Expected { what: "PARTIAL only in UID FETCH", at: start });
    }
    if fetch.vanished && !(fetch.uid && fetch.changed_since.is_some()) {
        return Err(Expected { what: "VANISHED only in UID FETCH with CHANGEDSINCE", at: start });
    }
    Ok(())
}

/// RFC 7162 §7: `fetch-modifier =/ "CHANGEDSINCE" SP mod-sequence-value / "VANISHED"`,
/// RFC 9394 §3.3: `fetch-modifier =/ "PARTIAL" SP partial-range`
fn modifier(cursor: &mut Cursor<'_>, fetch: &mut Fetch) -> Parsed<()> {
    let at = cursor.at();
    match cursor.word().as_bytes() {
        b"CHANGEDSINCE" => {
            fetch.changed_since = Some(cursor.after_space(|cursor| cursor.number64("a modification sequence"))?);
        }
        b"VANISHED" => fetch.vanished = true,
        b"PARTIAL" => fetch.partial = Some(cursor.after_space(Cursor::partial_range)?),
        _ => return Err(Expected { what: "CHANGEDSINCE, VANISHED or PARTIAL", at }),
    }
    Ok(())
}
