//! `DELETE /api/v1/authorizations/{id}`

use super::WhoseAuthorizations;
use crate::{Asked, Caller, Problem};
use axum::extract::Path;
use axum::http::StatusCode;

/// Shuts a program out, at once.
#[utoipa::path(
    delete, path = "/authorizations/{id}", tag = "authorizations", operation_id = "endAuthorization",
    params(("id" = i64, Path), WhoseAuthorizations),
    responses((status = 204)),
)]
pub(crate) async fn end(
    caller: Caller,
    Path(id): Path<String>,
    Asked(whose): Asked<WhoseAuthorizations>,
) -> Result<StatusCode, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found("authorization"))?;
    let person = whose.person(&caller)?;
    caller.directory.end_authorization(caller.actor, person, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
