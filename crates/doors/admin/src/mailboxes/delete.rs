//! `DELETE /api/v1/mailboxes/{mailbox}`

use super::known;
use crate::{Caller, Problem};
use axum::extract::Path;
use axum::http::StatusCode;

/// Deletes a mailbox that holds no mail. For administrators.
#[utoipa::path(
    delete, path = "/mailboxes/{mailbox}", tag = "mailboxes", operation_id = "deleteMailbox",
    params(("mailbox" = String, Path, example = "support")),
    responses((status = 204)),
)]
pub(crate) async fn delete(caller: Caller, Path(name): Path<String>) -> Result<StatusCode, Problem> {
    let mailbox = known(&caller, &name)?;
    caller.directory.delete_mailbox(caller.actor, mailbox.id).await?;
    Ok(StatusCode::NO_CONTENT)
}
