//! Answers about folders that need not be selected: LIST, LSUB, STATUS.

use bytes::BufMut;

use super::strings::{folder_name, nstring, number, quoted};
use crate::command::status::StatusItem;

/// RFC 9051 §7.3.1; RFC 6154 §2 for special uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FolderAttribute {
    NonExistent,
    NoInferiors,
    NoSelect,
    HasChildren,
    HasNoChildren,
    Marked,
    Unmarked,
    Subscribed,
    Remote,
    All,
    Archive,
    Drafts,
    Flagged,
    /// RFC 8457
    Important,
    Junk,
    Sent,
    Trash,
}

impl FolderAttribute {
    /// The attribute on the wire, with its backslash.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NonExistent => "\\NonExistent",
            Self::NoInferiors => "\\Noinferiors",
            Self::NoSelect => "\\Noselect",
            Self::HasChildren => "\\HasChildren",
            Self::HasNoChildren => "\\HasNoChildren",
            Self::Marked => "\\Marked",
            Self::Unmarked => "\\Unmarked",
            Self::Subscribed => "\\Subscribed",
            Self::Remote => "\\Remote",
            Self::All => "\\All",
            Self::Archive => "\\Archive",
            Self::Drafts => "\\Drafts",
            Self::Flagged => "\\Flagged",
            Self::Important => "\\Important",
            Self::Junk => "\\Junk",
            Self::Sent => "\\Sent",
            Self::Trash => "\\Trash",
        }
    }
}

/// One line of LIST.
#[derive(Clone, Copy, Debug, Default)]
pub struct ListLine<'a> {
    pub attributes: &'a [FolderAttribute],
    /// `None` for a flat name.
    pub separator: Option<char>,
    pub name: &'a str,
    /// Folders below it that do not match the pattern are subscribed (RFC 9051 §6.3.9.6, `CHILDINFO`).
    pub child_subscribed: bool,
    /// What the client called it, if that was another name (RFC 9051 §7.3.1, `OLDNAME`).
    pub old_name: Option<&'a str>,
}

/// `* LIST (…) "/" name [(extended data)]`
pub fn list<B: BufMut>(out: &mut B, line: &ListLine<'_>, utf8: bool) {
    listing(out, "LIST", line, utf8);
    let extended = line.child_subscribed || line.old_name.is_some();
    if line.child_subscribed {
        out.put_slice(b" (\"CHILDINFO\" (\"SUBSCRIBED\")");
    }
    if let Some(old_name) = line.old_name {
        out.put_slice(if line.child_subscribed { b" " } else { b" (" });
        out.put_slice(b"\"OLDNAME\" (");
        folder_name(out, old_name, utf8);
        out.put_u8(b')');
    }
    out.put_slice(if extended { b")\r\n" } else { b"\r\n" });
}

/// `* LSUB (…) "/" name` (RFC 3501 §7.2.3)
pub fn lsub<B: BufMut>(out: &mut B, line: &ListLine<'_>, utf8: bool) {
    listing(out, "LSUB", line, utf8);
    out.put_slice(b"\r\n");
}

fn listing<B: BufMut>(out: &mut B, name: &str, line: &ListLine<'_>, utf8: bool) {
    out.put_slice(b"* ");
    out.put_slice(name.as_bytes());
    out.put_slice(b" (");
    for (index, attribute) in line.attributes.iter().enumerate() {
        if index > 0 {
            out.put_u8(b' ');
        }
        out.put_slice(attribute.as_str().as_bytes());
    }
    out.put_slice(b") ");
    match line.separator {
        Some(separator) => quoted(out, separator.encode_utf8(&mut [0; 4]), utf8),
        None => out.put_slice(b"NIL"),
    }
    out.put_u8(b' ');
    folder_name(out, line.name, utf8);
}

/// The value of a status item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StatusValue<'a> {
    Number(u64),
    /// `MAILBOXID`
    Id(&'a str),
    /// `APPENDLIMIT` without a limit
    Nil,
}

/// `* STATUS name (ITEM value …)`
pub fn folder_status<B: BufMut>(out: &mut B, name: &str, items: &[(StatusItem, StatusValue<'_>)], utf8: bool) {
    out.put_slice(b"* STATUS ");
    folder_name(out, name, utf8);
    out.put_slice(b" (");
    for (index, (item, value)) in items.iter().enumerate() {
        if index > 0 {
            out.put_u8(b' ');
        }
        out.put_slice(item.as_str().as_bytes());
        out.put_u8(b' ');
        match *value {
            StatusValue::Number(value) => number(out, value),
            StatusValue::Id(id) => super::strings::flag_list(out, [id]),
            StatusValue::Nil => nstring(out, None, utf8),
        }
    }
    out.put_slice(b")\r\n");
}
