//! GETQUOTA, GETQUOTAROOT, SETQUOTA (RFC 9208).

use super::Command;
use crate::cursor::{Cursor, Expected, Parsed};

/// What is counted (RFC 9208 §5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QuotaResource {
    /// The octets of all messages, in units of 1,024.
    Storage,
    /// How many messages there are.
    Message,
}

impl QuotaResource {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Storage => "STORAGE",
            Self::Message => "MESSAGE",
        }
    }
}

/// RFC 9208 §7: `getquota = "GETQUOTA" SP quota-root-name`
pub(super) fn get_quota(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let root = cursor.text("the name of a quota root")?;
    Ok(Command::GetQuota { root })
}

/// RFC 9208 §7: `getquotaroot = "GETQUOTAROOT" SP mailbox`
pub(super) fn get_quota_root(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    cursor.folder().map(Command::GetQuotaRoot)
}

/// RFC 9208 §7: `setquota = "SETQUOTA" SP quota-root-name SP setquota-list`,
/// `setquota-list = "(" [setquota-resource *(SP setquota-resource)] ")"`,
/// `setquota-resource = resource-name SP resource-limit`
pub(super) fn set_quota(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let root = cursor.text("the name of a quota root")?;
    let limits = cursor.after_space(|cursor| {
        cursor.list_or_empty("a list of resources and limits", |cursor| {
            let at = cursor.at();
            let resource = match cursor.word().as_bytes() {
                b"STORAGE" => QuotaResource::Storage,
                b"MESSAGE" => QuotaResource::Message,
                _ => return Err(Expected { what: "STORAGE or MESSAGE", at }),
            };
            let limit = cursor.after_space(|cursor| cursor.number64("a limit"))?;
            Ok((resource, limit))
        })
    })?;
    Ok(Command::SetQuota { root, limits })
}
