//! `GET /oauth/device`

use super::{form, refused};
use crate::page::Page;
use crate::visitor::{Visit, Visitor};
use crate::{Desk, sign_in};
use axum::extract::{Query, State};
use axum::http::{StatusCode, Uri};
use maud::html;
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Typed {
    #[serde(default)]
    user_code: String,
}

pub(crate) async fn ask(
    State(desk): State<Desk>,
    visit: Visit,
    visitor: Option<Visitor>,
    uri: Uri,
    Query(Typed { user_code }): Query<Typed>,
) -> Page {
    let Some(visitor) = visitor else {
        let next = uri.path_and_query().map_or("/oauth/device", |whole| whole.as_str());
        return sign_in::form(StatusCode::OK, next, "", None, false);
    };
    if user_code.is_empty() {
        return form(StatusCode::OK, "", None);
    }
    let waiting = desk.directory.waiting_device(visitor.signed_in, &user_code, Some(visit.peer.address)).await;
    let waiting = match waiting {
        Ok(waiting) => waiting,
        Err(why) => return refused(&why, &user_code),
    };
    let main = html! {
        p { strong { (waiting.client_name) } " asks to act for " strong { (visitor.name) } ". It will be able to:" }
        ul { @for scope in waiting.scopes.iter() { li { (scope.explained()) } } }
        p { "Go on only if the device is in front of you and shows " code { (waiting.user_code) } "." }
        form method="post" action="/oauth/device" {
            input type="hidden" name="user_code" value=(waiting.user_code);
            button name="answer" value="allow" { "Allow" }
            button name="answer" value="deny" { "Refuse" }
        }
    };
    Page::new(StatusCode::OK, "Let a device in?", &main)
}
