//! APPEND of one message or several, and REPLACE.

use bytes::Bytes;

use super::Command;
use crate::cursor::{Cursor, Expected, Parsed};
use crate::flag::Flag;
use crate::folder_name::FolderName;
use crate::sequence::SequenceNumber;

/// APPEND (RFC 9051 §6.3.12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    /// Where to.
    pub folder: FolderName,
    /// At least one; several with MULTIAPPEND (RFC 3502), then all of them are filed or none.
    pub messages: Vec<AppendMessage>,
}

/// REPLACE (RFC 8508 §3): one message takes the place of another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replace {
    /// The number is a UID.
    pub uid: bool,
    /// What goes.
    pub message: SequenceNumber,
    /// Where the new one is filed; it may be another folder.
    pub folder: FolderName,
    /// What comes.
    pub with: AppendMessage,
}

/// One message to file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppendMessage {
    /// Flags to set.
    pub flags: Vec<Flag>,
    /// The internal date in seconds since 1970-01-01 UTC.
    pub internal_date: Option<i64>,
    /// The message, or what it is to be put together from.
    pub data: AppendData,
}

/// How the text of a message comes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppendData {
    /// As one literal.
    Message {
        /// The message, sharing the frame's bytes.
        body: Bytes,
        /// It came as literal8, which may hold NUL (RFC 3516 §4.4).
        binary: bool,
        /// It came as `UTF8 (…)` (RFC 6855 §4): its header may hold UTF-8.
        utf8: bool,
    },
    /// `CATENATE (…)` (RFC 4469): at least one part.
    Catenate(Vec<CatenatePart>),
}

/// A piece of a message that is put together by the server (RFC 4469 §3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CatenatePart {
    /// `TEXT`: these bytes, sharing the frame's.
    Text(Bytes),
    /// `URL`: what an IMAP URL names; for [`crate::message_url::parse`].
    Url(String),
}

/// RFC 3502 §6.3.11: `append = "APPEND" SP mailbox 1*append-message`
pub(super) fn append(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let folder = cursor.folder()?;
    let mut messages = vec![message(cursor)?];
    while cursor.rest().len() > 1 {
        messages.push(message(cursor)?);
    }
    Ok(Command::Append(Append { folder, messages }))
}

/// RFC 8508 §4: `replace = "REPLACE" SP seq-number SP mailbox append-message`
pub(super) fn replace(cursor: &mut Cursor<'_>, uid: bool) -> Parsed<Command> {
    let message_number = cursor.one_number("a message number")?;
    let folder = cursor.after_space(Cursor::folder)?;
    let with = message(cursor)?;
    Ok(Command::Replace(Box::new(Replace { uid, message: message_number, folder, with })))
}

/// RFC 4466 §2.4: `append-message = [SP flag-list] [SP date-time] SP append-data`,
/// RFC 6855 §4: `append-data =/ "UTF8" SP "(" literal8 ")"`,
/// RFC 4469 §5: `append-data =/ "CATENATE" SP "(" cat-part *(SP cat-part) ")"`
fn message(cursor: &mut Cursor<'_>) -> Parsed<AppendMessage> {
    cursor.space()?;
    let mut flags = Vec::new();
    if cursor.peek() == Some(b'(') {
        flags = cursor.list_or_empty("a list of flags", Cursor::flag)?;
        cursor.space()?;
    }
    let mut internal_date = None;
    if cursor.peek() == Some(b'"') {
        internal_date = Some(cursor.date_time()?);
        cursor.space()?;
    }
    if cursor.eat_text(b"CATENATE ") {
        let parts = cursor.list("a list of TEXT and URL", catenate_part)?;
        return Ok(AppendMessage { flags, internal_date, data: AppendData::Catenate(parts) });
    }
    let utf8 = cursor.eat_text(b"UTF8 (");
    let (body, binary) = cursor.message_literal()?;
    if utf8 {
        cursor.expect(b')', "a closing parenthesis")?;
    }
    Ok(AppendMessage { flags, internal_date, data: AppendData::Message { body, binary, utf8 } })
}

/// RFC 4469 §5: `cat-part = text-literal / url`, `text-literal = "TEXT" SP literal`, `url = "URL" SP astring`
fn catenate_part(cursor: &mut Cursor<'_>) -> Parsed<CatenatePart> {
    let at = cursor.at();
    match cursor.word().as_bytes() {
        b"TEXT" => Ok(CatenatePart::Text(cursor.after_space(Cursor::message_literal)?.0)),
        b"URL" => Ok(CatenatePart::Url(cursor.after_space(|cursor| cursor.text("an IMAP URL"))?)),
        _ => Err(Expected { what: "TEXT or URL", at }),
    }
}
