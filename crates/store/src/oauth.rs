//! OAuth 2.0: clients, what people allowed them, and the hashes of the tokens that came of it.

pub mod clients;
pub mod devices;
pub mod grants;
pub mod tokens;

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::params;
use postroom_model::Time;

/// Removes what expired before `now`, and clients unused since `unused`; so many rows of each at most. Gives how many.
pub fn prune(tx: &mut Tx<'_>, now: Time, unused: Time, at_most: u32) -> Result<u64, StoreError> {
    let mut gone = 0;
    for sql in [
        "DELETE FROM oauth_device WHERE hash IN (SELECT hash FROM oauth_device WHERE expires_at <= ?1 LIMIT ?2)",
        "DELETE FROM oauth_token WHERE hash IN (SELECT hash FROM oauth_token WHERE expires_at <= ?1 LIMIT ?2)",
        "DELETE FROM oauth_grant WHERE id IN (SELECT id FROM oauth_grant WHERE expires_at <= ?1
             AND NOT EXISTS (SELECT 1 FROM oauth_token WHERE grant_id = oauth_grant.id) LIMIT ?2)",
    ] {
        gone += tx.execute(sql, params![now, at_most])?;
    }
    let sql = "DELETE FROM oauth_client WHERE id IN (SELECT id FROM oauth_client WHERE last_used_at <= ?1
         AND NOT EXISTS (SELECT 1 FROM oauth_grant WHERE client = oauth_client.id) LIMIT ?2)";
    Ok(gone + tx.execute(sql, params![unused, at_most])?)
}

#[cfg(test)]
mod tests;
