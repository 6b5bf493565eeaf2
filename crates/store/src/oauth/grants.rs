//! What people allowed clients. A grant holds as long as it is there and has not expired.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::{Row, organisation, params};
use postroom_model::{MailboxId, Time};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub id: i64,
    pub mailbox: MailboxId,
    pub client: String,
    pub client_name: String,
    pub scopes: String,
    pub epoch: i64,
    pub created_at: Time,
    pub last_used_at: Option<Time>,
    pub expires_at: Time,
}

/// Adds a grant; its `id` is given by the database. Gives that id.
pub fn add(tx: &mut Tx<'_>, new: &Grant) -> Result<i64, StoreError> {
    let sql = "INSERT INTO oauth_grant (mailbox, client, client_name, scopes, epoch, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) RETURNING id";
    let values =
        params![new.mailbox, &new.client, &new.client_name, &new.scopes, new.epoch, new.created_at, new.expires_at];
    tx.row(sql, values, |row| row.int(0))?.ok_or(StoreError::Corrupt("the id of an OAuth grant"))
}

pub(super) const COLUMNS: &str = "oauth_grant.id, oauth_grant.mailbox, oauth_grant.client, oauth_grant.client_name,
     oauth_grant.scopes, oauth_grant.epoch, oauth_grant.created_at, oauth_grant.last_used_at, oauth_grant.expires_at";

/// Reads [`COLUMNS`], which start at column `first`.
pub(super) fn read(row: &Row<'_>, first: usize) -> Result<Grant, StoreError> {
    Ok(Grant {
        id: row.int(first)?,
        mailbox: MailboxId(row.int(first + 1)?),
        client: row.text(first + 2)?.to_owned(),
        client_name: row.text(first + 3)?.to_owned(),
        scopes: row.text(first + 4)?.to_owned(),
        epoch: row.int(first + 5)?,
        created_at: Time(row.int(first + 6)?),
        last_used_at: row.opt_int(first + 7)?.map(Time),
        expires_at: Time(row.int(first + 8)?),
    })
}

pub fn find(tx: &mut Tx<'_>, id: i64) -> Result<Option<Grant>, StoreError> {
    tx.row(&format!("SELECT {COLUMNS} FROM oauth_grant WHERE id = ?1"), params![id], |row| read(row, 0))
}

/// Those that tokens were taken of and that have not expired, the newest first.
pub fn of(tx: &mut Tx<'_>, person: MailboxId, now: Time) -> Result<Vec<Grant>, StoreError> {
    let sql = format!(
        "SELECT {COLUMNS} FROM oauth_grant WHERE mailbox = ?1 AND last_used_at IS NOT NULL AND expires_at > ?2
         ORDER BY id DESC"
    );
    tx.rows(&sql, params![person, now], |row| read(row, 0))
}

/// Says that tokens were taken, and until when the grant holds now.
pub fn used(tx: &mut Tx<'_>, id: i64, at: Time, expires_at: Time) -> Result<(), StoreError> {
    let sql = "UPDATE oauth_grant SET last_used_at = ?2, expires_at = ?3 WHERE id = ?1";
    tx.execute(sql, params![id, at, expires_at])?;
    Ok(())
}

/// Ends a grant with all its tokens; gives whether it was there.
pub fn end(tx: &mut Tx<'_>, id: i64) -> Result<bool, StoreError> {
    tx.execute("DELETE FROM oauth_token WHERE grant_id = ?1", params![id])?;
    let gone = tx.execute("DELETE FROM oauth_grant WHERE id = ?1", params![id])?;
    organisation::changed(tx)?;
    Ok(gone > 0)
}

/// Ends all grants of a person.
pub fn end_all(tx: &mut Tx<'_>, person: MailboxId) -> Result<(), StoreError> {
    let sql = "DELETE FROM oauth_token WHERE grant_id IN (SELECT id FROM oauth_grant WHERE mailbox = ?1)";
    tx.execute(sql, params![person])?;
    tx.execute("DELETE FROM oauth_grant WHERE mailbox = ?1", params![person])?;
    Ok(())
}
