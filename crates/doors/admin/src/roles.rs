//! `/api/v1/roles`: made by administrators, have members, carry rights on mailboxes. For administrators.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod update;

use crate::words::{MadeByWord, PrivilegeWord, RoleTypeWord};
use crate::{Caller, Problem};
use postroom_directory::RoleLine;
use postroom_model::{MadeBy, MailboxId, Privilege, RoleKey, RoleType};
use serde::Serialize;
use std::collections::BTreeSet;
use utoipa::ToSchema;

/// A role.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Role {
    #[serde(skip)]
    key: RoleKey,
    #[schema(example = "Mailbox - Support")]
    id: String,
    #[schema(example = "Works on customer mail")]
    description: String,
    #[schema(value_type = PrivilegeWord)]
    privilege: Privilege,
    #[serde(rename = "type")]
    #[schema(value_type = RoleTypeWord)]
    role_type: RoleType,
    #[schema(value_type = MadeByWord)]
    made_by: MadeBy,
    /// Login names.
    #[schema(example = json!(["alice", "bob"]))]
    members: Vec<String>,
}

impl From<RoleLine> for Role {
    fn from(line: RoleLine) -> Self {
        Self {
            key: line.key,
            id: line.id,
            description: line.description,
            privilege: line.privilege,
            role_type: line.role_type,
            made_by: line.made_by,
            members: line.members,
        }
    }
}

pub(crate) fn role(caller: &Caller, id: &str) -> Result<Role, Problem> {
    let mut lines = caller.directory.list_roles(caller.actor)?.into_iter();
    lines.find(|line| line.id == id).map(Role::from).ok_or_else(|| Problem::not_found("role"))
}

/// The people that login names mean.
fn members(caller: &Caller, names: &[String]) -> Result<BTreeSet<MailboxId>, Problem> {
    let find = |name: &String| {
        let unknown = || Problem::unfit("members", format!("there is no user {name}"));
        crate::users::user_id(caller, name).ok_or_else(unknown)
    };
    // Asked first, so that only administrators learn which names exist.
    caller.directory.list_roles(caller.actor)?;
    names.iter().map(find).collect()
}
