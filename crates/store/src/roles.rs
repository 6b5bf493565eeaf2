//! Roles and who is in them.

use crate::db::error::StoreError;
use crate::db::tx::Tx;
use crate::organisation::{self, word};
use crate::{params, settings};
use postroom_model::{MadeBy, MailboxId, Privilege, Role, RoleKey, RoleType, Time};
use std::collections::{BTreeMap, BTreeSet};

/// All roles in order of key, with their members.
pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Role>, StoreError> {
    let mut members: BTreeMap<RoleKey, BTreeSet<MailboxId>> = BTreeMap::new();
    tx.for_each("SELECT role, person FROM role_member", &[], |row| {
        members.entry(RoleKey(row.int(0)?)).or_default().insert(MailboxId(row.int(1)?));
        Ok(())
    })?;
    let sql = "SELECT id, role_id, description, privilege, type, made_by FROM role ORDER BY id";
    tx.rows(sql, &[], |row| {
        let key = RoleKey(row.int(0)?);
        Ok(Role {
            key,
            id: row.text(1)?.to_owned(),
            description: row.text(2)?.to_owned(),
            privilege: word(row, 3, Privilege::parse, "the privilege of a role")?,
            role_type: word(row, 4, RoleType::parse, "the type of a role")?,
            made_by: word(row, 5, MadeBy::parse, "the maker of a role")?,
            members: members.remove(&key).unwrap_or_default(),
        })
    })
}

/// Makes a role. The caller has checked that the id is free. Its members are set by [`set_members`].
pub fn create(
    tx: &mut Tx<'_>,
    id: &str,
    description: &str,
    privilege: Privilege,
    role_type: RoleType,
    at: Time,
) -> Result<RoleKey, StoreError> {
    // System roles are made by the schema, with keys below this counter's start.
    let key = RoleKey(100 + settings::next_number(tx, "last_role")?);
    tx.execute(
        "INSERT INTO role (id, role_id, description, privilege, type, made_by, created_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![key, id, description, privilege.as_str(), role_type.as_str(), MadeBy::Administrator.as_str(), at],
    )?;
    organisation::changed(tx)?;
    Ok(key)
}

/// Changes a role made by an administrator. Its id stays.
pub fn update(
    tx: &mut Tx<'_>,
    role: RoleKey,
    description: &str,
    privilege: Privilege,
    role_type: RoleType,
) -> Result<(), StoreError> {
    tx.execute(
        "UPDATE role SET description = ?2, privilege = ?3, type = ?4 WHERE id = ?1 AND made_by = 'administrator'",
        params![role, description, privilege.as_str(), role_type.as_str()],
    )?;
    organisation::changed(tx)
}

/// Makes the members exactly these. The database refuses anybody but users.
pub fn set_members(tx: &mut Tx<'_>, role: RoleKey, members: &BTreeSet<MailboxId>) -> Result<(), StoreError> {
    tx.execute("DELETE FROM role_member WHERE role = ?1", params![role])?;
    for person in members {
        tx.execute("INSERT INTO role_member (role, person) VALUES (?1, ?2)", params![role, *person])?;
    }
    organisation::changed(tx)
}

/// Takes a person out of every role.
pub(crate) fn leave_all(tx: &mut Tx<'_>, person: MailboxId) -> Result<(), StoreError> {
    tx.execute("DELETE FROM role_member WHERE person = ?1", params![person])?;
    organisation::changed(tx)
}

/// Removes a role made by an administrator, with its members and grants.
pub fn remove(tx: &mut Tx<'_>, role: RoleKey) -> Result<(), StoreError> {
    tx.execute("DELETE FROM access_grant WHERE role = ?1", params![role])?;
    tx.execute("DELETE FROM role_member WHERE role = ?1", params![role])?;
    tx.execute("DELETE FROM role WHERE id = ?1 AND made_by = 'administrator'", params![role])?;
    organisation::changed(tx)
}
