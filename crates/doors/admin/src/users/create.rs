//! `POST /api/v1/users`

use super::User;
use crate::words::{PrivilegeWord, SentCopyWord};
use crate::{Body, Caller, Problem};
use axum::Json;
use axum::http::StatusCode;
use postroom_directory::{Names, Secret};
use postroom_model::{Privilege, SentCopy};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewUser {
    /// The login name: 1 to 64 of a-z 0-9 . _ -, unchangeable.
    #[schema(example = "alice")]
    name: String,
    /// Empty: the name.
    #[serde(default)]
    display_name: String,
    /// The first is the default address.
    #[serde(default)]
    addresses: Vec<String>,
    /// Absent: the person cannot sign in until one is set.
    #[schema(value_type = Option<String>, format = Password)]
    password: Option<Secret>,
    #[serde(default)]
    #[schema(value_type = PrivilegeWord)]
    privilege: Privilege,
    #[serde(default)]
    #[schema(value_type = SentCopyWord)]
    sent_copy: SentCopy,
    /// Octets; absent: no limit.
    quota: Option<u64>,
}

/// Makes a user with a mailbox of their own.
#[utoipa::path(
    post, path = "/users", tag = "users", operation_id = "createUser",
    request_body = NewUser,
    responses((status = 201, body = User)),
)]
pub(crate) async fn create(caller: Caller, Body(new): Body<NewUser>) -> Result<(StatusCode, Json<User>), Problem> {
    let name = new.name.clone();
    let wanted = postroom_directory::NewUser {
        names: Names { name: new.name, display_name: new.display_name, addresses: new.addresses },
        password: new.password,
        privilege: new.privilege,
        sent_copy: new.sent_copy,
        quota: new.quota,
    };
    caller.directory.create_user(caller.actor, wanted).await?;
    Ok((StatusCode::CREATED, Json(super::user(&caller, &name)?)))
}
