//! `GET /api/v1/queue/{message}`

use super::QueuedMessage;
use crate::{Caller, Problem};
use axum::Json;
use axum::extract::Path;

/// One message with everything that happened to it.
#[utoipa::path(
    get, path = "/queue/{message}", tag = "queue", operation_id = "getQueued",
    params(("message" = String, Path)),
    responses((status = 200, body = QueuedMessage)),
)]
pub(crate) async fn get(caller: Caller, Path(message): Path<String>) -> Result<Json<QueuedMessage>, Problem> {
    Ok(Json(caller.outbound.status(caller.actor, &message).await?.into()))
}
