//! `GET /api/v1/sessions`

use super::{WhoseSessions, current};
use crate::{Asked, Caller, Problem};
use axum::Json;
use postroom_directory::SessionLine;
use serde::Serialize;
use utoipa::ToSchema;

/// A browser that is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BrowserSession {
    id: i64,
    /// This request came in it.
    current: bool,
    /// Where it was begun: `admin` is the web app and this API.
    #[schema(example = "admin")]
    door: String,
    /// As the browser called itself.
    user_agent: String,
    /// Where it was begun from.
    #[schema(example = "192.0.2.7")]
    address: String,
    /// Milliseconds since 1970-01-01T00:00:00Z.
    created_at: i64,
    last_used_at: i64,
    /// If it is not used again until then.
    ends_at: i64,
}

/// The browsers that are signed in to one account, the one used last first.
#[utoipa::path(
    get, path = "/sessions", tag = "sessions", operation_id = "listSessions",
    params(WhoseSessions),
    responses((status = 200, body = Vec<BrowserSession>)),
)]
pub(crate) async fn list(
    caller: Caller,
    Asked(whose): Asked<WhoseSessions>,
) -> Result<Json<Vec<BrowserSession>>, Problem> {
    let person = whose.person(&caller)?;
    let current = current(&caller);
    let shown = |line: SessionLine| BrowserSession {
        id: line.id,
        current: current == Some(line.id),
        door: line.door,
        user_agent: line.user_agent,
        address: line.address,
        created_at: line.created_at.0,
        last_used_at: line.last_used_at.0,
        ends_at: line.ends_at.0,
    };
    let lines = caller.directory.list_sessions(caller.actor, person).await?;
    Ok(Json(lines.into_iter().map(shown).collect()))
}
