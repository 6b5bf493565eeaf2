//! Makes a role.

use super::{RoleError, check_members, names};
use crate::Directory;
use postroom_model::role::role_id_is_valid;
use postroom_model::{Actor, MailboxId, Privilege, RoleKey, RoleType};
use postroom_store::roles;
use std::collections::BTreeSet;

#[derive(Clone, Debug, Default)]
pub struct NewRole {
    pub id: String,
    pub description: String,
    pub privilege: Privilege,
    pub role_type: RoleType,
    pub members: BTreeSet<MailboxId>,
}

impl Directory {
    pub async fn create_role(&self, actor: Actor, new: NewRole) -> Result<RoleKey, RoleError> {
        self.change(actor, "role.create", move |change| {
            change.need_admin()?;
            if !role_id_is_valid(&new.id) {
                return Err(RoleError::BadId);
            }
            if change.org.role_by_id(&new.id).is_some() {
                return Err(RoleError::Taken(new.id.clone()));
            }
            check_members(&change.org, &new.members)?;
            let key = roles::create(change.tx, &new.id, &new.description, new.privilege, new.role_type, change.at)?;
            roles::set_members(change.tx, key, &new.members)?;
            let detail = format!("{}: {}", new.id, names(&change.org, &new.members));
            change.record(None, "role.create", detail)?;
            Ok(key)
        })
        .await
    }
}
