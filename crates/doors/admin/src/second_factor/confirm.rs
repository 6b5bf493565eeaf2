//! `POST /api/v1/second-factor/confirm`

use super::RecoveryCodes;
use crate::{Body, Caller, Problem};
use axum::Json;
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FirstCode {
    /// What the app shows now.
    #[schema(example = "123456")]
    code: String,
}

/// Puts the enrolled second factor in force. Programs that are signed in with the account's password are signed out.
#[utoipa::path(
    post, path = "/second-factor/confirm", tag = "second-factor", operation_id = "confirmSecondFactor",
    request_body = FirstCode,
    responses((status = 200, body = RecoveryCodes)),
)]
pub(crate) async fn confirm(caller: Caller, Body(first): Body<FirstCode>) -> Result<Json<RecoveryCodes>, Problem> {
    let codes = caller.directory.confirm_second_factor(caller.actor, caller.person, &first.code).await?;
    Ok(Json(codes.into()))
}
