//! `GET /api/v1/session`

use crate::words::PrivilegeWord;
use crate::{Caller, Problem};
use axum::Json;
use postroom_model::Privilege;
use serde::Serialize;
use utoipa::ToSchema;

/// Who the caller is.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Session {
    /// Login name.
    name: String,
    display_name: String,
    #[schema(value_type = PrivilegeWord)]
    privilege: Privilege,
    /// Names of the mailboxes the caller has some right on, their own among them.
    mailboxes: Vec<String>,
}

/// Who I am, and which mailboxes I have some right on.
#[utoipa::path(
    get, path = "/session", tag = "session", operation_id = "getSession",
    responses((status = 200, body = Session)),
)]
pub(crate) async fn session(caller: Caller) -> Result<Json<Session>, Problem> {
    let org = caller.directory.org();
    let me = org.mailbox(caller.person).ok_or_else(|| Problem::not_found("user"))?;
    let name = |id| Some(org.mailbox(id)?.name.to_string());
    Ok(Json(Session {
        name: me.name.to_string(),
        display_name: me.display_name.clone(),
        privilege: org.privilege(me.id),
        mailboxes: caller.visible().into_iter().filter_map(name).collect(),
    }))
}
