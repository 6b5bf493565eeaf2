//! Grants: one row for each (mailbox, grantee, folder).

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::organisation::{self, word};
use crate::params;
use postroom_model::{FolderId, Grant, Grantee, MailboxId, Origin, RightSet, RoleKey, Time};

/// All grants, in order of mailbox, grantee and folder.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Grant>, StoreError> {
    let sql = "SELECT mailbox, grantee, grantee_id, folder, rights, automap, origin FROM access_grant
         ORDER BY mailbox, grantee, grantee_id, folder";
    tx.rows(sql, &[], |row| {
        let grantee = match row.text(1)? {
            "person" => Grantee::Person(MailboxId(row.int(2)?)),
            "role" => Grantee::Role(RoleKey(row.int(2)?)),
            _ => return Err(StoreError::Corrupt("the grantee of a grant")),
        };
        Ok(Grant {
            mailbox: MailboxId(row.int(0)?),
            grantee,
            folder: Some(row.int(3)?).filter(|folder| *folder != 0).map(FolderId),
            rights: RightSet::from_bits(row.int(4)?),
            automap: row.bool(5)?,
            origin: word(row, 6, Origin::parse, "the origin of a grant")?,
        })
    })
}

/// Writes the one row of the grant's (mailbox, grantee, folder). The database refuses grantees that are neither
/// a user nor a role made by an administrator.
pub fn set(tx: &mut Tx<'_>, grant: &Grant, at: Time) -> Result<(), StoreError> {
    let (word, person, role) = parts(grant.grantee);
    tx.execute(
        "INSERT INTO access_grant (mailbox, grantee, grantee_id, folder, rights, automap, origin,
             person, person_kind, role, role_made_by, changed_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
         ON CONFLICT (mailbox, grantee, grantee_id, folder)
         DO UPDATE SET rights = ?5, automap = ?6, origin = ?7, changed_at = ?12",
        params![
            grant.mailbox,
            word,
            person.or(role),
            folder(grant.folder),
            grant.rights.bits(),
            grant.automap,
            grant.origin.as_str(),
            person,
            person.map(|_| "user"),
            role,
            role.map(|_| "administrator"),
            at
        ],
    )?;
    organisation::changed(tx)
}

/// Removes one row; gives whether it was there.
pub fn remove(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    grantee: Grantee,
    of_folder: Option<FolderId>,
) -> Result<bool, StoreError> {
    let (word, person, role) = parts(grantee);
    let sql = "DELETE FROM access_grant WHERE mailbox = ?1 AND grantee = ?2 AND grantee_id = ?3 AND folder = ?4";
    let gone = tx.execute(sql, params![mailbox, word, person.or(role), folder(of_folder)])?;
    organisation::changed(tx)?;
    Ok(gone > 0)
}

/// Removes what a person was granted directly.
pub fn remove_held_by(tx: &mut Tx<'_>, person: MailboxId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM access_grant WHERE person = ?1", params![person])?;
    organisation::changed(tx)
}

/// Removes every grant on a mailbox.
pub fn remove_on(tx: &mut Tx<'_>, mailbox: MailboxId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM access_grant WHERE mailbox = ?1", params![mailbox])?;
    organisation::changed(tx)
}

fn folder(folder: Option<FolderId>) -> i64 {
    folder.map_or(0, |folder| folder.0)
}

fn parts(grantee: Grantee) -> (&'static str, Option<i64>, Option<i64>) {
    match grantee {
        Grantee::Person(id) => ("person", Some(id.0), None),
        Grantee::Role(key) => ("role", None, Some(key.0)),
    }
}
