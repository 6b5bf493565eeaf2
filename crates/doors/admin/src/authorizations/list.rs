//! `GET /api/v1/authorizations`

use super::WhoseAuthorizations;
use crate::{Asked, Caller, Problem};
use axum::Json;
use postroom_directory::oauth::AuthorizationLine;
use serde::Serialize;
use utoipa::ToSchema;

/// A program that was let in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Authorization {
    id: i64,
    /// As the program called itself.
    #[schema(example = "Mail for phones")]
    client_name: String,
    /// `mail`, `submission`, `api`, separated by blanks.
    #[schema(example = "mail submission")]
    scope: String,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    created_at: i64,
    /// When it last took a token.
    last_used_at: Option<i64>,
}

impl From<AuthorizationLine> for Authorization {
    fn from(line: AuthorizationLine) -> Self {
        Self {
            id: line.id,
            client_name: line.client_name,
            scope: line.scopes.to_string(),
            created_at: line.created_at.0,
            last_used_at: line.last_used_at.map(|time| time.0),
        }
    }
}

/// The programs that were let in to one account, the newest first.
#[utoipa::path(
    get, path = "/authorizations", tag = "authorizations", operation_id = "listAuthorizations",
    params(WhoseAuthorizations),
    responses((status = 200, body = Vec<Authorization>)),
)]
pub(crate) async fn list(
    caller: Caller,
    Asked(whose): Asked<WhoseAuthorizations>,
) -> Result<Json<Vec<Authorization>>, Problem> {
    let person = whose.person(&caller)?;
    let lines = caller.directory.list_authorizations(caller.actor, person).await?;
    Ok(Json(lines.into_iter().map(Authorization::from).collect()))
}
