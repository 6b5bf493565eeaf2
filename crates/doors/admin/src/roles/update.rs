//! `PATCH /api/v1/roles/{role}`

use super::Role;
use crate::words::{PrivilegeWord, RoleTypeWord};
use crate::{Body, Caller, Problem};
use axum::Json;
use axum::extract::Path;
use postroom_directory::UpdateRole;
use postroom_model::{Privilege, RoleType};
use serde::Deserialize;
use utoipa::ToSchema;

/// What is absent stays as it is. Of a role of the system only the members can be changed.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct RoleChange {
    description: Option<String>,
    #[schema(value_type = Option<PrivilegeWord>)]
    privilege: Option<Privilege>,
    #[serde(rename = "type")]
    #[schema(value_type = Option<RoleTypeWord>)]
    role_type: Option<RoleType>,
    /// All of them, as login names.
    members: Option<Vec<String>>,
}

/// Changes a role. Its id stays.
#[utoipa::path(
    patch, path = "/roles/{role}", tag = "roles", operation_id = "updateRole",
    params(("role" = String, Path, description = "Its id", example = "Mailbox - Support")),
    request_body = RoleChange,
    responses((status = 200, body = Role)),
)]
pub(crate) async fn update(
    caller: Caller,
    Path(id): Path<String>,
    Body(change): Body<RoleChange>,
) -> Result<Json<Role>, Problem> {
    let before = super::role(&caller, &id)?;
    let members = match &change.members {
        Some(names) => Some(super::members(&caller, names)?),
        None => None,
    };
    let update = UpdateRole {
        description: change.description,
        privilege: change.privilege,
        role_type: change.role_type,
        members,
    };
    caller.directory.update_role(caller.actor, before.key, update).await?;
    super::role(&caller, &id).map(Json)
}
