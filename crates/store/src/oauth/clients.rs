//! Programs that registered themselves.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::params;
use postroom_model::Time;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    pub id: String,
    pub name: String,
    pub redirect_uris: Vec<String>,
}

pub fn add(tx: &mut Tx<'_>, client: &Client, at: Time) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO oauth_client (id, name, redirect_uris, created_at, last_used_at) VALUES (?1, ?2, ?3, ?4, ?4)";
    tx.execute(sql, params![&client.id, &client.name, &client.redirect_uris.join("\n"), at])?;
    Ok(())
}

pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<Client>, StoreError> {
    tx.row("SELECT id, name, redirect_uris FROM oauth_client WHERE id = ?1", params![id], |row| {
        Ok(Client {
            id: row.text(0)?.to_owned(),
            name: row.text(1)?.to_owned(),
            redirect_uris: row.text(2)?.lines().map(str::to_owned).collect(),
        })
    })
}

/// How many are registered.
pub fn count(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    Ok(tx.row("SELECT COUNT(*) FROM oauth_client", &[], |row| row.size(0))?.unwrap_or(0))
}

pub fn used(tx: &mut Tx<'_>, id: &str, at: Time) -> Result<(), StoreError> {
    tx.execute("UPDATE oauth_client SET last_used_at = ?2 WHERE id = ?1", params![id, at])?;
    Ok(())
}
