//! `PUT /api/v1/plan`

use super::Plan;
use crate::{Body, Caller, Problem};
use axum::Json;

/// Sets the plan. A maximum below what there is stops new mailboxes and takes none away.
#[utoipa::path(
    put, path = "/plan", tag = "plan", operation_id = "setPlan",
    request_body = Plan,
    responses((status = 200, body = Plan)),
)]
pub(crate) async fn set(caller: Caller, Body(plan): Body<Plan>) -> Result<Json<Plan>, Problem> {
    let wanted =
        plan.shared_mailboxes.map(|number| postroom_model::Plan { included: number.included, maximum: number.maximum });
    caller.directory.set_plan(caller.actor, wanted).await?;
    Ok(Json(caller.directory.org().plan.into()))
}
