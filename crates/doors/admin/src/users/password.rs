//! `PUT /api/v1/users/{user}/password`

use crate::{Body, Caller, Problem};
use axum::extract::Path;
use axum::http::StatusCode;
use postroom_directory::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewPassword {
    #[schema(value_type = String, format = Password)]
    password: Secret,
    /// The old one; needed for one's own account, unless the request itself is signed in with it.
    #[schema(value_type = Option<String>, format = Password)]
    current_password: Option<Secret>,
}

/// Sets a password and ends the open sessions of the account. For administrators, and for everybody's own account
/// with the old one.
#[utoipa::path(
    put, path = "/users/{user}/password", tag = "users", operation_id = "setPassword",
    params(("user" = String, Path, description = "Login name", example = "alice")),
    request_body = NewPassword,
    responses((status = 204)),
)]
pub(crate) async fn password(
    caller: Caller,
    Path(name): Path<String>,
    Body(new): Body<NewPassword>,
) -> Result<StatusCode, Problem> {
    let person = super::own_or_of(&caller, Some(&name))?;
    if person == caller.person {
        caller.prove(new.current_password).await?;
    }
    caller.directory.set_password(caller.actor, person, new.password).await?;
    Ok(StatusCode::NO_CONTENT)
}
