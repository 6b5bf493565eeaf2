//! `PUT /api/v1/domains/{domain}/route`

use super::WantedRoute;
use crate::{Body, Caller, Problem};
use axum::extract::Path;
use axum::http::StatusCode;

/// Sets the way that mail from a domain leaves by.
#[utoipa::path(
    put, path = "/domains/{domain}/route", tag = "routes", operation_id = "setRoute",
    params(("domain" = String, Path, example = "example.org")),
    request_body = WantedRoute,
    responses((status = 204)),
)]
pub(crate) async fn set(
    caller: Caller,
    Path(domain): Path<String>,
    Body(wanted): Body<WantedRoute>,
) -> Result<StatusCode, Problem> {
    caller.directory.set_route(caller.actor, &domain, wanted.read()?).await?;
    Ok(StatusCode::NO_CONTENT)
}
