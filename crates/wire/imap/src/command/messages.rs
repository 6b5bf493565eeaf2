//! Commands that change or copy messages: STORE, COPY, MOVE, UID EXPUNGE.

use super::Command;
use crate::cursor::{Cursor, Expected, Parsed};
use crate::flag::Flag;
use crate::folder_name::FolderName;
use crate::sequence::MessageSet;

/// STORE (RFC 9051 §6.4.6).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Store {
    /// The numbers are UIDs.
    pub uid: bool,
    /// Which messages.
    pub messages: MessageSet,
    /// Only messages unchanged since this modification (RFC 7162 §3.1.3).
    pub unchanged_since: Option<u64>,
    /// What becomes of the flags there are.
    pub change: FlagChange,
    /// `.SILENT`: the client does not want the new flags told.
    pub silent: bool,
    /// The flags, possibly none.
    pub flags: Vec<Flag>,
}

/// How the flags of STORE are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlagChange {
    /// `FLAGS`: they become the flags.
    Replace,
    /// `+FLAGS`
    Add,
    /// `-FLAGS`
    Remove,
}

/// COPY or MOVE (RFC 9051 §6.4.7, §6.4.8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// The numbers are UIDs.
    pub uid: bool,
    /// Which messages.
    pub messages: MessageSet,
    /// Where to.
    pub folder: FolderName,
}

/// RFC 9051 §9: `copy = "COPY" SP sequence-set SP mailbox`
pub(super) fn copy(cursor: &mut Cursor<'_>, uid: bool) -> Parsed<Command> {
    transfer(cursor, uid).map(Command::Copy)
}

/// RFC 9051 §9: `move = "MOVE" SP sequence-set SP mailbox`
pub(super) fn r#move(cursor: &mut Cursor<'_>, uid: bool) -> Parsed<Command> {
    transfer(cursor, uid).map(Command::Move)
}

fn transfer(cursor: &mut Cursor<'_>, uid: bool) -> Parsed<Transfer> {
    let messages = cursor.message_set()?;
    let folder = cursor.after_space(Cursor::folder)?;
    Ok(Transfer { uid, messages, folder })
}

/// RFC 9051 §9: `uid-expunge = "EXPUNGE" SP sequence-set`
pub(super) fn uid_expunge(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    cursor.message_set().map(Command::UidExpunge)
}

/// RFC 9051 §9: `store = "STORE" SP sequence-set [SP store-modifiers] SP store-att-flags`,
/// `store-att-flags = (["+" / "-"] "FLAGS" [".SILENT"]) SP (flag-list / (flag *(SP flag)))`
pub(super) fn store(cursor: &mut Cursor<'_>, uid: bool) -> Parsed<Command> {
    const FLAGS: &str = "FLAGS, +FLAGS or -FLAGS";
    let messages = cursor.message_set()?;
    let mut unchanged_since = None;
    if cursor.optional_list() {
        cursor.list("a list of modifiers", |cursor| {
            unchanged_since = Some(modifier(cursor)?);
            Ok(())
        })?;
    }
    cursor.space()?;
    let at = cursor.at();
    let change = if cursor.eat(b'+') {
        FlagChange::Add
    } else if cursor.eat(b'-') {
        FlagChange::Remove
    } else {
        FlagChange::Replace
    };
    let silent = match cursor.word().as_bytes() {
        b"FLAGS" => false,
        b"FLAGS.SILENT" => true,
        _ => return Err(Expected { what: FLAGS, at }),
    };
    let flags = cursor.after_space(flags)?;
    Ok(Command::Store(Store { uid, messages, unchanged_since, change, silent, flags }))
}

/// RFC 7162 §7: `store-modifier =/ "UNCHANGEDSINCE" SP mod-sequence-valzer`
fn modifier(cursor: &mut Cursor<'_>) -> Parsed<u64> {
    let at = cursor.at();
    if cursor.word().as_bytes() != b"UNCHANGEDSINCE" {
        return Err(Expected { what: "UNCHANGEDSINCE", at });
    }
    cursor.after_space(|cursor| cursor.number64("a modification sequence"))
}

fn flags(cursor: &mut Cursor<'_>) -> Parsed<Vec<Flag>> {
    if cursor.peek() == Some(b'(') {
        return cursor.list_or_empty("a list of flags", Cursor::flag);
    }
    let mut flags = vec![cursor.flag()?];
    while cursor.rest().len() > 1 {
        flags.push(cursor.after_space(Cursor::flag)?);
    }
    Ok(flags)
}
