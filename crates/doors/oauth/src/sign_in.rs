//! `POST /oauth/sign-in`, and the form that is sent there. Begins the same session as the web app's sign-in.

use crate::Desk;
use crate::page::{self, Page};
use crate::visitor::Visit;
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{LOCATION, SET_COOKIE, USER_AGENT};
use axum::response::{IntoResponse, Response};
use maud::html;
use postroom_directory::{PersonError, Secret, SessionError, SessionFrom, SignInError};
use postroom_model::Door;
use postroom_wire_http::cookie;
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct SignIn {
    login: String,
    password: Secret,
    #[serde(default)]
    code: String,
    /// Where to go on: a page of ours.
    next: String,
}

/// Asks the reader to sign in, and goes on at `next`.
pub(crate) fn form(status: StatusCode, next: &str, login: &str, wrong: Option<&str>, with_code: bool) -> Page {
    let main = html! {
        @if let Some(wrong) = wrong { p role="alert" { (wrong) "." } }
        form method="post" action="/oauth/sign-in" {
            input type="hidden" name="next" value=(next);
            label for="login" { "Name or address" }
            input #login name="login" value=(login) autocomplete="username" autocapitalize="none" required
                autofocus[login.is_empty()];
            label for="password" { "Password" }
            input #password type="password" name="password" autocomplete="current-password" required;
            @if with_code {
                label for="code" { "Code of the authenticator app, or a recovery code" }
                input #code name="code" autocomplete="one-time-code" autofocus required;
            }
            button { "Sign in" }
        }
    };
    Page::new(status, "Sign in", &main)
}

pub(crate) async fn sign_in(
    State(desk): State<Desk>,
    visit: Visit,
    Form(form_sent): Form<SignIn>,
) -> Result<Response, Page> {
    visit.own_form()?;
    let SignIn { login, password, code, next } = form_sent;
    if !next.starts_with("/oauth/") || next.contains(['\\', '\r', '\n']) {
        return Err(page::refusal(StatusCode::BAD_REQUEST, "there is nowhere to go on to"));
    }
    let (door, peer) = (Door::Admin, Some(visit.peer.address));
    let code_sent = Some(code.as_str()).filter(|code| !code.is_empty());
    let entered = desk.directory.sign_in_person(&login, password.expose(), code_sent, door, peer).await;
    let signed_in = entered.map_err(|why| again(&why, &next, &login))?;
    let user_agent = visit.headers.get(USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let from = SessionFrom { user_agent: user_agent.unwrap_or_default(), door, peer };
    let (_, token) = desk.directory.begin_session(signed_in, from).await.map_err(|why| match why {
        SessionError::Store(error) => page::internal(&error.detail()),
        SessionError::NotFound | SessionError::NotAllowed(_) => page::internal(&why.to_string()),
    })?;
    let cookie = cookie::set(token.expose(), visit.peer.tls, desk.directory.session_lifetime())
        .ok_or_else(|| page::internal("a session's token that no cookie can hold"))?;
    let mut response = (StatusCode::SEE_OTHER, [(LOCATION, next)]).into_response();
    response.headers_mut().insert(SET_COOKIE, cookie);
    Ok(response)
}

/// The form once more, with what was wrong.
fn again(why: &PersonError, next: &str, login: &str) -> Page {
    let form = |status, with_code| form(status, next, login, Some(&why.to_string()), with_code);
    match why {
        PersonError::SignIn(SignInError::Refused) => form(StatusCode::UNAUTHORIZED, false),
        PersonError::SignIn(SignInError::Throttled { .. }) => form(StatusCode::TOO_MANY_REQUESTS, false),
        PersonError::SignIn(SignInError::Store(error)) => page::internal(&error.detail()),
        PersonError::CodeNeeded | PersonError::WrongCode => form(StatusCode::UNAUTHORIZED, true),
    }
}
