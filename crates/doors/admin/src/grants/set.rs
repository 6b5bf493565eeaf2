//! `PUT /api/v1/grants`

use super::{Grant, grantee};
use crate::mailboxes::known;
use crate::{Body, Caller, Problem};
use axum::Json;
use postroom_directory::SetGrant;
use postroom_model::{FolderId, Origin, RightSet};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct WantedGrant {
    #[schema(example = "support")]
    mailbox: String,
    /// Login name; give this or `role`.
    #[schema(example = "alice")]
    user: Option<String>,
    role: Option<String>,
    /// Absent: the whole mailbox.
    folder: Option<i64>,
    /// Single rights and presets such as `preset:agent`, mixed.
    #[schema(example = json!(["preset:viewer", "message.flag"]))]
    rights: Vec<String>,
    #[serde(default = "by_itself")]
    #[schema(default = true)]
    automap: bool,
}

fn by_itself() -> bool {
    true
}

/// Writes one grant: exactly these rights for this user or role. It holds from the next command on.
#[utoipa::path(
    put, path = "/grants", tag = "grants", operation_id = "setGrant",
    request_body = WantedGrant,
    responses((status = 200, body = Grant)),
)]
pub(crate) async fn set(caller: Caller, Body(wanted): Body<WantedGrant>) -> Result<Json<Grant>, Problem> {
    let mailbox = known(&caller, &wanted.mailbox)?;
    let grantee = grantee(&caller, wanted.user.as_deref(), wanted.role.as_deref())?;
    let rights =
        RightSet::parse_all(&wanted.rights).map_err(|unknown| Problem::unfit("rights", unknown.to_string()))?;
    let folder = wanted.folder.map(FolderId);
    let grant =
        SetGrant { mailbox: mailbox.id, grantee, folder, rights, automap: wanted.automap, origin: Origin::Admin };
    caller.directory.set_grant(caller.actor, grant).await?;
    Ok(Json(Grant {
        mailbox: wanted.mailbox,
        user: wanted.user,
        role: wanted.role,
        folder,
        rights: rights.names(),
        automap: wanted.automap,
        origin: Origin::Admin,
    }))
}
