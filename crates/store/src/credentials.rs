//! What people sign in with: one password each, and application passwords.
//!
//! A credential refers to a mailbox together with its kind `user`, so that the database itself refuses one for
//! anything else. Secrets never come here in clear: only their hashes.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::{Row, oauth, organisation, params, second_factors, web_sessions};
use postroom_model::{MailboxId, Time};
use std::collections::HashMap;

/// The password of an account as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Password {
    /// Argon2id in PHC form.
    pub hash: String,
    /// SCRAM-SHA-256 verifier; none until the password was seen in clear once.
    pub scram: Option<String>,
}

/// An application password as people see it in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationPassword {
    pub id: i64,
    pub mailbox: MailboxId,
    pub label: String,
    pub created_at: Time,
    pub last_used_at: Option<Time>,
    pub expires_at: Option<Time>,
    /// The one mailbox that it opens; none: whatever the person may open.
    pub only: Option<MailboxId>,
}

pub fn password(tx: &mut Tx<'_>, person: MailboxId) -> Result<Option<Password>, StoreError> {
    let sql = "SELECT hash, scram FROM credential WHERE mailbox = ?1 AND purpose = 'password'";
    tx.row(sql, params![person], |row| {
        Ok(Password { hash: row.text(0)?.to_owned(), scram: row.opt_text(1)?.map(str::to_owned) })
    })
}

/// The password hashes of all accounts that have one.
pub fn passwords(tx: &mut Tx<'_>) -> Result<Vec<(MailboxId, String)>, StoreError> {
    let sql = "SELECT mailbox, hash FROM credential WHERE purpose = 'password' ORDER BY mailbox";
    tx.rows(sql, &[], |row| Ok((MailboxId(row.int(0)?), row.text(1)?.to_owned())))
}

/// Who has any credential.
pub fn holders(tx: &mut Tx<'_>) -> Result<Vec<MailboxId>, StoreError> {
    tx.rows("SELECT DISTINCT mailbox FROM credential", &[], |row| Ok(MailboxId(row.int(0)?)))
}

/// Sets or replaces the password of an account.
pub fn set_password(tx: &mut Tx<'_>, person: MailboxId, password: &Password, at: Time) -> Result<(), StoreError> {
    remove_password(tx, person)?;
    tx.execute(
        "INSERT INTO credential (mailbox, purpose, hash, scram, created_at) VALUES (?1, 'password', ?2, ?3, ?4)",
        params![person, &password.hash, password.scram.as_deref(), at],
    )?;
    Ok(())
}

pub fn remove_password(tx: &mut Tx<'_>, person: MailboxId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM credential WHERE mailbox = ?1 AND purpose = 'password'", params![person])?;
    end_sessions(tx, person)
}

/// Counts the organisation's version up and notes it as the account's epoch, which ends what is signed in.
fn end_sessions(tx: &mut Tx<'_>, person: MailboxId) -> Result<(), StoreError> {
    organisation::changed(tx)?;
    let version = organisation::version(tx)?;
    tx.execute("UPDATE mailbox SET credentials_epoch = ?2 WHERE id = ?1", params![person, version])?;
    web_sessions::end_others(tx, person, None)?;
    oauth::grants::end_all(tx, person)?;
    Ok(())
}

/// The epoch of one account's credentials; 0 for an account that does not exist.
pub fn epoch(tx: &mut Tx<'_>, person: MailboxId) -> Result<i64, StoreError> {
    let sql = "SELECT credentials_epoch FROM mailbox WHERE id = ?1";
    Ok(tx.row(sql, params![person], |row| row.int(0))?.unwrap_or(0))
}

/// The version of the organisation, and the epoch of the credentials of every user.
pub fn epochs(tx: &mut Tx<'_>) -> Result<(u64, HashMap<MailboxId, i64>), StoreError> {
    let version = organisation::version(tx)?;
    let sql = "SELECT id, credentials_epoch FROM mailbox WHERE kind = 'user'";
    let epochs = tx.rows(sql, &[], |row| Ok((MailboxId(row.int(0)?), row.int(1)?)))?;
    Ok((version, epochs.into_iter().collect()))
}

/// Adds the SCRAM verifier of a password whose hash is still `hash`. No change of the account: nothing ends.
pub fn add_scram(tx: &mut Tx<'_>, person: MailboxId, hash: &str, scram: &str) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE credential SET scram = ?3 WHERE mailbox = ?1 AND purpose = 'password' AND hash = ?2",
        params![person, hash, scram],
    )?;
    Ok(())
}

/// Adds an application password, kept as the hex SHA-256 of its random text.
pub fn add_application(
    tx: &mut Tx<'_>,
    person: MailboxId,
    hash: &str,
    label: &str,
    expires_at: Option<Time>,
    only: Option<MailboxId>,
    at: Time,
) -> Result<i64, StoreError> {
    let sql = "INSERT INTO credential (mailbox, purpose, hash, label, created_at, expires_at, only_mailbox)
         VALUES (?1, 'application', ?2, ?3, ?4, ?5, ?6) RETURNING id";
    let id = tx.row(sql, params![person, hash, label, at, expires_at, only], |row| row.int(0))?;
    id.ok_or(StoreError::Corrupt("the id of a credential"))
}

fn read_application(row: &Row<'_>) -> Result<ApplicationPassword, StoreError> {
    Ok(ApplicationPassword {
        id: row.int(0)?,
        mailbox: MailboxId(row.int(1)?),
        label: row.text(2)?.to_owned(),
        created_at: Time(row.int(3)?),
        last_used_at: row.opt_int(4)?.map(Time),
        expires_at: row.opt_int(5)?.map(Time),
        only: row.opt_int(6)?.map(MailboxId),
    })
}

const APPLICATION: &str =
    "SELECT id, mailbox, label, created_at, last_used_at, expires_at, only_mailbox FROM credential
     WHERE purpose = 'application'";

pub fn applications(tx: &mut Tx<'_>, person: MailboxId) -> Result<Vec<ApplicationPassword>, StoreError> {
    tx.rows(&format!("{APPLICATION} AND mailbox = ?1 ORDER BY id"), params![person], read_application)
}

/// The application password of an account with this hash.
pub fn find_application(
    tx: &mut Tx<'_>,
    person: MailboxId,
    hash: &str,
) -> Result<Option<ApplicationPassword>, StoreError> {
    tx.row(&format!("{APPLICATION} AND mailbox = ?1 AND hash = ?2"), params![person, hash], read_application)
}

/// Says that an application password was used.
pub fn used(tx: &mut Tx<'_>, id: i64, at: Time) -> Result<(), StoreError> {
    tx.execute("UPDATE credential SET last_used_at = ?2 WHERE id = ?1", params![id, at])?;
    Ok(())
}

/// Until when an application password holds, if it is still there; `None` inside: for ever.
pub fn application_expiry(tx: &mut Tx<'_>, id: i64) -> Result<Option<Option<Time>>, StoreError> {
    let sql = "SELECT expires_at FROM credential WHERE id = ?1 AND purpose = 'application'";
    tx.row(sql, params![id], |row| Ok(row.opt_int(0)?.map(Time)))
}

/// Removes an application password of an account; gives whether it was there. What else is signed in stays so.
pub fn remove_application(tx: &mut Tx<'_>, person: MailboxId, id: i64) -> Result<bool, StoreError> {
    let sql = "DELETE FROM credential WHERE id = ?1 AND mailbox = ?2 AND purpose = 'application'";
    let gone = tx.execute(sql, params![id, person])?;
    organisation::changed(tx)?;
    Ok(gone > 0)
}

/// Removes what opens a mailbox that goes, and nothing else.
pub(crate) fn remove_bound_to(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM credential WHERE only_mailbox = ?1", params![mailbox])?;
    Ok(())
}

/// Removes everything an account signs in with.
pub fn remove_all(tx: &mut Tx<'_>, person: MailboxId) -> Result<(), StoreError> {
    second_factors::remove(tx, person)?;
    tx.execute("DELETE FROM credential WHERE mailbox = ?1", params![person])?;
    end_sessions(tx, person)
}

#[cfg(test)]
mod tests;
