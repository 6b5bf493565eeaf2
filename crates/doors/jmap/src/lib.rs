//! JMAP over HTTP: the session, the API, uploads and downloads.
//!
//! Start reading at [`router`], then at [`api`] (a request) and [`methods`] (the list of methods; one method is one
//! file). Which accounts somebody has is in [`accounts`]; what is refused as a whole is a [`Problem`], what is refused
//! of one call a [`MethodError`](error::MethodError).

mod accounts;
mod api;
mod arguments;
mod caller;
mod capabilities;
mod changes;
mod download;
mod error;
mod limits;
mod methods;
mod problem;
mod session;
mod set;
mod turn;
mod upload;

pub use caller::Peer;
pub use limits::Limits;
pub use problem::Problem;

use accounts::Accounts;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use axum::routing::{get, post};
use limits::Busy;
use postroom_directory::Directory;
use postroom_mail::Mail;
use postroom_outbound::Outbound;
use std::sync::Arc;

/// The services that the door works with.
#[derive(Clone)]
pub struct Services {
    pub directory: Directory,
    pub mail: Mail,
    pub outbound: Outbound,
}

/// How the server is called.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// The base of absolute URLs.
    pub public_url: &'a str,
    pub hostname: &'a str,
}

/// What every request works with. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Jmap {
    pub(crate) directory: Directory,
    pub(crate) mail: Mail,
    pub(crate) outbound: Outbound,
    pub(crate) limits: Limits,
    /// The base of absolute URLs, unless a request comes from this machine.
    pub(crate) public_url: Arc<str>,
    /// The name of this server, in Message-IDs.
    pub(crate) hostname: Arc<str>,
    pub(crate) accounts: Arc<Accounts>,
    pub(crate) busy: Arc<Busy>,
}

/// The door. Every request must carry a [`Peer`] as an extension.
pub fn router(services: Services, limits: Limits, names: Names<'_>) -> Router {
    let jmap = Jmap {
        directory: services.directory,
        mail: services.mail,
        outbound: services.outbound,
        limits,
        public_url: names.public_url.into(),
        hostname: names.hostname.into(),
        accounts: Arc::default(),
        busy: Arc::default(),
    };
    let upload = post(upload::upload).layer(DefaultBodyLimit::disable());
    Router::new()
        .route("/.well-known/jmap", get(session::session))
        .route("/jmap/api", post(api::api).layer(DefaultBodyLimit::disable()))
        .route("/jmap/upload/{account}", upload)
        .route("/jmap/download/{account}/{blob}/{name}", get(download::download))
        .with_state(jmap)
        .layer(axum::middleware::map_response(kept_by_nobody))
}

/// Answers depend on who asks, so nothing on the way may keep them; a download says itself how long it holds.
async fn kept_by_nobody(mut response: Response) -> Response {
    response.headers_mut().entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests;
