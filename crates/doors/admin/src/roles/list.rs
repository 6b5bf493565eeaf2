//! `GET /api/v1/roles`

use super::Role;
use crate::{Caller, Problem};
use axum::Json;

/// The roles, in order of id.
#[utoipa::path(
    get, path = "/roles", tag = "roles", operation_id = "listRoles",
    responses((status = 200, body = Vec<Role>)),
)]
pub(crate) async fn list(caller: Caller) -> Result<Json<Vec<Role>>, Problem> {
    let lines = caller.directory.list_roles(caller.actor)?;
    Ok(Json(lines.into_iter().map(Role::from).collect()))
}
