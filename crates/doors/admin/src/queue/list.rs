//! `GET /api/v1/queue`

use super::QueuedMessage;
use crate::{Asked, Caller, Problem};
use axum::Json;
use postroom_model::DeliveryState;
use postroom_outbound::queue::Wanted;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Asking {
    /// Only messages with a recipient in this state.
    #[param(example = "waiting")]
    state: Option<String>,
    /// Only messages with this text in the address of a recipient.
    to: Option<String>,
    /// Also those that are finished.
    #[serde(default)]
    finished: bool,
    /// At most 200.
    #[serde(default = "one_page")]
    #[param(default = 50)]
    limit: u32,
}

fn one_page() -> u32 {
    50
}

/// Messages on their way, newest first. For administrators.
#[utoipa::path(
    get, path = "/queue", tag = "queue", operation_id = "listQueue",
    params(Asking),
    responses((status = 200, body = Vec<QueuedMessage>)),
)]
pub(crate) async fn list(caller: Caller, Asked(asking): Asked<Asking>) -> Result<Json<Vec<QueuedMessage>>, Problem> {
    let state =
        match &asking.state {
            None => None,
            Some(text) => Some(DeliveryState::parse(text).ok_or_else(|| {
                Problem::unfit("state", "write held, waiting, sending, delivered, failed or cancelled")
            })?),
        };
    let wanted = Wanted { state, recipient: asking.to, finished: asking.finished };
    let found = caller.outbound.queue(caller.actor, wanted, asking.limit).await?;
    Ok(Json(found.into_iter().map(QueuedMessage::from).collect()))
}
