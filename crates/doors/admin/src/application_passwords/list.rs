//! `GET /api/v1/application-passwords`

use super::{ApplicationPassword, Whose};
use crate::{Asked, Caller, Problem};
use axum::Json;

/// The application passwords of one account.
#[utoipa::path(
    get, path = "/application-passwords", tag = "application-passwords", operation_id = "listApplicationPasswords",
    params(Whose),
    responses((status = 200, body = Vec<ApplicationPassword>)),
)]
pub(crate) async fn list(
    caller: Caller,
    Asked(whose): Asked<Whose>,
) -> Result<Json<Vec<ApplicationPassword>>, Problem> {
    let person = whose.person(&caller)?;
    let lines = caller.directory.list_application_passwords(caller.actor, person).await?;
    Ok(Json(lines.into_iter().map(ApplicationPassword::from).collect()))
}
