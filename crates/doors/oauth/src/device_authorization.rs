//! `POST /oauth/device_authorization` (RFC 8628 section 3.1)

use crate::Desk;
use crate::reply::Refusal;
use crate::visitor::Visit;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::{Form, Json};
use postroom_directory::oauth::Scopes;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    client_id: String,
    #[serde(default)]
    scope: String,
}

#[derive(Serialize)]
pub(crate) struct Begun {
    device_code: String,
    user_code: String,
    verification_uri: String,
    verification_uri_complete: String,
    expires_in: i64,
    interval: i64,
}

pub(crate) async fn begin(
    State(desk): State<Desk>,
    visit: Visit,
    wanted: Result<Form<Wanted>, FormRejection>,
) -> Result<Json<Begun>, Refusal> {
    let Form(wanted) = wanted?;
    let client = desk.directory.client(&wanted.client_id).await?.ok_or_else(Refusal::unknown_client)?;
    let scopes = Scopes::parse(&wanted.scope).map_err(|why| Refusal::new("invalid_scope", why.to_string()))?;
    let start = desk.directory.start_device(&client, scopes).await?;
    let verification_uri = format!("{}/oauth/device", visit.base(&desk));
    Ok(Json(Begun {
        verification_uri_complete: format!("{verification_uri}?user_code={}", start.user_code),
        verification_uri,
        device_code: start.device_code.expose().to_owned(),
        user_code: start.user_code,
        expires_in: start.expires_in_seconds,
        interval: start.interval_seconds,
    }))
}
