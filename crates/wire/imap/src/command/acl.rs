//! GETACL, SETACL, DELETEACL, LISTRIGHTS, MYRIGHTS (RFC 4314).

use super::Command;
use crate::cursor::{Cursor, Expected, Parsed};
use crate::folder_name::FolderName;

/// SETACL (RFC 4314 §3.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAcl {
    /// The folder.
    pub folder: FolderName,
    /// Whom it is for.
    pub identifier: String,
    /// What becomes of the rights there are.
    pub change: AclChange,
    /// Lower-case letters and digits.
    pub rights: String,
}

/// How the rights of SETACL are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AclChange {
    /// They become the rights.
    Replace,
    /// `+`: they come on top.
    Add,
    /// `-`: they are taken away.
    Remove,
}

/// RFC 4314 §7: `getacl = "GETACL" SP mailbox`
pub(super) fn get_acl(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    cursor.folder().map(Command::GetAcl)
}

/// RFC 4314 §7: `myrights = "MYRIGHTS" SP mailbox`
pub(super) fn my_rights(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    cursor.folder().map(Command::MyRights)
}

/// RFC 4314 §7: `deleteacl = "DELETEACL" SP mailbox SP identifier`
pub(super) fn delete_acl(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let folder = cursor.folder()?;
    let identifier = cursor.after_space(identifier)?;
    Ok(Command::DeleteAcl { folder, identifier })
}

/// RFC 4314 §7: `listrights = "LISTRIGHTS" SP mailbox SP identifier`
pub(super) fn list_rights(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let folder = cursor.folder()?;
    let identifier = cursor.after_space(identifier)?;
    Ok(Command::ListRights { folder, identifier })
}

/// RFC 4314 §7: `setacl = "SETACL" SP mailbox SP identifier SP mod-rights`,
/// `mod-rights = astring ;; +rights to add, -rights to remove, rights to replace`
pub(super) fn set_acl(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let folder = cursor.folder()?;
    let identifier = cursor.after_space(identifier)?;
    cursor.space()?;
    let at = cursor.at();
    let rights = cursor.text("rights")?;
    let (change, rights) = match rights.as_bytes().first() {
        Some(b'+') => (AclChange::Add, &rights[1..]),
        Some(b'-') => (AclChange::Remove, &rights[1..]),
        _ => (AclChange::Replace, rights.as_str()),
    };
    if !rights.bytes().all(|right| right.is_ascii_lowercase() || right.is_ascii_digit()) {
        return Err(Expected { what: "rights of lower-case letters and digits", at });
    }
    Ok(Command::SetAcl(SetAcl { folder, identifier, change, rights: rights.to_owned() }))
}

/// RFC 4314 §7: `identifier = astring`
fn identifier(cursor: &mut Cursor<'_>) -> Parsed<String> {
    cursor.text("an identifier")
}
