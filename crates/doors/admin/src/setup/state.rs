//! `GET /api/v1/setup`

use crate::{Api, Problem};
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SetupState {
    /// There is no administrator, and this server has printed a link.
    open: bool,
}

/// Whether the first administrator is still to be made.
#[utoipa::path(
    get, path = "/setup", tag = "setup", operation_id = "getSetup",
    responses((status = 200, body = SetupState)),
    security(()),
)]
pub(crate) async fn state(State(api): State<Api>) -> Result<Json<SetupState>, Problem> {
    Ok(Json(SetupState { open: api.directory.setup_is_open() }))
}
