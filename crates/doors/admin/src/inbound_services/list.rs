//! `GET /api/v1/mailboxes/{mailbox}/inbound-services`

use super::InboundService;
use crate::mailboxes::known;
use crate::{Caller, Problem};
use axum::Json;
use axum::extract::Path;

/// The inbound services of a mailbox and how they fare. For those who manage it.
#[utoipa::path(
    get, path = "/mailboxes/{mailbox}/inbound-services", tag = "inbound services", operation_id = "listInboundServices",
    params(("mailbox" = String, Path, example = "support")),
    responses((status = 200, body = Vec<InboundService>)),
)]
pub(crate) async fn list(caller: Caller, Path(name): Path<String>) -> Result<Json<Vec<InboundService>>, Problem> {
    let mailbox = known(&caller, &name)?;
    let lines = caller.directory.list_inbound_services(caller.actor, Some(mailbox.id)).await?;
    Ok(Json(lines.into_iter().map(InboundService::from).collect()))
}
