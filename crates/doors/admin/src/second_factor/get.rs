//! `GET /api/v1/second-factor`

use crate::{Caller, Problem};
use axum::Json;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SecondFactor {
    /// Signing in needs a code. Programs sign in with application passwords only.
    in_force: bool,
    recovery_codes_left: u64,
}

/// Whether one's own account has a second factor.
#[utoipa::path(
    get, path = "/second-factor", tag = "second-factor", operation_id = "getSecondFactor",
    responses((status = 200, body = SecondFactor)),
)]
pub(crate) async fn get(caller: Caller) -> Result<Json<SecondFactor>, Problem> {
    let state = caller.directory.second_factor(caller.actor, caller.person).await?;
    Ok(Json(SecondFactor { in_force: state.in_force, recovery_codes_left: state.recovery_codes_left }))
}
