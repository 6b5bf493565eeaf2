//! `DELETE /api/v1/mailboxes/{mailbox}/inbound-services/{service}`

use crate::mailboxes::known;
use crate::{Caller, Problem};
use axum::extract::Path;
use axum::http::StatusCode;
use postroom_model::InboundServiceId;

/// Removes an inbound service; the mail that it brought stays. For those who manage the mailbox.
#[utoipa::path(
    delete, path = "/mailboxes/{mailbox}/inbound-services/{service}", tag = "inbound services",
    operation_id = "deleteInboundService",
    params(("mailbox" = String, Path, example = "support"), ("service" = i64, Path)),
    responses((status = 204)),
)]
pub(crate) async fn delete(caller: Caller, Path((name, service)): Path<(String, i64)>) -> Result<StatusCode, Problem> {
    let mailbox = known(&caller, &name)?;
    caller.directory.delete_inbound_service(caller.actor, mailbox.id, InboundServiceId(service)).await?;
    Ok(StatusCode::NO_CONTENT)
}
