//! Devices that wait to be allowed (RFC 8628).

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::{Row, params};
use postroom_model::Time;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// Of the device code.
    pub hash: String,
    pub user_code: String,
    pub client: String,
    pub client_name: String,
    pub scopes: String,
    pub created_at: Time,
    pub expires_at: Time,
    pub polled_at: Option<Time>,
    pub answer: Option<Answer>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    Denied,
    /// The grant that came of it.
    Allowed(i64),
}

/// Adds one that waits. False: the user code is taken.
pub fn add(tx: &mut Tx<'_>, new: &Device) -> Result<bool, StoreError> {
    let sql = "INSERT INTO oauth_device (hash, user_code, client, client_name, scopes, created_at, expires_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (user_code) DO NOTHING";
    let values =
        params![&new.hash, &new.user_code, &new.client, &new.client_name, &new.scopes, new.created_at, new.expires_at];
    Ok(tx.execute(sql, values)? > 0)
}

const DEVICE: &str = "SELECT hash, user_code, client, client_name, scopes, created_at, expires_at, polled_at, grant_id
     FROM oauth_device";

fn read(row: &Row<'_>) -> Result<Device, StoreError> {
    Ok(Device {
        hash: row.text(0)?.to_owned(),
        user_code: row.text(1)?.to_owned(),
        client: row.text(2)?.to_owned(),
        client_name: row.text(3)?.to_owned(),
        scopes: row.text(4)?.to_owned(),
        created_at: Time(row.int(5)?),
        expires_at: Time(row.int(6)?),
        polled_at: row.opt_int(7)?.map(Time),
        answer: row.opt_int(8)?.map(|grant| if grant == 0 { Answer::Denied } else { Answer::Allowed(grant) }),
    })
}

/// The device that polls with this code.
pub fn find(tx: &mut Tx<'_>, hash: &str) -> Result<Option<Device>, StoreError> {
    tx.row(&format!("{DEVICE} WHERE hash = ?1"), params![hash], read)
}

/// The device that shows this code and still waits.
pub fn waiting(tx: &mut Tx<'_>, user_code: &str, now: Time) -> Result<Option<Device>, StoreError> {
    let sql = format!("{DEVICE} WHERE user_code = ?1 AND expires_at > ?2 AND grant_id IS NULL");
    tx.row(&sql, params![user_code, now], read)
}

pub fn polled(tx: &mut Tx<'_>, hash: &str, at: Time) -> Result<(), StoreError> {
    tx.execute("UPDATE oauth_device SET polled_at = ?2 WHERE hash = ?1", params![hash, at])?;
    Ok(())
}

/// Answers one that waits. False: it was answered already.
pub fn answer(tx: &mut Tx<'_>, hash: &str, answer: Answer) -> Result<bool, StoreError> {
    let grant = match answer {
        Answer::Denied => 0,
        Answer::Allowed(grant) => grant,
    };
    let sql = "UPDATE oauth_device SET grant_id = ?2 WHERE hash = ?1 AND grant_id IS NULL";
    Ok(tx.execute(sql, params![hash, grant])? > 0)
}

/// Removes one that took its tokens, or was told that it may not. False: somebody else did.
pub fn remove(tx: &mut Tx<'_>, hash: &str) -> Result<bool, StoreError> {
    Ok(tx.execute("DELETE FROM oauth_device WHERE hash = ?1", params![hash])? > 0)
}
