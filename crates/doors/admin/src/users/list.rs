//! `GET /api/v1/users`

use super::User;
use crate::{Caller, Problem};
use axum::Json;

/// The users, in order of name.
#[utoipa::path(
    get, path = "/users", tag = "users", operation_id = "listUsers",
    responses((status = 200, body = Vec<User>)),
)]
pub(crate) async fn list(caller: Caller) -> Result<Json<Vec<User>>, Problem> {
    let lines = caller.directory.list_users(caller.actor)?;
    Ok(Json(lines.into_iter().map(User::from).collect()))
}
