//! Browsers that are signed in: the hash of each one's token, where it came from, and until when it holds.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::{Row, organisation, params};
use postroom_model::{MailboxId, Time};

/// A session as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebSession {
    pub id: i64,
    pub mailbox: MailboxId,
    pub epoch: i64,
    pub door: String,
    pub user_agent: String,
    pub address: String,
    pub created_at: Time,
    pub last_used_at: Time,
    /// Moves with use.
    pub ends_at: Time,
    pub expires_at: Time,
}

/// More sessions of one person than this: the one unused for longest goes.
const MOST_OF_ONE: i64 = 100;

/// Adds a session; its `id` is given by the database. Gives that id.
pub fn begin(tx: &mut Tx<'_>, hash: &str, new: &WebSession) -> Result<i64, StoreError> {
    let sql = "INSERT INTO web_session
         (mailbox, hash, epoch, door, user_agent, address, created_at, last_used_at, ends_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING id";
    let values = params![
        new.mailbox,
        hash,
        new.epoch,
        &new.door,
        &new.user_agent,
        &new.address,
        new.created_at,
        new.last_used_at,
        new.ends_at,
        new.expires_at
    ];
    let id = tx.row(sql, values, |row| row.int(0))?.ok_or(StoreError::Corrupt("the id of a session"))?;
    let sql = "DELETE FROM web_session WHERE mailbox = ?1 AND id NOT IN
         (SELECT id FROM web_session WHERE mailbox = ?1 ORDER BY last_used_at DESC, id DESC LIMIT ?2)";
    tx.execute(sql, params![new.mailbox, MOST_OF_ONE])?;
    Ok(id)
}

const SESSION: &str =
    "SELECT id, mailbox, epoch, door, user_agent, address, created_at, last_used_at, ends_at, expires_at
     FROM web_session";

fn read(row: &Row<'_>) -> Result<WebSession, StoreError> {
    Ok(WebSession {
        id: row.int(0)?,
        mailbox: MailboxId(row.int(1)?),
        epoch: row.int(2)?,
        door: row.text(3)?.to_owned(),
        user_agent: row.text(4)?.to_owned(),
        address: row.text(5)?.to_owned(),
        created_at: Time(row.int(6)?),
        last_used_at: Time(row.int(7)?),
        ends_at: Time(row.int(8)?),
        expires_at: Time(row.int(9)?),
    })
}

/// The session whose token has this hash, if it has not ended.
pub fn find(tx: &mut Tx<'_>, hash: &str, now: Time) -> Result<Option<WebSession>, StoreError> {
    tx.row(&format!("{SESSION} WHERE hash = ?1 AND ends_at > ?2"), params![hash, now], read)
}

/// Until when a session holds at most, if it is still there.
pub fn expires_at(tx: &mut Tx<'_>, id: i64) -> Result<Option<Time>, StoreError> {
    tx.row("SELECT expires_at FROM web_session WHERE id = ?1", params![id], |row| Ok(Time(row.int(0)?)))
}

/// The sessions of a person that have not ended, the one used last first.
pub fn of(tx: &mut Tx<'_>, person: MailboxId, now: Time) -> Result<Vec<WebSession>, StoreError> {
    let sql = format!("{SESSION} WHERE mailbox = ?1 AND ends_at > ?2 ORDER BY last_used_at DESC, id DESC");
    tx.rows(&sql, params![person, now], read)
}

/// Says that a session was used, and until when it holds now.
pub fn used(tx: &mut Tx<'_>, id: i64, at: Time, ends_at: Time) -> Result<(), StoreError> {
    let sql = "UPDATE web_session SET last_used_at = ?2, ends_at = ?3 WHERE id = ?1";
    tx.execute(sql, params![id, at, ends_at])?;
    Ok(())
}

/// Ends one session of a person; gives whether it was there.
pub fn end(tx: &mut Tx<'_>, person: MailboxId, id: i64) -> Result<bool, StoreError> {
    let gone = tx.execute("DELETE FROM web_session WHERE id = ?1 AND mailbox = ?2", params![id, person])?;
    organisation::changed(tx)?;
    Ok(gone > 0)
}

/// Ends all sessions of a person, except one; gives how many.
pub fn end_others(tx: &mut Tx<'_>, person: MailboxId, except: Option<i64>) -> Result<u64, StoreError> {
    let sql = "DELETE FROM web_session WHERE mailbox = ?1 AND id <> ?2";
    let gone = tx.execute(sql, params![person, except.unwrap_or(0)])?;
    organisation::changed(tx)?;
    Ok(gone)
}

/// Removes what ended before `now`, so many rows at most; gives how many.
pub fn prune(tx: &mut Tx<'_>, now: Time, at_most: u32) -> Result<u64, StoreError> {
    let sql = "DELETE FROM web_session WHERE id IN (SELECT id FROM web_session WHERE ends_at <= ?1 LIMIT ?2)";
    tx.execute(sql, params![now, at_most])
}

#[cfg(test)]
mod tests;
