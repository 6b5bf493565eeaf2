//! `PUT /api/v1/routes/exceptions`

use super::WantedRoute;
use crate::{Body, Caller, Problem};
use axum::http::StatusCode;
use postroom_directory::NewException;
use serde::Deserialize;
use utoipa::ToSchema;

/// An exception from the routes of domains; the first that matches decides.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedException {
    /// The mailbox in From; absent: any.
    #[schema(example = "support")]
    sender: Option<String>,
    /// The domain of the recipient, with a dot in front every domain below it; absent: any.
    #[schema(example = "partner.example")]
    recipient: Option<String>,
    route: WantedRoute,
}

/// Replaces all exceptions.
#[utoipa::path(
    put, path = "/routes/exceptions", tag = "routes", operation_id = "setExceptions",
    request_body = Vec<WantedException>,
    responses((status = 204)),
)]
pub(crate) async fn exceptions(
    caller: Caller,
    Body(wanted): Body<Vec<WantedException>>,
) -> Result<StatusCode, Problem> {
    let read = |wanted: WantedException| {
        let WantedException { sender, recipient, route } = wanted;
        Ok(NewException { sender, recipient, route: route.read()? })
    };
    let exceptions: Result<Vec<NewException>, Problem> = wanted.into_iter().map(read).collect();
    caller.directory.set_exceptions(caller.actor, exceptions?).await?;
    Ok(StatusCode::NO_CONTENT)
}
