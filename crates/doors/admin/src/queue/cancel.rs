//! `POST /api/v1/queue/{message}/cancel`

use super::QueuedMessage;
use crate::{Caller, Problem};
use axum::Json;
use axum::extract::Path;

/// Takes a message back where it has not left; a held one goes to Drafts.
#[utoipa::path(
    post, path = "/queue/{message}/cancel", tag = "queue", operation_id = "cancelQueued",
    params(("message" = String, Path)),
    responses((status = 200, body = QueuedMessage)),
)]
pub(crate) async fn cancel(caller: Caller, Path(message): Path<String>) -> Result<Json<QueuedMessage>, Problem> {
    Ok(Json(caller.outbound.cancel(caller.actor, &message, true).await?.into()))
}
