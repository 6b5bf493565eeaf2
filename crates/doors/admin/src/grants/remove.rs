//! `DELETE /api/v1/grants`

use super::grantee;
use crate::mailboxes::known;
use crate::{Asked, Caller, Problem};
use axum::http::StatusCode;
use postroom_model::FolderId;
use serde::Deserialize;
use utoipa::IntoParams;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    #[param(example = "support")]
    mailbox: String,
    /// Login name; give this or `role`.
    #[param(example = "alice")]
    user: Option<String>,
    role: Option<String>,
    /// Absent: the grant for the whole mailbox.
    folder: Option<i64>,
}

/// Takes one grant away. It holds from the next command on.
#[utoipa::path(
    delete, path = "/grants", tag = "grants", operation_id = "removeGrant",
    params(Which),
    responses((status = 204)),
)]
pub(crate) async fn remove(caller: Caller, Asked(which): Asked<Which>) -> Result<StatusCode, Problem> {
    let mailbox = known(&caller, &which.mailbox)?;
    let grantee = grantee(&caller, which.user.as_deref(), which.role.as_deref())?;
    let folder = which.folder.map(FolderId);
    if caller.directory.remove_grant(caller.actor, mailbox.id, grantee, folder).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::not_found("grant"))
    }
}
