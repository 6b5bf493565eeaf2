//! Changes a role and its members. Its id stays.

use super::{RoleError, check_members, names};
use crate::Directory;
use crate::change::Change;
use postroom_model::{Actor, Grantee, MadeBy, MailboxId, Privilege, Role, RoleKey, RoleType};
use postroom_store::roles;
use std::collections::BTreeSet;

/// What is none stays as it is. Of a role of the system only the members can be changed.
#[derive(Clone, Debug, Default)]
pub struct UpdateRole {
    pub description: Option<String>,
    pub privilege: Option<Privilege>,
    pub role_type: Option<RoleType>,
    pub members: Option<BTreeSet<MailboxId>>,
}

impl Directory {
    pub async fn update_role(&self, actor: Actor, role: RoleKey, update: UpdateRole) -> Result<(), RoleError> {
        self.change(actor, "role.update", move |change| run(change, role, &update)).await
    }
}

fn run(change: &mut Change<'_, '_>, key: RoleKey, update: &UpdateRole) -> Result<(), RoleError> {
    change.need_admin()?;
    let role = change.org.role(key).cloned().ok_or(RoleError::NotFound)?;
    describe(change, &role, update)?;
    let Some(members) = &update.members else { return Ok(()) };
    check_members(&change.org, members)?;
    if *members != role.members {
        roles::set_members(change.tx, key, members)?;
        let (old, new) = (names(&change.org, &role.members), names(&change.org, members));
        change.record(None, "role.members", format!("{}: {old} -> {new}", role.id))?;
    }
    Ok(())
}

fn describe(change: &mut Change<'_, '_>, role: &Role, update: &UpdateRole) -> Result<(), RoleError> {
    let description = update.description.clone().unwrap_or_else(|| role.description.clone());
    let privilege = update.privilege.unwrap_or(role.privilege);
    let role_type = update.role_type.unwrap_or(role.role_type);
    if (&description, privilege, role_type) == (&role.description, role.privilege, role.role_type) {
        return Ok(());
    }
    if role.made_by == MadeBy::System {
        return Err(RoleError::System(role.id.clone()));
    }
    let has_grants = change.org.grants().any(|grant| grant.grantee == Grantee::Role(role.key));
    if role_type != RoleType::Security && has_grants {
        return Err(RoleError::HasGrants(role.id.clone()));
    }
    roles::update(change.tx, role.key, &description, privilege, role_type)?;
    let detail = format!("{}: privilege {}, type {}", role.id, privilege.as_str(), role_type.as_str());
    change.record(None, "role.update", detail)?;
    Ok(())
}
