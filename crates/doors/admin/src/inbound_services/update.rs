//! `PUT /api/v1/mailboxes/{mailbox}/inbound-services/{service}`

use super::get::one;
use super::{InboundService, WantedService};
use crate::mailboxes::known;
use crate::{Body, Caller, Problem};
use axum::Json;
use axum::extract::Path;
use postroom_model::InboundServiceId;

/// Changes an inbound service; a secret that is not given stays. For those who manage the mailbox.
#[utoipa::path(
    put, path = "/mailboxes/{mailbox}/inbound-services/{service}", tag = "inbound services",
    operation_id = "updateInboundService",
    params(("mailbox" = String, Path, example = "support"), ("service" = i64, Path)),
    request_body = WantedService,
    responses((status = 200, body = InboundService)),
)]
pub(crate) async fn update(
    caller: Caller,
    Path((name, service)): Path<(String, i64)>,
    Body(wanted): Body<WantedService>,
) -> Result<Json<InboundService>, Problem> {
    let mailbox = known(&caller, &name)?;
    let (id, new) = (InboundServiceId(service), wanted.into_new()?);
    caller.directory.update_inbound_service(caller.actor, mailbox.id, id, new).await?;
    Ok(Json(one(&caller, &name, service).await?))
}
