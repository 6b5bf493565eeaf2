//! OAuth 2.0 (RFC 6749, 9700): how programs are let in without a password.
//!
//! Start reading at [`router`]. One endpoint is one file. The pages are plain HTML without script; what is decided
//! lives in the directory, this door only reads requests and writes answers.

mod authorize;
mod device;
mod device_authorization;
mod metadata;
mod page;
mod register;
mod reply;
mod revoke;
mod sign_in;
mod token;
mod visitor;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::routing::{get, post};
use postroom_directory::Directory;
use std::sync::Arc;

/// What every endpoint works with.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) directory: Directory,
    public_url: Arc<str>,
}

/// No form or registration is longer, in octets.
const LARGEST_BODY: usize = 64 * 1024;

/// The endpoints. Every request must carry a [`postroom_wire_http::Peer`] as an extension.
pub fn router(directory: Directory, public_url: &str) -> Router {
    Router::new()
        .route("/.well-known/oauth-authorization-server", get(metadata::metadata))
        .route("/oauth/register", post(register::register))
        .route("/oauth/authorize", get(authorize::ask::ask).post(authorize::answer::answer))
        .route("/oauth/sign-in", post(sign_in::sign_in))
        .route("/oauth/device", get(device::ask::ask).post(device::answer::answer))
        .route("/oauth/device_authorization", post(device_authorization::begin))
        .route("/oauth/token", post(token::token))
        .route("/oauth/revoke", post(revoke::revoke))
        .route("/oauth/style.css", get(page::style))
        .with_state(Desk { directory, public_url: public_url.into() })
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(axum::middleware::map_response(never_kept))
}

/// RFC 6749 section 5.1: nothing on the way keeps a token.
async fn never_kept(mut response: Response) -> Response {
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests;
