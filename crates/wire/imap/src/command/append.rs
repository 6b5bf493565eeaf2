//! APPEND of one message or several.

use bytes::Bytes;

use super::Command;
use crate::cursor::{Cursor, Parsed};
use crate::flag::Flag;
use crate::folder_name::FolderName;

/// APPEND (RFC 9051 §6.3.12).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Append {
    /// Where to.
    pub folder: FolderName,
    /// At least one; several with MULTIAPPEND (RFC 3502), then all of them are filed or none.
    pub messages: Vec<AppendMessage>,
}

/// One message to file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AppendMessage {
    /// Flags to set.
    pub flags: Vec<Flag>,
    /// The internal date in seconds since 1970-01-01 UTC.
    pub internal_date: Option<i64>,
    /// The message, sharing the frame's bytes.
    pub body: Bytes,
    /// It came as literal8, which may hold NUL (RFC 3516 §4.4).
    pub binary: bool,
    /// It came as `UTF8 (…)` (RFC 6855 §4): its header may hold UTF-8.
    pub utf8: bool,
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

/// RFC 4466 §2.4: `append-message = [SP flag-list] [SP date-time] SP append-data`,
/// RFC 6855 §4: `append-data =/ "UTF8" SP "(" literal8 ")"`
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
    let utf8 = cursor.eat_text(b"UTF8 (");
    let (body, binary) = cursor.message_literal()?;
    if utf8 {
        cursor.expect(b')', "a closing parenthesis")?;
    }
    Ok(AppendMessage { flags, internal_date, body, binary, utf8 })
}
