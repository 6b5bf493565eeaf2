//! `POST /api/v1/queue/{message}/retry`

use super::QueuedMessage;
use crate::{Caller, Problem};
use axum::Json;
use axum::extract::Path;

/// Sends to failed and waiting recipients now.
#[utoipa::path(
    post, path = "/queue/{message}/retry", tag = "queue", operation_id = "retryQueued",
    params(("message" = String, Path)),
    responses((status = 200, body = QueuedMessage)),
)]
pub(crate) async fn retry(caller: Caller, Path(message): Path<String>) -> Result<Json<QueuedMessage>, Problem> {
    caller.outbound.resend(caller.actor, &message).await?;
    Ok(Json(caller.outbound.status(caller.actor, &message).await?.into()))
}
