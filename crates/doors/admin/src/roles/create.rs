//! `POST /api/v1/roles`

use super::Role;
use crate::words::{PrivilegeWord, RoleTypeWord};
use crate::{Body, Caller, Problem};
use axum::Json;
use axum::http::StatusCode;
use postroom_model::{Privilege, RoleType};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRole {
    #[schema(example = "Mailbox - Support")]
    id: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    #[schema(value_type = PrivilegeWord)]
    privilege: Privilege,
    #[serde(default, rename = "type")]
    #[schema(value_type = RoleTypeWord)]
    role_type: RoleType,
    /// Login names.
    #[serde(default)]
    members: Vec<String>,
}

/// Makes a role.
#[utoipa::path(
    post, path = "/roles", tag = "roles", operation_id = "createRole",
    request_body = NewRole,
    responses((status = 201, body = Role)),
)]
pub(crate) async fn create(caller: Caller, Body(new): Body<NewRole>) -> Result<(StatusCode, Json<Role>), Problem> {
    let wanted = postroom_directory::NewRole {
        id: new.id.clone(),
        description: new.description,
        privilege: new.privilege,
        role_type: new.role_type,
        members: super::members(&caller, &new.members)?,
    };
    caller.directory.create_role(caller.actor, wanted).await?;
    Ok((StatusCode::CREATED, Json(super::role(&caller, &new.id)?)))
}
