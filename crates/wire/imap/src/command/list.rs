//! LIST with its extensions, and LSUB.

use super::Command;
use super::metadata;
use super::status::{self, StatusItem};
use crate::cursor::{Cursor, Expected, Parsed};

/// LIST (RFC 9051 §6.3.9).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// Which folders are wanted, beyond those that match.
    pub select: ListSelect,
    /// What patterns are relative to.
    pub reference: String,
    /// At least one pattern; one empty pattern in a [basic](Self::extended) command asks for the separator.
    pub patterns: Vec<String>,
    /// What is told about each.
    pub returns: ListReturn,
    /// Whether any of the extended syntax was used (RFC 5258 §3), which changes what is answered without options.
    pub extended: bool,
}

/// Selection options.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ListSelect {
    /// `SUBSCRIBED`
    pub subscribed: bool,
    /// `REMOTE`
    pub remote: bool,
    /// `RECURSIVEMATCH`, only together with `SUBSCRIBED` or `SPECIAL-USE`.
    pub recursive_match: bool,
    /// `SPECIAL-USE` (RFC 6154 §2)
    pub special_use: bool,
}

/// Return options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ListReturn {
    /// `SUBSCRIBED`
    pub subscribed: bool,
    /// `CHILDREN`
    pub children: bool,
    /// `SPECIAL-USE` (RFC 6154 §2)
    pub special_use: bool,
    /// `MYRIGHTS` (RFC 8440)
    pub my_rights: bool,
    /// `STATUS (…)` (RFC 5819)
    pub status: Option<Vec<StatusItem>>,
    /// `METADATA (…)` (RFC 9590): names of entries
    pub metadata: Option<Vec<String>>,
}

/// RFC 3501 §9: `lsub = "LSUB" SP mailbox SP list-mailbox`
pub(super) fn lsub(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let reference = reference(cursor)?;
    let pattern = cursor.after_space(Cursor::list_pattern)?;
    Ok(Command::Lsub { reference, pattern })
}

/// RFC 9051 §9: `list = "LIST" [SP list-select-opts] SP mailbox SP mbox-or-pat [SP list-return-opts]`
pub(super) fn list(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let mut list = List::default();
    if cursor.peek() == Some(b'(') {
        list.extended = true;
        list.select = select_options(cursor)?;
        cursor.space()?;
    }
    list.reference = reference(cursor)?;
    cursor.space()?;
    if cursor.peek() == Some(b'(') {
        list.extended = true;
        list.patterns = cursor.list("folder patterns", Cursor::list_pattern)?;
    } else {
        list.patterns = vec![cursor.list_pattern()?];
    }
    if cursor.eat_text(b" RETURN ") {
        list.extended = true;
        cursor.list_or_empty("a list of return options", |cursor| return_option(cursor, &mut list.returns))?;
    }
    Ok(Command::List(list))
}

/// The reference is spelt like a folder's name, but it is not one: INBOX stays as it is.
fn reference(cursor: &mut Cursor<'_>) -> Parsed<String> {
    let name = cursor.astring("a reference name")?;
    Ok(crate::folder_name::decode_text(&name, cursor.options.utf8).0)
}

/// RFC 9051 §9: `list-select-opts = "(" [(*(list-select-opt SP) list-select-base-opt *(SP list-select-opt)) /
/// (list-select-independent-opt *(SP list-select-independent-opt))] ")"`
fn select_options(cursor: &mut Cursor<'_>) -> Parsed<ListSelect> {
    let start = cursor.at();
    let mut select = ListSelect::default();
    cursor.list_or_empty("a list of selection options", |cursor| {
        let at = cursor.at();
        match cursor.word().as_bytes() {
            b"SUBSCRIBED" => select.subscribed = true,
            b"REMOTE" => select.remote = true,
            b"RECURSIVEMATCH" => select.recursive_match = true,
            b"SPECIAL-USE" => select.special_use = true,
            _ => return Err(Expected { what: "SUBSCRIBED, REMOTE, RECURSIVEMATCH or SPECIAL-USE", at }),
        }
        Ok(())
    })?;
    if select.recursive_match && !(select.subscribed || select.special_use) {
        return Err(Expected { what: "SUBSCRIBED beside RECURSIVEMATCH", at: start });
    }
    Ok(select)
}

/// RFC 9051 §9: `return-option = "SUBSCRIBED" / "CHILDREN" / status-option / option-extension`
fn return_option(cursor: &mut Cursor<'_>, returns: &mut ListReturn) -> Parsed<()> {
    let at = cursor.at();
    match cursor.word().as_bytes() {
        b"SUBSCRIBED" => returns.subscribed = true,
        b"CHILDREN" => returns.children = true,
        b"SPECIAL-USE" => returns.special_use = true,
        b"MYRIGHTS" => returns.my_rights = true,
        b"STATUS" => returns.status = Some(cursor.after_space(status::items)?),
        b"METADATA" => returns.metadata = Some(cursor.after_space(metadata::entries)?),
        _ => return Err(Expected { what: "SUBSCRIBED, CHILDREN, SPECIAL-USE, MYRIGHTS, STATUS or METADATA", at }),
    }
    Ok(())
}
