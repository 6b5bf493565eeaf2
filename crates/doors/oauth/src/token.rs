//! `POST /oauth/token`: tokens for a code, for a refresh token, or for an allowed device.

use crate::Desk;
use crate::reply::Refusal;
use crate::visitor::Visit;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::{Form, Json};
use postroom_directory::oauth::{Scopes, Tokens};
use serde::{Deserialize, Serialize};

pub(crate) const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
pub(crate) struct Wanted {
    grant_type: String,
    client_id: String,
    code: String,
    redirect_uri: String,
    code_verifier: String,
    refresh_token: String,
    scope: Option<String>,
    device_code: String,
}

#[derive(Serialize)]
pub(crate) struct Given {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    refresh_token: String,
    scope: String,
}

impl From<Tokens> for Given {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: tokens.access.expose().to_owned(),
            token_type: "Bearer",
            expires_in: tokens.expires_in_seconds,
            refresh_token: tokens.refresh.expose().to_owned(),
            scope: tokens.scopes.to_string(),
        }
    }
}

pub(crate) async fn token(
    State(desk): State<Desk>,
    _visit: Visit,
    wanted: Result<Form<Wanted>, FormRejection>,
) -> Result<Json<Given>, Refusal> {
    let Form(wanted) = wanted?;
    let directory = &desk.directory;
    let client = directory.client(&wanted.client_id).await?.ok_or_else(Refusal::unknown_client)?.id;
    let tokens = match wanted.grant_type.as_str() {
        "authorization_code" => {
            directory.redeem_code(&client, &wanted.code, &wanted.redirect_uri, &wanted.code_verifier).await?
        }
        "refresh_token" => {
            let scopes = wanted.scope.as_deref().map(Scopes::parse).transpose();
            let scopes = scopes.map_err(|why| Refusal::new("invalid_scope", why.to_string()))?;
            directory.refresh_tokens(&client, &wanted.refresh_token, scopes).await?
        }
        DEVICE_GRANT => directory.poll_device(&client, &wanted.device_code).await?,
        _ => {
            let why = "grant_type must be authorization_code, refresh_token or the device code's";
            return Err(Refusal::new("unsupported_grant_type", why));
        }
    };
    Ok(Json(tokens.into()))
}
