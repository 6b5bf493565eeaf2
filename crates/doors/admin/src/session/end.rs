//! `DELETE /api/v1/session`

use crate::{Caller, Problem};
use axum::http::header::{HeaderName, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use postroom_directory::Means;
use postroom_wire_http::cookie;

/// Signs this browser out.
#[utoipa::path(
    delete, path = "/session", tag = "session", operation_id = "endSession",
    responses((status = 204)),
)]
pub(crate) async fn end(caller: Caller) -> Result<(StatusCode, [(HeaderName, HeaderValue); 1]), Problem> {
    let Means::Session(id) = caller.signed_in.means else {
        return Err(Problem::new(StatusCode::CONFLICT, "this request was not signed in by a session"));
    };
    caller.directory.end_session(caller.actor, caller.person, id).await?;
    Ok((StatusCode::NO_CONTENT, [(SET_COOKIE, cookie::clear(caller.peer.tls))]))
}
