//! `DELETE /api/v1/sessions/{id}`

use super::WhoseSessions;
use crate::{Asked, Caller, Problem};
use axum::extract::Path;
use axum::http::StatusCode;

/// Signs one browser out, at once.
#[utoipa::path(
    delete, path = "/sessions/{id}", tag = "sessions", operation_id = "endOneSession",
    params(("id" = i64, Path), WhoseSessions),
    responses((status = 204)),
)]
pub(crate) async fn end(
    caller: Caller,
    Path(id): Path<String>,
    Asked(whose): Asked<WhoseSessions>,
) -> Result<StatusCode, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found("session"))?;
    let person = whose.person(&caller)?;
    caller.directory.end_session(caller.actor, person, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
