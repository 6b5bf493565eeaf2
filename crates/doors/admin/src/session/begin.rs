//! `POST /api/v1/session`

use super::Session;
use crate::caller::protected;
use crate::{Api, Body, Caller, Problem};
use axum::Json;
use axum::extract::{FromRequest, Request, State};
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::header::{HeaderName, SET_COOKIE, USER_AGENT};
use postroom_directory::{Secret, SessionFrom, SignedIn};
use postroom_model::Door;
use postroom_wire_http::{Peer, cookie, origin};
use serde::Deserialize;
use utoipa::ToSchema;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SignIn {
    /// Login name or any address of the account.
    #[schema(example = "alice")]
    login: String,
    /// The account's password. An application password begins no session.
    #[schema(value_type = String, format = Password)]
    password: Secret,
    /// Where a second factor is set: what the authenticator app shows now, or a recovery code. Without it the answer
    /// is 401 and names the field `code`.
    #[schema(example = "123456")]
    code: Option<String>,
}

/// Signs a browser in: the answer sets an HttpOnly cookie. The request needs the header `X-Postroom`, with any value,
/// as every later request in the session that changes something.
#[utoipa::path(
    post, path = "/session", tag = "session", operation_id = "beginSession",
    request_body = SignIn,
    responses((status = 200, body = Session)),
    security(()),
)]
pub(crate) async fn begin(
    State(api): State<Api>,
    request: Request,
) -> Result<([(HeaderName, HeaderValue); 1], Json<Session>), Problem> {
    let (parts, body) = request.into_parts();
    let peer = protected(&parts)?;
    origin::in_session(&parts.method, &parts.headers, peer.tls)?;
    let user_agent = user_agent(&parts.headers);
    let Body(SignIn { login, password, code }) = Body::from_request(Request::from_parts(parts, body), &api).await?;

    let (door, from) = (Door::Admin, Some(peer.address));
    let signing_in = api.directory.sign_in_person(&login, password.expose(), code.as_deref(), door, from);
    answer(&api, signing_in.await?, peer, user_agent).await
}

/// Begins a session for somebody who has just signed in.
pub(crate) async fn answer(
    api: &Api,
    signed_in: SignedIn,
    peer: Peer,
    user_agent: String,
) -> Result<([(HeaderName, HeaderValue); 1], Json<Session>), Problem> {
    let (directory, from) = (&api.directory, SessionFrom { user_agent, door: Door::Admin, peer: Some(peer.address) });
    let (signed_in, token) = directory.begin_session(signed_in, from).await?;
    let cookie = cookie::set(token.expose(), peer.tls, directory.session_lifetime())
        .ok_or_else(|| Problem::internal("a session's token that no cookie can hold"))?;
    let session = Session::of(&Caller::new(directory, &api.outbound, signed_in, peer))?;
    Ok(([(SET_COOKIE, cookie)], Json(session)))
}

pub(crate) fn user_agent(headers: &HeaderMap) -> String {
    headers.get(USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).unwrap_or_default()
}
