//! `PATCH /api/v1/users/{user}`

use super::User;
use crate::body::present;
use crate::words::{PrivilegeWord, SentCopyWord};
use crate::{Body, Caller, Problem};
use axum::Json;
use axum::extract::Path;
use postroom_directory::UpdateMailbox;
use postroom_model::{Privilege, SentCopy};
use serde::Deserialize;
use utoipa::ToSchema;

/// What is absent stays as it is.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct UserChange {
    /// Only the name it has: names never change.
    name: Option<String>,
    display_name: Option<String>,
    /// All of them; the first is the default address.
    addresses: Option<Vec<String>>,
    #[schema(value_type = Option<PrivilegeWord>)]
    privilege: Option<Privilege>,
    #[schema(value_type = Option<SentCopyWord>)]
    sent_copy: Option<SentCopy>,
    /// Octets; null: no limit.
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<u64>)]
    quota: Option<Option<u64>>,
}

/// Changes a user.
#[utoipa::path(
    patch, path = "/users/{user}", tag = "users", operation_id = "updateUser",
    params(("user" = String, Path, description = "Login name", example = "alice")),
    request_body = UserChange,
    responses((status = 200, body = User)),
)]
pub(crate) async fn update(
    caller: Caller,
    Path(name): Path<String>,
    Body(change): Body<UserChange>,
) -> Result<Json<User>, Problem> {
    let before = super::user(&caller, &name)?;
    let update = UpdateMailbox {
        name: change.name,
        display_name: change.display_name,
        addresses: change.addresses,
        sent_copy: change.sent_copy,
        seen: None,
        quota: change.quota,
        message_quota: None,
        privilege: change.privilege,
    };
    caller.directory.update_mailbox(caller.actor, before.id, update).await?;
    super::user(&caller, &name).map(Json)
}
