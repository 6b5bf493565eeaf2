//! `GET /oauth/authorize`

use super::Request;
use crate::page::Page;
use crate::visitor::{Visit, Visitor};
use crate::{Desk, sign_in};
use axum::extract::{Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use maud::html;

/// Shows who asks for what; first asks the reader to sign in.
pub(crate) async fn ask(
    State(desk): State<Desk>,
    visit: Visit,
    visitor: Option<Visitor>,
    uri: Uri,
    Query(request): Query<Request>,
) -> Response {
    let checked = match request.check(&desk, &visit.base(&desk)).await {
        Ok(checked) => checked,
        Err(answer) => return *answer,
    };
    let Some(visitor) = visitor else {
        let next = uri.path_and_query().map_or("/oauth/authorize", |whole| whole.as_str());
        return sign_in::form(StatusCode::OK, next, "", None, false).into_response();
    };
    let main = html! {
        p { strong { (checked.client.name) } " asks to act for " strong { (visitor.name) } ". It will be able to:" }
        ul { @for scope in checked.code.scopes.iter() { li { (scope.explained()) } } }
        p { "Then it goes on at " code { (shown(&request.redirect_uri)) } ". You can take this back at any time in \
             your account's settings." }
        form method="post" action="/oauth/authorize" {
            @for (name, value) in fields(&request) { input type="hidden" name=(name) value=(value); }
            button name="answer" value="allow" { "Allow" }
            button name="answer" value="deny" { "Refuse" }
        }
    };
    Page::new(StatusCode::OK, "Let a program in?", &main).leading_away().into_response()
}

fn fields(request: &Request) -> [(&'static str, &str); 7] {
    [
        ("client_id", &request.client_id),
        ("redirect_uri", &request.redirect_uri),
        ("response_type", &request.response_type),
        ("scope", &request.scope),
        ("state", &request.state),
        ("code_challenge", &request.code_challenge),
        ("code_challenge_method", &request.code_challenge_method),
    ]
}

/// Where the answer goes, without what only programs read.
fn shown(uri: &str) -> &str {
    uri.split('?').next().unwrap_or(uri)
}
