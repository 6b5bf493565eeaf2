//! `POST /oauth/register` (RFC 7591): a program makes itself known. It is given no secret.

use crate::Desk;
use crate::reply::Refusal;
use crate::visitor::Visit;
use axum::Json;
use axum::extract::State;
use axum::extract::rejection::JsonRejection;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use postroom_directory::oauth::NewClient;
use serde::{Deserialize, Serialize};

/// What is not read here is left out of the answer, as the RFC allows.
#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    client_name: String,
    #[serde(default)]
    redirect_uris: Vec<String>,
    token_endpoint_auth_method: Option<String>,
}

#[derive(Serialize)]
struct Registered {
    client_id: String,
    client_name: String,
    redirect_uris: Vec<String>,
    token_endpoint_auth_method: &'static str,
    grant_types: [&'static str; 3],
    response_types: [&'static str; 1],
}

pub(crate) async fn register(
    State(desk): State<Desk>,
    _visit: Visit,
    wanted: Result<Json<Wanted>, JsonRejection>,
) -> Result<Response, Refusal> {
    let Json(wanted) = wanted?;
    if wanted.token_endpoint_auth_method.is_some_and(|method| method != "none") {
        let why = "token_endpoint_auth_method must be none: clients hold no secret here, PKCE proves them";
        return Err(Refusal::new("invalid_client_metadata", why));
    }
    let new = NewClient { name: wanted.client_name, redirect_uris: wanted.redirect_uris };
    let client = desk.directory.register_client(new).await?;
    let registered = Registered {
        client_id: client.id,
        client_name: client.name,
        redirect_uris: client.redirect_uris,
        token_endpoint_auth_method: "none",
        grant_types: ["authorization_code", "refresh_token", crate::token::DEVICE_GRANT],
        response_types: ["code"],
    };
    Ok((StatusCode::CREATED, Json(registered)).into_response())
}
