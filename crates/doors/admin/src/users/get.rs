//! `GET /api/v1/users/{user}`

use super::User;
use crate::{Caller, Problem};
use axum::Json;
use axum::extract::Path;

/// One user.
#[utoipa::path(
    get, path = "/users/{user}", tag = "users", operation_id = "getUser",
    params(("user" = String, Path, description = "Login name", example = "alice")),
    responses((status = 200, body = User)),
)]
pub(crate) async fn get(caller: Caller, Path(name): Path<String>) -> Result<Json<User>, Problem> {
    super::user(&caller, &name).map(Json)
}
