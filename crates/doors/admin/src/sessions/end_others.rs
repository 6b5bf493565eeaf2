//! `DELETE /api/v1/sessions`

use super::{WhoseSessions, current};
use crate::{Asked, Caller, Problem};
use axum::http::StatusCode;

/// Signs all browsers out, except the one that asks.
#[utoipa::path(
    delete, path = "/sessions", tag = "sessions", operation_id = "endOtherSessions",
    params(WhoseSessions),
    responses((status = 204)),
)]
pub(crate) async fn end_others(caller: Caller, Asked(whose): Asked<WhoseSessions>) -> Result<StatusCode, Problem> {
    let person = whose.person(&caller)?;
    let except = current(&caller).filter(|_| person == caller.person);
    caller.directory.end_sessions(caller.actor, person, except).await?;
    Ok(StatusCode::NO_CONTENT)
}
