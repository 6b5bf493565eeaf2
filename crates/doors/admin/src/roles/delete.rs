//! `DELETE /api/v1/roles/{role}`

use crate::{Caller, Problem};
use axum::extract::Path;
use axum::http::StatusCode;

/// Deletes a role with its grants.
#[utoipa::path(
    delete, path = "/roles/{role}", tag = "roles", operation_id = "deleteRole",
    params(("role" = String, Path, description = "Its id", example = "Mailbox - Support")),
    responses((status = 204)),
)]
pub(crate) async fn delete(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let role = super::role(&caller, &id)?;
    caller.directory.delete_role(caller.actor, role.key).await?;
    Ok(StatusCode::NO_CONTENT)
}
