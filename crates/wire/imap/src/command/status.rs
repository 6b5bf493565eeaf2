//! STATUS, also as a return option of LIST.

use super::Command;
use crate::cursor::{Cursor, Expected, Parsed};

/// What STATUS can tell about a folder (RFC 9051 §6.3.11).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatusItem {
    Messages,
    UidNext,
    UidValidity,
    Unseen,
    Deleted,
    /// RFC 9208 §3.1.1: octets of the messages that are marked as deleted
    DeletedStorage,
    Size,
    /// RFC 3501 only.
    Recent,
    /// RFC 7162 §3.1.7
    HighestModSeq,
    /// RFC 8474 §4.3
    MailboxId,
    /// RFC 7889 §4
    AppendLimit,
}

impl StatusItem {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Messages => "MESSAGES",
            Self::UidNext => "UIDNEXT",
            Self::UidValidity => "UIDVALIDITY",
            Self::Unseen => "UNSEEN",
            Self::Deleted => "DELETED",
            Self::DeletedStorage => "DELETED-STORAGE",
            Self::Size => "SIZE",
            Self::Recent => "RECENT",
            Self::HighestModSeq => "HIGHESTMODSEQ",
            Self::MailboxId => "MAILBOXID",
            Self::AppendLimit => "APPENDLIMIT",
        }
    }
}

/// RFC 9051 §9: `status = "STATUS" SP mailbox SP "(" status-att *(SP status-att) ")"`
pub(super) fn status(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let folder = cursor.folder()?;
    let items = cursor.after_space(items)?;
    Ok(Command::Status { folder, items })
}

/// Each item once, in the order asked for.
pub(super) fn items(cursor: &mut Cursor<'_>) -> Parsed<Vec<StatusItem>> {
    let mut items = Vec::with_capacity(8);
    cursor.list("a list of status items", |cursor| {
        let item = item(cursor)?;
        if !items.contains(&item) {
            items.push(item);
        }
        Ok(())
    })?;
    Ok(items)
}

/// RFC 9051 §9: `status-att = "MESSAGES" / "UIDNEXT" / "UIDVALIDITY" / "UNSEEN" / "DELETED" / "SIZE"`
fn item(cursor: &mut Cursor<'_>) -> Parsed<StatusItem> {
    let at = cursor.at();
    Ok(match cursor.word().as_bytes() {
        b"MESSAGES" => StatusItem::Messages,
        b"UIDNEXT" => StatusItem::UidNext,
        b"UIDVALIDITY" => StatusItem::UidValidity,
        b"UNSEEN" => StatusItem::Unseen,
        b"DELETED" => StatusItem::Deleted,
        b"DELETED-STORAGE" => StatusItem::DeletedStorage,
        b"SIZE" => StatusItem::Size,
        b"RECENT" => StatusItem::Recent,
        b"HIGHESTMODSEQ" => StatusItem::HighestModSeq,
        b"MAILBOXID" => StatusItem::MailboxId,
        b"APPENDLIMIT" => StatusItem::AppendLimit,
        _ => return Err(Expected { what: "a status item such as MESSAGES", at }),
    })
}
