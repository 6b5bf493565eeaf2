//! `GET /api/v1/routes`

use super::ShownRoute;
use crate::{Caller, Problem};
use axum::Json;
use postroom_model::route::Applies;
use serde::Serialize;
use utoipa::ToSchema;

/// A route and what it is for.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RouteLine {
    /// The domain in From; null: an exception.
    domain: Option<String>,
    /// Of an exception: the mailbox in From; null: any.
    sender: Option<String>,
    /// Of an exception: the domain of the recipient; null: any.
    recipient: Option<String>,
    route: ShownRoute,
}

/// The routes in the order in which they are asked: exceptions first. A domain without one goes direct.
#[utoipa::path(
    get, path = "/routes", tag = "routes", operation_id = "listRoutes",
    responses((status = 200, body = Vec<RouteLine>)),
)]
pub(crate) async fn list(caller: Caller) -> Result<Json<Vec<RouteLine>>, Problem> {
    let routes = caller.directory.list_routes(caller.actor)?;
    let org = caller.directory.org();
    let line = |route: &postroom_model::Route| {
        let (domain, sender, recipient) = match &route.applies {
            Applies::Domain(id) => {
                (org.domains().find(|domain| domain.id == *id).map(|domain| domain.name.clone()), None, None)
            }
            Applies::Exception { sender, recipient, .. } => {
                let sender = sender.and_then(|id| org.mailbox(id)).map(|mailbox| mailbox.name.to_string());
                (None, sender, recipient.clone())
            }
        };
        RouteLine { domain, sender, recipient, route: ShownRoute::from(&route.via) }
    };
    Ok(Json(routes.iter().map(line).collect()))
}
