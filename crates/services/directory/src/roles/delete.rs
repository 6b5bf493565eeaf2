//! Deletes a role with its members and grants.

use super::RoleError;
use crate::Directory;
use postroom_model::{Actor, MadeBy, RoleKey};
use postroom_store::roles;

impl Directory {
    pub async fn delete_role(&self, actor: Actor, role: RoleKey) -> Result<(), RoleError> {
        self.change(actor, "role.delete", move |change| {
            change.need_admin()?;
            let facts = change.org.role(role).cloned().ok_or(RoleError::NotFound)?;
            if facts.made_by == MadeBy::System {
                return Err(RoleError::System(facts.id.clone()));
            }
            roles::remove(change.tx, role)?;
            change.record(None, "role.delete", facts.id.clone())?;
            Ok(())
        })
        .await
    }
}
