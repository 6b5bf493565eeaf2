//! `POST /oauth/authorize`: the person said yes or no.

use super::Request;
use crate::Desk;
use crate::page;
use crate::visitor::{Visit, Visitor};
use axum::Form;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

#[derive(Deserialize)]
pub(crate) struct Answer {
    #[serde(flatten)]
    request: Request,
    #[serde(default)]
    answer: String,
}

pub(crate) async fn answer(
    State(desk): State<Desk>,
    visit: Visit,
    visitor: Option<Visitor>,
    Form(Answer { request, answer }): Form<Answer>,
) -> Response {
    if let Err(refused) = visit.own_form() {
        return refused.into_response();
    }
    let issuer = visit.base(&desk);
    let checked = match request.check(&desk, &issuer).await {
        Ok(checked) => checked,
        Err(answer) => return *answer,
    };
    let Some(visitor) = visitor else {
        let why = "your sign-in has ended; go back to the program and begin again";
        return page::refusal(StatusCode::UNAUTHORIZED, why).into_response();
    };
    if answer != "allow" {
        return request.back(&[("error", "access_denied")], &issuer);
    }
    match desk.directory.allow_client(visitor.signed_in, &checked.client, checked.code).await {
        Ok(code) => request.back(&[("code", code.expose())], &issuer),
        Err(error) => page::internal(&error.to_string()).into_response(),
    }
}
