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
}

/// Sets a password and ends the open sessions of the account. For administrators, and for everybody's own account
/// when they sign in with the old one.
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
    let person = match super::user_id(&caller, &name) {
        Some(id) if id == caller.person => id,
        // Only administrators learn which other names exist.
        other => {
            caller.need_admin()?;
            other.ok_or_else(|| Problem::not_found("user"))?
        }
    };
    if person == caller.person && caller.signed_in.application_password.is_some() {
        let detail = "an application password cannot change the account's; sign in with the account's own";
        return Err(Problem::new(StatusCode::FORBIDDEN, detail));
    }
    caller.directory.set_password(caller.actor, person, new.password).await?;
    Ok(StatusCode::NO_CONTENT)
}
