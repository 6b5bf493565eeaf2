//! `GET /api/v1/session`

use super::Session;
use crate::{Caller, Problem};
use axum::Json;

/// Who I am, what I may do, and which mailboxes I have some right on.
#[utoipa::path(
    get, path = "/session", tag = "session", operation_id = "getSession",
    responses((status = 200, body = Session)),
)]
pub(crate) async fn get(caller: Caller) -> Result<Json<Session>, Problem> {
    Session::of(&caller).map(Json)
}
