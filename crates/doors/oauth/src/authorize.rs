//! `/oauth/authorize`: a client sends a person here, who says yes or no (RFC 6749 section 4.1).

pub(crate) mod answer;
pub(crate) mod ask;

use crate::Desk;
use crate::page;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use postroom_directory::oauth::{Client, CodeError, CodeRequest, Scopes};
use serde::{Deserialize, Serialize};

/// What the client asks for. Everything is looked at by hand, so that each mistake gets the RFC's answer.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Request {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    pub(crate) response_type: String,
    pub(crate) scope: String,
    pub(crate) state: String,
    pub(crate) code_challenge: String,
    pub(crate) code_challenge_method: String,
}

/// A request that may be shown to a person.
pub(crate) struct Checked {
    pub(crate) client: Client,
    pub(crate) code: CodeRequest,
}

impl Request {
    /// Refused by a page where the client is unknown or the answer would go to an address that is not its own;
    /// else by sending the reader back with the error.
    pub(crate) async fn check(&self, desk: &Desk, issuer: &str) -> Result<Checked, Box<Response>> {
        let client = desk.directory.client(&self.client_id).await;
        let client = client.map_err(|error| Box::new(page::internal(&error.to_string()).into_response()))?;
        let client = client.ok_or_else(|| unsafe_to_answer("this program is not registered here"))?;
        let scopes = Scopes::parse(&self.scope);
        let code = CodeRequest {
            redirect_uri: self.redirect_uri.clone(),
            scopes: scopes.clone().unwrap_or_default(),
            challenge: self.code_challenge.clone(),
        };
        let checked = code.check(&client);
        if let Err(why @ CodeError::ForeignRedirect) = &checked {
            return Err(unsafe_to_answer(&why.to_string()));
        }
        let refuse =
            |error: &str, why: &str| Err(Box::new(self.back(&[("error", error), ("error_description", why)], issuer)));
        if self.response_type != "code" {
            return refuse("unsupported_response_type", "response_type must be code");
        }
        if self.code_challenge.is_empty() || self.code_challenge_method != "S256" {
            return refuse("invalid_request", "code_challenge is needed, with code_challenge_method=S256");
        }
        if let Err(unknown) = scopes {
            return refuse("invalid_scope", &unknown.to_string());
        }
        match checked {
            Ok(()) => Ok(Checked { client, code }),
            Err(why @ CodeError::NoScope) => refuse("invalid_scope", &why.to_string()),
            Err(why) => refuse("invalid_request", &why.to_string()),
        }
    }

    /// Sends the reader back to the client (RFC 6749 section 4.1.2, `iss` from RFC 9207).
    pub(crate) fn back(&self, answer: &[(&str, &str)], issuer: &str) -> Response {
        let mut target = self.redirect_uri.clone();
        let state = Some(("state", self.state.as_str())).filter(|_| !self.state.is_empty());
        for (name, value) in answer.iter().copied().chain(state).chain([("iss", issuer)]) {
            target.push(if target.contains('?') { '&' } else { '?' });
            target.push_str(name);
            target.push('=');
            target.extend(utf8_percent_encode(value, NON_ALPHANUMERIC));
        }
        (StatusCode::SEE_OTHER, [(LOCATION, target)]).into_response()
    }
}

fn unsafe_to_answer(why: &str) -> Box<Response> {
    Box::new(page::refusal(StatusCode::BAD_REQUEST, why).into_response())
}
