//! `DELETE /api/v1/users/{user}`

use crate::{Caller, Problem};
use axum::extract::Path;
use axum::http::StatusCode;

/// Deletes a user whose mailbox holds no mail.
#[utoipa::path(
    delete, path = "/users/{user}", tag = "users", operation_id = "deleteUser",
    params(("user" = String, Path, description = "Login name", example = "alice")),
    responses((status = 204)),
)]
pub(crate) async fn delete(caller: Caller, Path(name): Path<String>) -> Result<StatusCode, Problem> {
    let user = super::user(&caller, &name)?;
    caller.directory.delete_mailbox(caller.actor, user.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
