//! `GET /api/v1/mailboxes/{mailbox}`

use super::{Mailbox, known};
use crate::{Caller, Problem};
use axum::Json;
use axum::extract::Path;

/// One mailbox, also a user's. For administrators and everybody with a right on it.
#[utoipa::path(
    get, path = "/mailboxes/{mailbox}", tag = "mailboxes", operation_id = "getMailbox",
    params(("mailbox" = String, Path, example = "support")),
    responses((status = 200, body = Mailbox)),
)]
pub(crate) async fn get(caller: Caller, Path(name): Path<String>) -> Result<Json<Mailbox>, Problem> {
    Ok(Json(Mailbox::from(&*known(&caller, &name)?)))
}
