//! `GET /api/v1/domains`

use super::Domain;
use crate::{Caller, Problem};
use axum::Json;

/// The domains.
#[utoipa::path(
    get, path = "/domains", tag = "domains", operation_id = "listDomains",
    responses((status = 200, body = Vec<Domain>)),
)]
pub(crate) async fn list(caller: Caller) -> Result<Json<Vec<Domain>>, Problem> {
    let lines = caller.directory.list_domains(caller.actor)?;
    Ok(Json(lines.into_iter().map(|line| Domain { name: line.name, addresses: line.addresses }).collect()))
}
