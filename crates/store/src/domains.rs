//! Domains: what our addresses end in.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::{organisation, params};
use postroom_model::{Domain, DomainId, Time};

/// All domains in order of name.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Domain>, StoreError> {
    tx.rows("SELECT id, name FROM domain ORDER BY name", &[], |row| {
        Ok(Domain { id: DomainId(row.int(0)?), name: row.text(1)?.to_owned() })
    })
}

/// The id of a domain by its name in lower case.
pub fn find(tx: &mut Tx<'_>, name: &str) -> Result<Option<DomainId>, StoreError> {
    tx.row("SELECT id FROM domain WHERE name = ?1", params![name], |row| Ok(DomainId(row.int(0)?)))
}

/// Adds a domain. The caller has checked that the name, in lower case, is a free domain name.
pub fn create(tx: &mut Tx<'_>, name: &str, at: Time) -> Result<DomainId, StoreError> {
    let sql = "INSERT INTO domain (name, created_at) VALUES (?1, ?2) RETURNING id";
    let id = tx.row(sql, params![name, at], |row| Ok(DomainId(row.int(0)?)))?;
    organisation::changed(tx)?;
    id.ok_or(StoreError::Corrupt("the id of a domain"))
}

/// Removes a domain. The database refuses it while an address ends in it.
pub fn remove(tx: &mut Tx<'_>, domain: DomainId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM route WHERE domain = ?1", params![domain])?;
    tx.execute("DELETE FROM dkim_key WHERE domain = ?1", params![domain])?;
    tx.execute("DELETE FROM domain WHERE id = ?1", params![domain])?;
    organisation::changed(tx)
}

/// How many addresses end in the domain.
pub fn addresses_in(tx: &mut Tx<'_>, domain: DomainId) -> Result<u64, StoreError> {
    let count = tx.row("SELECT COUNT(*) FROM address WHERE domain = ?1", params![domain], |row| row.size(0))?;
    Ok(count.unwrap_or(0))
}
