//! Codes, access tokens and refresh tokens, each kept as its hash.

use super::grants::{self, Grant};
use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::params;
use postroom_model::Time;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Code,
    Access,
    Refresh,
}

impl Purpose {
    fn as_str(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Access => "access",
            Self::Refresh => "refresh",
        }
    }
}

/// A token to be kept.
#[derive(Clone, Debug)]
pub struct Token {
    pub hash: String,
    pub grant: i64,
    pub purpose: Purpose,
    pub created_at: Time,
    pub expires_at: Time,
    /// Of a code.
    pub redirect_uri: Option<String>,
    pub challenge: Option<String>,
}

/// A token that was found, with its grant.
#[derive(Clone, Debug)]
pub struct Found {
    pub grant: Grant,
    pub expires_at: Time,
    pub used_at: Option<Time>,
    pub redirect_uri: Option<String>,
    pub challenge: Option<String>,
}

pub fn add(tx: &mut Tx<'_>, token: &Token) -> Result<(), StoreError> {
    let sql = "INSERT INTO oauth_token (hash, grant_id, purpose, created_at, expires_at, redirect_uri, challenge)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let values = params![
        &token.hash,
        token.grant,
        token.purpose.as_str(),
        token.created_at,
        token.expires_at,
        token.redirect_uri.as_deref(),
        token.challenge.as_deref()
    ];
    tx.execute(sql, values)?;
    Ok(())
}

/// A token of this purpose that has not expired; it may have been used.
pub fn find(tx: &mut Tx<'_>, purpose: Purpose, hash: &str, now: Time) -> Result<Option<Found>, StoreError> {
    let sql = format!(
        "SELECT oauth_token.expires_at, oauth_token.used_at, oauth_token.redirect_uri, oauth_token.challenge, {}
         FROM oauth_token JOIN oauth_grant ON oauth_grant.id = oauth_token.grant_id
         WHERE oauth_token.hash = ?1 AND oauth_token.purpose = ?2
             AND oauth_token.expires_at > ?3 AND oauth_grant.expires_at > ?3",
        grants::COLUMNS
    );
    tx.row(&sql, params![hash, purpose.as_str(), now], |row| {
        Ok(Found {
            expires_at: Time(row.int(0)?),
            used_at: row.opt_int(1)?.map(Time),
            redirect_uri: row.opt_text(2)?.map(str::to_owned),
            challenge: row.opt_text(3)?.map(str::to_owned),
            grant: grants::read(row, 4)?,
        })
    })
}

/// Uses a code or a refresh token up. False: somebody else did.
pub fn take(tx: &mut Tx<'_>, hash: &str, at: Time) -> Result<bool, StoreError> {
    let sql = "UPDATE oauth_token SET used_at = ?2 WHERE hash = ?1 AND used_at IS NULL";
    Ok(tx.execute(sql, params![hash, at])? > 0)
}

/// Removes one token.
pub fn remove(tx: &mut Tx<'_>, hash: &str) -> Result<(), StoreError> {
    tx.execute("DELETE FROM oauth_token WHERE hash = ?1", params![hash])?;
    Ok(())
}

/// Whose grant a token of any purpose belongs to.
pub fn grant_of(tx: &mut Tx<'_>, hash: &str) -> Result<Option<Grant>, StoreError> {
    let sql = format!(
        "SELECT {} FROM oauth_token JOIN oauth_grant ON oauth_grant.id = oauth_token.grant_id
         WHERE oauth_token.hash = ?1",
        grants::COLUMNS
    );
    tx.row(&sql, params![hash], |row| grants::read(row, 0))
}
