//! `DELETE /api/v1/application-passwords/{id}`

use super::Whose;
use crate::{Asked, Caller, Problem};
use axum::extract::Path;
use axum::http::StatusCode;

/// Takes an application password away. What signed in with it ends at once.
#[utoipa::path(
    delete, path = "/application-passwords/{id}", tag = "application-passwords",
    operation_id = "revokeApplicationPassword",
    params(("id" = i64, Path), Whose),
    responses((status = 204)),
)]
pub(crate) async fn revoke(
    caller: Caller,
    Path(id): Path<String>,
    Asked(whose): Asked<Whose>,
) -> Result<StatusCode, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found("application password"))?;
    let person = whose.person(&caller)?;
    caller.directory.remove_application_password(caller.actor, person, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
