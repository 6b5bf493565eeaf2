//! `POST /api/v1/second-factor/remove`

use crate::{Body, Caller, Problem};
use axum::http::StatusCode;
use postroom_directory::Secret;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Removal {
    /// Login name, for administrators; absent: one's own.
    #[schema(example = "bob")]
    user: Option<String>,
    /// The account's password once more, for one's own and from whoever is signed in by a session.
    #[schema(value_type = Option<String>, format = Password)]
    current_password: Option<Secret>,
}

/// Takes a second factor away: one's own, or as an administrator that of somebody who lost it.
#[utoipa::path(
    post, path = "/second-factor/remove", tag = "second-factor", operation_id = "removeSecondFactor",
    request_body = Removal,
    responses((status = 204)),
)]
pub(crate) async fn remove(caller: Caller, Body(removal): Body<Removal>) -> Result<StatusCode, Problem> {
    let person = crate::users::own_or_of(&caller, removal.user.as_deref())?;
    if person == caller.person {
        caller.prove(removal.current_password).await?;
    }
    caller.directory.remove_second_factor(caller.actor, person).await?;
    Ok(StatusCode::NO_CONTENT)
}
