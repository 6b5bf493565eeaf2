//! Keys that sign mail from a domain (RFC 6376). Private halves are sealed.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::{Row, organisation, params};
use postroom_model::{DomainId, Time};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DkimKey {
    pub domain: DomainId,
    pub selector: String,
    /// `rsa` or `ed25519`.
    pub algorithm: String,
    /// PKCS#8, sealed.
    pub private_key: Vec<u8>,
    /// As the DNS record has it, in Base64.
    pub public_key: String,
    /// Whether mail is signed with it.
    pub active: bool,
    pub created_at: Time,
}

const COLUMNS: &str = "domain, selector, algorithm, private_key, public_key, active, created_at";

fn read(row: &Row<'_>) -> Result<DkimKey, StoreError> {
    Ok(DkimKey {
        domain: DomainId(row.int(0)?),
        selector: row.text(1)?.to_owned(),
        algorithm: row.text(2)?.to_owned(),
        private_key: row.blob(3)?.to_vec(),
        public_key: row.text(4)?.to_owned(),
        active: row.bool(5)?,
        created_at: Time(row.int(6)?),
    })
}

/// The keys of all domains.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<DkimKey>, StoreError> {
    tx.rows(&format!("SELECT {COLUMNS} FROM dkim_key ORDER BY domain, id"), &[], read)
}

/// The keys of a domain, oldest first.
pub fn of_domain(tx: &mut Tx<'_>, domain: DomainId) -> Result<Vec<DkimKey>, StoreError> {
    tx.rows(&format!("SELECT {COLUMNS} FROM dkim_key WHERE domain = ?1 ORDER BY id"), params![domain], read)
}

pub fn add(tx: &mut Tx<'_>, key: &DkimKey) -> Result<(), StoreError> {
    tx.execute(
        &format!("INSERT INTO dkim_key ({COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"),
        params![
            key.domain,
            &key.selector,
            &key.algorithm,
            &key.private_key,
            &key.public_key,
            key.active,
            key.created_at
        ],
    )?;
    organisation::changed(tx)
}

/// Signs with the keys of these selectors, and with no others of the domain.
pub fn use_only(tx: &mut Tx<'_>, domain: DomainId, selectors: &[String]) -> Result<(), StoreError> {
    tx.execute("UPDATE dkim_key SET active = 0 WHERE domain = ?1", params![domain])?;
    for selector in selectors {
        let sql = "UPDATE dkim_key SET active = 1 WHERE domain = ?1 AND selector = ?2";
        tx.execute(sql, params![domain, selector])?;
    }
    organisation::changed(tx)
}

/// Gives whether there was such a key.
pub fn remove(tx: &mut Tx<'_>, domain: DomainId, selector: &str) -> Result<bool, StoreError> {
    let gone = tx.execute("DELETE FROM dkim_key WHERE domain = ?1 AND selector = ?2", params![domain, selector])?;
    organisation::changed(tx)?;
    Ok(gone > 0)
}
