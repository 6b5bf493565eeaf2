//! `POST /oauth/device`: the person said yes or no.

use super::refused;
use crate::Desk;
use crate::page::{self, Page};
use crate::visitor::{Visit, Visitor};
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use maud::html;
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Answer {
    user_code: String,
    #[serde(default)]
    answer: String,
}

pub(crate) async fn answer(
    State(desk): State<Desk>,
    visit: Visit,
    visitor: Option<Visitor>,
    Form(Answer { user_code, answer }): Form<Answer>,
) -> Result<Page, Page> {
    visit.own_form()?;
    let visitor = visitor.ok_or_else(|| page::refusal(StatusCode::UNAUTHORIZED, "your sign-in has ended"))?;
    let (allow, peer) = (answer == "allow", Some(visit.peer.address));
    let answered = desk.directory.answer_device(visitor.signed_in, &user_code, allow, peer).await;
    answered.map_err(|why| refused(&why, &user_code))?;
    let text = if allow { "The device goes on by itself." } else { "The device was refused." };
    Ok(Page::new(StatusCode::OK, "Done", &html! { p { (text) " You can close this page." } }))
}
