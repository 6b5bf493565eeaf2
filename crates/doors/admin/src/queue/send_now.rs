//! `POST /api/v1/queue/{message}/send-now`

use super::QueuedMessage;
use crate::{Caller, Problem};
use axum::Json;
use axum::extract::Path;

/// Lets a held message go now.
#[utoipa::path(
    post, path = "/queue/{message}/send-now", tag = "queue", operation_id = "sendQueuedNow",
    params(("message" = String, Path)),
    responses((status = 200, body = QueuedMessage)),
)]
pub(crate) async fn send_now(caller: Caller, Path(message): Path<String>) -> Result<Json<QueuedMessage>, Problem> {
    Ok(Json(caller.outbound.send_now(caller.actor, &message).await?.into()))
}
