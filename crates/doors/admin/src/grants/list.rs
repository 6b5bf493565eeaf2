//! `GET /api/v1/grants`

use super::Grant;
use crate::mailboxes::known;
use crate::{Asked, Caller, Problem};
use axum::Json;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Of {
    /// Absent: of all mailboxes, which only administrators may ask.
    #[param(example = "support")]
    mailbox: Option<String>,
}

/// The grants on one mailbox, or on all.
#[utoipa::path(
    get, path = "/grants", tag = "grants", operation_id = "listGrants",
    params(Of),
    responses((status = 200, body = Vec<Grant>)),
)]
pub(crate) async fn list(caller: Caller, Asked(of): Asked<Of>) -> Result<Json<Vec<Grant>>, Problem> {
    let mailbox = match &of.mailbox {
        Some(name) => Some(known(&caller, name)?.id),
        None => None,
    };
    let lines = caller.directory.list_grants(caller.actor, mailbox)?;
    Ok(Json(lines.into_iter().map(Grant::from).collect()))
}
