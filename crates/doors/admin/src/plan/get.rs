//! `GET /api/v1/plan`

use super::Plan;
use crate::{Caller, Problem};
use axum::Json;

/// The plan.
#[utoipa::path(
    get, path = "/plan", tag = "plan", operation_id = "getPlan",
    responses((status = 200, body = Plan)),
)]
pub(crate) async fn get(caller: Caller) -> Result<Json<Plan>, Problem> {
    caller.need_admin()?;
    Ok(Json(caller.directory.org().plan.into()))
}
