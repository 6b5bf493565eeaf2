//! GETQUOTA, GETQUOTAROOT (RFC 9208).

use super::Command;
use crate::cursor::{Cursor, Parsed};

/// RFC 9208 §7: `getquota = "GETQUOTA" SP quota-root-name`
pub(super) fn get_quota(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let root = cursor.text("the name of a quota root")?;
    Ok(Command::GetQuota { root })
}

/// RFC 9208 §7: `getquotaroot = "GETQUOTAROOT" SP mailbox`
pub(super) fn get_quota_root(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    cursor.folder().map(Command::GetQuotaRoot)
}
