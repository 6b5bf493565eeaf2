//! Bytes that a person has uploaded into an account, until they are used or a day has passed.
//!
//! The bytes are ordinary content: a message made of them later shares it. Nobody but the person sees an upload.

use crate::changes::Log;
use crate::content::{self, ContentId, NewContent};
use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::params;
use postroom_model::{MailboxId, Time};

/// An upload as stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Upload {
    pub content: ContentId,
    pub size: u64,
}

/// Takes an upload in; gives its id within the mailbox. It is no change of the mailbox.
pub fn add(tx: &mut Tx<'_>, log: &mut Log, person: MailboxId, new: &NewContent) -> Result<i64, StoreError> {
    let content = content::insert(tx, new)?;
    keep(tx, log, person, Upload { content, size: new.size() })
}

/// The same of content that is stored already: a copy of something in another mailbox.
pub fn keep(tx: &mut Tx<'_>, log: &mut Log, person: MailboxId, upload: Upload) -> Result<i64, StoreError> {
    // Locks the content, so that it is not collected meanwhile.
    content::describe(tx, upload.content)?.ok_or(StoreError::Gone("the content"))?;
    tx.execute("DELETE FROM released WHERE content = ?1", params![upload.content.0])?;
    let id = log.next_object();
    tx.execute(
        "INSERT INTO upload (mailbox, id, person, content, size, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![log.mailbox(), id, person, upload.content.0, upload.size, log.at()],
    )?;
    tx.execute(
        "UPDATE clock SET next_object = ?2 WHERE mailbox = ?1 AND next_object < ?2",
        params![log.mailbox(), id + 1],
    )?;
    Ok(id)
}

/// An upload of the person's own.
pub fn get(tx: &mut Tx<'_>, mailbox: MailboxId, person: MailboxId, id: i64) -> Result<Option<Upload>, StoreError> {
    let sql = "SELECT content, size FROM upload WHERE mailbox = ?1 AND id = ?2 AND person = ?3";
    tx.row(sql, params![mailbox, id, person], |row| Ok(Upload { content: ContentId(row.int(0)?), size: row.size(1)? }))
}

/// Octets of all that a person has uploaded into a mailbox.
pub fn used(tx: &mut Tx<'_>, mailbox: MailboxId, person: MailboxId) -> Result<u64, StoreError> {
    let sql = "SELECT CAST(COALESCE(SUM(size), 0) AS BIGINT) FROM upload WHERE mailbox = ?1 AND person = ?2";
    Ok(tx.row(sql, params![mailbox, person], |row| row.size(0))?.unwrap_or(0))
}

/// Forgets uploads from before `before`; at most `limit`. Gives how many went.
pub fn prune(tx: &mut Tx<'_>, before: Time, at: Time, limit: u32) -> Result<u64, StoreError> {
    let sql = "SELECT mailbox, id, content FROM upload WHERE at < ?1 ORDER BY at LIMIT ?2";
    let old = tx.rows(sql, params![before, limit], |row| Ok((row.int(0)?, row.int(1)?, ContentId(row.int(2)?))))?;
    let count = old.len() as u64;
    for (mailbox, id, content) in old {
        tx.execute("DELETE FROM upload WHERE mailbox = ?1 AND id = ?2", params![mailbox, id])?;
        content::release(tx, content, at)?;
    }
    Ok(count)
}

/// Forgets every upload into a mailbox that is removed, and by the person it was.
pub(crate) fn forget_mailbox(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<(), StoreError> {
    let sql = "DELETE FROM upload WHERE mailbox = ?1 OR person = ?1 RETURNING content, at";
    for (content, at) in tx.rows(sql, params![mailbox], |row| Ok((ContentId(row.int(0)?), Time(row.int(1)?))))? {
        content::release(tx, content, at)?;
    }
    Ok(())
}
