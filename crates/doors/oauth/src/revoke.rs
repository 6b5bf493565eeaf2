//! `POST /oauth/revoke` (RFC 7009): everything that belongs to the same permission ends.

use crate::Desk;
use crate::reply::Refusal;
use crate::visitor::Visit;
use axum::Form;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    token: String,
    #[serde(default)]
    client_id: String,
}

/// 200 whether or not the token was one (section 2.2).
pub(crate) async fn revoke(
    State(desk): State<Desk>,
    _visit: Visit,
    wanted: Result<Form<Wanted>, FormRejection>,
) -> Result<StatusCode, Refusal> {
    let Form(Wanted { token, client_id }) = wanted?;
    let client = desk.directory.client(&client_id).await?.ok_or_else(Refusal::unknown_client)?;
    desk.directory.revoke_token(&client.id, &token).await?;
    Ok(StatusCode::OK)
}
