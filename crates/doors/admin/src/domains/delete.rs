//! `DELETE /api/v1/domains/{domain}`

use crate::{Caller, Problem};
use axum::extract::Path;
use axum::http::StatusCode;

/// Takes a domain away that no address ends in any more.
#[utoipa::path(
    delete, path = "/domains/{domain}", tag = "domains", operation_id = "deleteDomain",
    params(("domain" = String, Path, example = "example.org")),
    responses((status = 204)),
)]
pub(crate) async fn delete(caller: Caller, Path(domain): Path<String>) -> Result<StatusCode, Problem> {
    caller.directory.delete_domain(caller.actor, &domain).await?;
    Ok(StatusCode::NO_CONTENT)
}
