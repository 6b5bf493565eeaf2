//! Commands about one folder by its name: SELECT, EXAMINE, CREATE, DELETE, RENAME, SUBSCRIBE, UNSUBSCRIBE.

use std::num::NonZeroU32;

use super::Command;
use crate::cursor::{Cursor, Expected, Parsed};
use crate::folder_name::FolderName;
use crate::sequence::SequenceSet;

/// SELECT or EXAMINE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Select {
    /// The folder to open.
    pub folder: FolderName,
    /// `CONDSTORE` was given (RFC 7162 §3.1.8).
    pub condstore: bool,
    /// `QRESYNC` was given (RFC 7162 §3.2.5).
    pub qresync: Option<Qresync>,
}

/// What a client remembers of a folder when it opens it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qresync {
    /// The UIDVALIDITY it knows.
    pub uid_validity: NonZeroU32,
    /// The highest modification it knows.
    pub mod_seq: u64,
    /// The UIDs it knows; absent means all.
    pub known_uids: Option<SequenceSet>,
    /// Message numbers with their UIDs, in step.
    pub known_pairs: Option<(SequenceSet, SequenceSet)>,
}

/// CREATE.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Create {
    /// The new name; it may end in the hierarchy separator (RFC 9051 §6.3.4).
    pub folder: FolderName,
    /// `USE (…)`: special uses with their backslash (RFC 6154 §3).
    pub special_use: Vec<String>,
}

/// RFC 9051 §9: `select = "SELECT" SP mailbox [select-params]`
pub(super) fn select(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    opening(cursor).map(Command::Select)
}

/// RFC 9051 §9: `examine = "EXAMINE" SP mailbox [select-params]`
pub(super) fn examine(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    opening(cursor).map(Command::Examine)
}

/// RFC 9051 §9: `delete = "DELETE" SP mailbox`
pub(super) fn delete(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    cursor.folder().map(Command::Delete)
}

/// RFC 9051 §9: `subscribe = "SUBSCRIBE" SP mailbox`
pub(super) fn subscribe(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    cursor.folder().map(Command::Subscribe)
}

/// RFC 9051 §9: `unsubscribe = "UNSUBSCRIBE" SP mailbox`
pub(super) fn unsubscribe(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    cursor.folder().map(Command::Unsubscribe)
}

/// RFC 9051 §9: `rename = "RENAME" SP mailbox SP mailbox`
pub(super) fn rename(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let from = cursor.folder()?;
    let to = cursor.after_space(Cursor::folder)?;
    Ok(Command::Rename { from, to })
}

/// RFC 4466 §2.2: `create = "CREATE" SP mailbox [create-params]`,
/// RFC 6154 §6: `create-param =/ "USE" SP "(" [use-attr *(SP use-attr)] ")"`
pub(super) fn create(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let folder = cursor.folder()?;
    let mut special_use = Vec::new();
    if cursor.optional_list() {
        cursor.list("a list of parameters", |cursor| {
            let at = cursor.at();
            if cursor.word().as_bytes() != b"USE" {
                return Err(Expected { what: "USE", at });
            }
            special_use =
                cursor.after_space(|cursor| cursor.list_or_empty("a list of special uses", special_use_name))?;
            Ok(())
        })?;
    }
    Ok(Command::Create(Create { folder, special_use }))
}

/// RFC 6154 §6: `use-attr = "\All" / "\Archive" / … / use-attr-ext`, `use-attr-ext = "\" atom`
fn special_use_name(cursor: &mut Cursor<'_>) -> Parsed<String> {
    cursor.expect(b'\\', "a special use such as \\Sent")?;
    Ok(format!("\\{}", cursor.atom("a special use such as \\Sent")?))
}

/// RFC 9051 §9: `select-params = SP "(" select-param *(SP select-param) ")"`
fn opening(cursor: &mut Cursor<'_>) -> Parsed<Select> {
    let mut select = Select { folder: cursor.folder()?, condstore: false, qresync: None };
    if cursor.optional_list() {
        cursor.list("a list of parameters", |cursor| parameter(cursor, &mut select))?;
    }
    Ok(select)
}

/// RFC 7162 §7: `select-param =/ condstore-param / "QRESYNC" SP "(" uidvalidity SP mod-sequence-value
/// [SP known-uids] [SP seq-match-data] ")"`
fn parameter(cursor: &mut Cursor<'_>, select: &mut Select) -> Parsed<()> {
    let at = cursor.at();
    match cursor.word().as_bytes() {
        b"CONDSTORE" => select.condstore = true,
        b"QRESYNC" => select.qresync = Some(cursor.after_space(qresync)?),
        _ => return Err(Expected { what: "CONDSTORE or QRESYNC", at }),
    }
    Ok(())
}

fn qresync(cursor: &mut Cursor<'_>) -> Parsed<Qresync> {
    cursor.expect(b'(', "the parameters of QRESYNC in parentheses")?;
    let uid_validity = cursor.nz_number("a UIDVALIDITY")?;
    let mod_seq = cursor.after_space(|cursor| cursor.number64("a modification sequence"))?;
    let (mut known_uids, mut known_pairs) = (None, None);
    if cursor.eat(b' ') && cursor.peek() != Some(b'(') {
        known_uids = Some(cursor.known_set()?);
        cursor.eat(b' ');
    }
    if cursor.eat(b'(') {
        let numbers = cursor.known_set()?;
        known_pairs = Some((numbers, cursor.after_space(Cursor::known_set)?));
        cursor.expect(b')', "a closing parenthesis")?;
    }
    cursor.expect(b')', "a closing parenthesis")?;
    Ok(Qresync { uid_validity, mod_seq, known_uids, known_pairs })
}
