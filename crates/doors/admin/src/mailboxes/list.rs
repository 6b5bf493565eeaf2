//! `GET /api/v1/mailboxes`

use super::Mailbox;
use crate::{Caller, Problem};
use axum::Json;

/// The mailboxes that are no user's own, in order of name: for administrators all, for others those they manage.
#[utoipa::path(
    get, path = "/mailboxes", tag = "mailboxes", operation_id = "listMailboxes",
    responses((status = 200, body = Vec<Mailbox>)),
)]
pub(crate) async fn list(caller: Caller) -> Result<Json<Vec<Mailbox>>, Problem> {
    let lines = caller.directory.list_mailboxes(caller.actor);
    let org = caller.directory.org();
    Ok(Json(lines.iter().filter_map(|line| Some(Mailbox::from(&**org.mailbox(line.id)?))).collect()))
}
