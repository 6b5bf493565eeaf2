//! `POST /api/v1/mailboxes/{mailbox}/inbound-services`

use super::get::one;
use super::{InboundService, WantedService};
use crate::mailboxes::known;
use crate::{Body, Caller, Problem};
use axum::Json;
use axum::extract::Path;
use axum::http::StatusCode;

/// Sets up an inbound service, which starts by itself. For those who manage the mailbox.
#[utoipa::path(
    post, path = "/mailboxes/{mailbox}/inbound-services", tag = "inbound services",
    operation_id = "createInboundService",
    params(("mailbox" = String, Path, example = "support")),
    request_body = WantedService,
    responses((status = 201, body = InboundService)),
)]
pub(crate) async fn create(
    caller: Caller,
    Path(name): Path<String>,
    Body(wanted): Body<WantedService>,
) -> Result<(StatusCode, Json<InboundService>), Problem> {
    let mailbox = known(&caller, &name)?;
    let id = caller.directory.create_inbound_service(caller.actor, mailbox.id, wanted.into_new()?).await?;
    Ok((StatusCode::CREATED, Json(one(&caller, &name, id.0).await?)))
}
