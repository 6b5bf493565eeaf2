//! Second factors: the sealed secret of an authenticator app, the last code it gave, and recovery codes.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::{organisation, params};
use postroom_model::{MailboxId, Time};
use std::collections::HashSet;

/// A second factor as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecondFactor {
    pub sealed: Vec<u8>,
    /// None: not in force yet.
    pub confirmed_at: Option<Time>,
}

/// Puts a new secret in place of one that was never confirmed. False: one is in force, and stays.
pub fn enrol(tx: &mut Tx<'_>, person: MailboxId, sealed: &[u8], at: Time) -> Result<bool, StoreError> {
    tx.execute("DELETE FROM second_factor WHERE mailbox = ?1 AND confirmed_at IS NULL", params![person])?;
    let sql = "INSERT INTO second_factor (mailbox, secret, created_at, last_step) VALUES (?1, ?2, ?3, 0)
         ON CONFLICT (mailbox) DO NOTHING";
    Ok(tx.execute(sql, params![person, sealed, at])? > 0)
}

pub fn find(tx: &mut Tx<'_>, person: MailboxId) -> Result<Option<SecondFactor>, StoreError> {
    tx.row("SELECT secret, confirmed_at FROM second_factor WHERE mailbox = ?1", params![person], |row| {
        Ok(SecondFactor { sealed: row.blob(0)?.to_vec(), confirmed_at: row.opt_int(1)?.map(Time) })
    })
}

/// Whether a second factor is in force.
pub fn in_force(tx: &mut Tx<'_>, person: MailboxId) -> Result<bool, StoreError> {
    Ok(find(tx, person)?.is_some_and(|factor| factor.confirmed_at.is_some()))
}

/// Who has a second factor in force.
pub fn holders(tx: &mut Tx<'_>) -> Result<HashSet<MailboxId>, StoreError> {
    let sql = "SELECT mailbox FROM second_factor WHERE confirmed_at IS NOT NULL";
    Ok(tx.rows(sql, &[], |row| Ok(MailboxId(row.int(0)?)))?.into_iter().collect())
}

/// Puts an enrolled secret in force.
pub fn confirm(tx: &mut Tx<'_>, person: MailboxId, at: Time) -> Result<bool, StoreError> {
    let sql = "UPDATE second_factor SET confirmed_at = ?2 WHERE mailbox = ?1 AND confirmed_at IS NULL";
    let confirmed = tx.execute(sql, params![person, at])?;
    organisation::changed(tx)?;
    Ok(confirmed > 0)
}

/// Takes the code of a time step. False: it, or a later one, was taken before.
pub fn take_step(tx: &mut Tx<'_>, person: MailboxId, step: i64) -> Result<bool, StoreError> {
    let sql = "UPDATE second_factor SET last_step = ?2 WHERE mailbox = ?1 AND last_step < ?2";
    Ok(tx.execute(sql, params![person, step])? > 0)
}

/// Replaces the recovery codes.
pub fn set_recovery_codes(tx: &mut Tx<'_>, person: MailboxId, hashes: &[String]) -> Result<(), StoreError> {
    tx.execute("DELETE FROM recovery_code WHERE mailbox = ?1", params![person])?;
    for hash in hashes {
        tx.execute("INSERT INTO recovery_code (mailbox, hash) VALUES (?1, ?2)", params![person, hash])?;
    }
    Ok(())
}

/// Uses a recovery code up. False: there is no such code.
pub fn take_recovery_code(tx: &mut Tx<'_>, person: MailboxId, hash: &str) -> Result<bool, StoreError> {
    Ok(tx.execute("DELETE FROM recovery_code WHERE mailbox = ?1 AND hash = ?2", params![person, hash])? > 0)
}

/// How many recovery codes are left.
pub fn recovery_codes(tx: &mut Tx<'_>, person: MailboxId) -> Result<u64, StoreError> {
    let sql = "SELECT COUNT(*) FROM recovery_code WHERE mailbox = ?1";
    Ok(tx.row(sql, params![person], |row| row.size(0))?.unwrap_or(0))
}

/// Takes the second factor of a person away; gives whether there was one.
pub fn remove(tx: &mut Tx<'_>, person: MailboxId) -> Result<bool, StoreError> {
    tx.execute("DELETE FROM recovery_code WHERE mailbox = ?1", params![person])?;
    let gone = tx.execute("DELETE FROM second_factor WHERE mailbox = ?1", params![person])?;
    organisation::changed(tx)?;
    Ok(gone > 0)
}

#[cfg(test)]
mod tests;
