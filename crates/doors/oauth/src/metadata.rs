//! `GET /.well-known/oauth-authorization-server` (RFC 8414)

use crate::Desk;
use crate::visitor::Visit;
use axum::Json;
use axum::extract::State;
use postroom_directory::oauth::Scope;
use serde::Serialize;

#[derive(Serialize)]
pub(crate) struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    registration_endpoint: String,
    revocation_endpoint: String,
    device_authorization_endpoint: String,
    scopes_supported: [&'static str; 3],
    response_types_supported: [&'static str; 1],
    response_modes_supported: [&'static str; 1],
    grant_types_supported: [&'static str; 3],
    token_endpoint_auth_methods_supported: [&'static str; 1],
    revocation_endpoint_auth_methods_supported: [&'static str; 1],
    code_challenge_methods_supported: [&'static str; 1],
    authorization_response_iss_parameter_supported: bool,
}

pub(crate) async fn metadata(State(desk): State<Desk>, visit: Visit) -> Json<Metadata> {
    let issuer = visit.base(&desk);
    let at = |path: &str| format!("{issuer}/oauth/{path}");
    Json(Metadata {
        authorization_endpoint: at("authorize"),
        token_endpoint: at("token"),
        registration_endpoint: at("register"),
        revocation_endpoint: at("revoke"),
        device_authorization_endpoint: at("device_authorization"),
        scopes_supported: Scope::ALL.map(Scope::as_str),
        response_types_supported: ["code"],
        response_modes_supported: ["query"],
        grant_types_supported: ["authorization_code", "refresh_token", crate::token::DEVICE_GRANT],
        token_endpoint_auth_methods_supported: ["none"],
        revocation_endpoint_auth_methods_supported: ["none"],
        code_challenge_methods_supported: ["S256"],
        authorization_response_iss_parameter_supported: true,
        issuer,
    })
}
