//! Annotations of folders and of the server (RFC 5464): short values under names, each person's own or shared.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::params;
use postroom_model::{FolderId, MailboxId};

/// What is annotated, and for whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The folder; none: the server.
    pub folder: Option<(MailboxId, FolderId)>,
    /// Whose; none: shared by all.
    pub person: Option<MailboxId>,
}

impl Place {
    /// A person's annotations of the server stand with their own mailbox, so that they go with it.
    fn key(self) -> (MailboxId, FolderId, MailboxId) {
        let nobody = MailboxId(0);
        let (mailbox, folder) = self.folder.unwrap_or((self.person.unwrap_or(nobody), FolderId(0)));
        (mailbox, folder, self.person.unwrap_or(nobody))
    }
}

/// All annotations in a place, by name.
pub fn all(tx: &mut Tx<'_>, place: Place) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
    let (mailbox, folder, person) = place.key();
    let sql = "SELECT entry, value FROM annotation WHERE mailbox = ?1 AND folder = ?2 AND person = ?3 ORDER BY entry";
    tx.rows(sql, params![mailbox, folder, person], |row| Ok((row.text(0)?.to_owned(), row.blob(1)?.to_vec())))
}

pub fn count(tx: &mut Tx<'_>, place: Place) -> Result<u64, StoreError> {
    let (mailbox, folder, person) = place.key();
    let sql = "SELECT COUNT(*) FROM annotation WHERE mailbox = ?1 AND folder = ?2 AND person = ?3";
    Ok(tx.row(sql, params![mailbox, folder, person], |row| row.size(0))?.unwrap_or(0))
}

/// Sets or replaces one.
pub fn set(tx: &mut Tx<'_>, place: Place, entry: &str, value: &[u8]) -> Result<(), StoreError> {
    let (mailbox, folder, person) = place.key();
    tx.execute(
        "INSERT INTO annotation (mailbox, folder, person, entry, value) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (mailbox, folder, person, entry) DO UPDATE SET value = ?5",
        params![mailbox, folder, person, entry, value],
    )?;
    Ok(())
}

pub fn remove(tx: &mut Tx<'_>, place: Place, entry: &str) -> Result<(), StoreError> {
    let (mailbox, folder, person) = place.key();
    let sql = "DELETE FROM annotation WHERE mailbox = ?1 AND folder = ?2 AND person = ?3 AND entry = ?4";
    tx.execute(sql, params![mailbox, folder, person, entry])?;
    Ok(())
}

/// For a folder that goes.
pub(crate) fn remove_of_folder(tx: &mut Tx<'_>, mailbox: MailboxId, folder: FolderId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM annotation WHERE mailbox = ?1 AND folder = ?2", params![mailbox, folder])?;
    Ok(())
}

/// For a mailbox that goes, as one with folders and as a person.
pub(crate) fn remove_all(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM annotation WHERE mailbox = ?1 OR person = ?1", params![mailbox])?;
    Ok(())
}
