//! `POST /api/v1/mailboxes/{mailbox}/inbound-services/{service}/try`

use crate::mailboxes::known;
use crate::{Caller, Problem};
use axum::extract::Path;
use axum::http::StatusCode;
use postroom_model::InboundServiceId;

/// Has a service tried now, without waiting for its next time. For those who manage the mailbox.
#[utoipa::path(
    post, path = "/mailboxes/{mailbox}/inbound-services/{service}/try", tag = "inbound services",
    operation_id = "tryInboundService",
    params(("mailbox" = String, Path, example = "support"), ("service" = i64, Path)),
    responses((status = 202)),
)]
pub(crate) async fn try_now(caller: Caller, Path((name, service)): Path<(String, i64)>) -> Result<StatusCode, Problem> {
    let mailbox = known(&caller, &name)?;
    caller.directory.try_inbound_service(caller.actor, mailbox.id, InboundServiceId(service)).await?;
    Ok(StatusCode::ACCEPTED)
}
