//! Names that somebody subscribes to although no folder bears them (RFC 9051 section 6.3.7): of folders that were deleted,
//! or that have not been made yet.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::params;
use postroom_model::{FolderId, MailboxId};

/// A name, within a mailbox or as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubscribedName {
    /// None: no mailbox that the person may see is meant by the name.
    pub mailbox: Option<MailboxId>,
    /// The path in the mailbox, or all of the name.
    pub path: String,
}

/// How many names one person can have.
pub const MOST: u64 = 1_000;

/// All names of a person, in order.
pub fn of(tx: &mut Tx<'_>, person: MailboxId) -> Result<Vec<SubscribedName>, StoreError> {
    let sql = "SELECT mailbox, path FROM subscribed_name WHERE person = ?1 ORDER BY mailbox, path";
    tx.rows(sql, params![person], |row| {
        let mailbox = Some(row.int(0)?).filter(|id| *id != 0).map(MailboxId);
        Ok(SubscribedName { mailbox, path: row.text(1)?.to_owned() })
    })
}

/// Adds a name. False: the person has as many as there may be.
pub fn add(tx: &mut Tx<'_>, person: MailboxId, name: &SubscribedName) -> Result<bool, StoreError> {
    let count = "SELECT COUNT(*) FROM subscribed_name WHERE person = ?1";
    if tx.row(count, params![person], |row| row.size(0))?.unwrap_or(0) >= MOST {
        return Ok(false);
    }
    let sql = "INSERT INTO subscribed_name (person, mailbox, path) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
    tx.execute(sql, params![person, name.mailbox.map_or(0, |id| id.0), &name.path])?;
    Ok(true)
}

/// Takes a name away; gives whether it was there.
pub fn remove(tx: &mut Tx<'_>, person: MailboxId, name: &SubscribedName) -> Result<bool, StoreError> {
    let sql = "DELETE FROM subscribed_name WHERE person = ?1 AND mailbox = ?2 AND path = ?3";
    Ok(tx.execute(sql, params![person, name.mailbox.map_or(0, |id| id.0), &name.path])? > 0)
}

/// Whoever said that they want the folder keeps its name when the folder goes.
pub fn keep(tx: &mut Tx<'_>, mailbox: MailboxId, folder: FolderId, path: &str) -> Result<(), StoreError> {
    tx.execute(
        "INSERT INTO subscribed_name (person, mailbox, path)
         SELECT person, mailbox, ?3 FROM subscription WHERE mailbox = ?1 AND folder = ?2 AND subscribed = 1
         ON CONFLICT DO NOTHING",
        params![mailbox, folder, path],
    )?;
    Ok(())
}

/// For a mailbox that goes, as one that names are in and as a person.
pub(crate) fn remove_all(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM subscribed_name WHERE mailbox = ?1 OR person = ?1", params![mailbox])?;
    Ok(())
}
