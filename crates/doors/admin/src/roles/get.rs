//! `GET /api/v1/roles/{role}`

use super::Role;
use crate::{Caller, Problem};
use axum::Json;
use axum::extract::Path;

/// One role.
#[utoipa::path(
    get, path = "/roles/{role}", tag = "roles", operation_id = "getRole",
    params(("role" = String, Path, description = "Its id", example = "Mailbox - Support")),
    responses((status = 200, body = Role)),
)]
pub(crate) async fn get(caller: Caller, Path(id): Path<String>) -> Result<Json<Role>, Problem> {
    super::role(&caller, &id).map(Json)
}
