//! The REST API for administrators, managers and everybody's own application passwords, under `/api/v1`.
//!
//! Start reading at [`router`]. One endpoint is one file; who calls is found out by [`Caller`], what is refused is a
//! [`Problem`]. The OpenAPI document comes from the same declarations and is kept in docs/api/openapi.json.

mod application_passwords;
mod audit;
mod body;
mod caller;
mod document;
mod domains;
mod explain;
mod grants;
mod mailboxes;
mod plan;
mod problem;
mod queue;
mod rights;
mod roles;
mod routes;
mod session;
mod users;
mod words;

pub use caller::Peer;
pub use problem::Problem;

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::{Json, Router};
use body::{Asked, Body};
use caller::Caller;
use postroom_directory::Directory;
use postroom_outbound::Outbound;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What every endpoint works with.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) directory: Directory,
    pub(crate) outbound: Outbound,
}

/// What the door needs to be told.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The largest body of a request, in octets.
    pub body: usize,
}

/// The API. Every request must carry a [`Peer`] as an extension.
pub fn router(directory: Directory, outbound: Outbound, limits: Limits) -> Router {
    let (endpoints, document) = endpoints();
    let document = Arc::new(document);
    let describe = move || {
        let document = document.clone();
        async move { Json((*document).clone()) }
    };
    Router::new()
        .nest("/api/v1", endpoints.route("/openapi.json", axum::routing::get(describe)))
        .route("/api/{*rest}", axum::routing::any(nothing_here))
        .with_state(Api { directory, outbound })
        .layer(DefaultBodyLimit::max(limits.body))
        .layer(axum::middleware::map_response(never_kept))
}

/// The endpoints, and the document that describes them.
fn endpoints() -> (Router<Api>, utoipa::openapi::OpenApi) {
    let (router, document) = OpenApiRouter::with_openapi(document::frame())
        .routes(routes!(session::session))
        .routes(routes!(domains::list::list, domains::create::create))
        .routes(routes!(domains::delete::delete))
        .routes(routes!(users::list::list, users::create::create))
        .routes(routes!(users::get::get, users::update::update, users::delete::delete))
        .routes(routes!(users::password::password))
        .routes(routes!(mailboxes::list::list, mailboxes::create::create))
        .routes(routes!(mailboxes::get::get, mailboxes::update::update, mailboxes::delete::delete))
        .routes(routes!(mailboxes::convert::convert))
        .routes(routes!(mailboxes::folders::folders))
        .routes(routes!(mailboxes::people::people))
        .routes(routes!(roles::list::list, roles::create::create))
        .routes(routes!(roles::get::get, roles::update::update, roles::delete::delete))
        .routes(routes!(grants::list::list, grants::set::set, grants::remove::remove))
        .routes(routes!(rights::rights))
        .routes(routes!(explain::explain))
        .routes(routes!(audit::audit))
        .routes(routes!(application_passwords::list::list, application_passwords::create::create))
        .routes(routes!(application_passwords::revoke::revoke))
        .routes(routes!(queue::list::list))
        .routes(routes!(queue::get::get))
        .routes(routes!(queue::retry::retry))
        .routes(routes!(queue::cancel::cancel))
        .routes(routes!(queue::send_now::send_now))
        .routes(routes!(routes::list::list))
        .routes(routes!(routes::set::set))
        .routes(routes!(routes::exceptions::exceptions))
        .routes(routes!(plan::get::get, plan::set::set))
        .split_for_parts();
    (router, document::complete(document))
}

/// The OpenAPI document, as it is served and as docs/api/openapi.json keeps it.
pub fn openapi() -> String {
    let (_, document) = endpoints();
    document.to_pretty_json().map(|json| json + "\n").unwrap_or_default()
}

async fn nothing_here() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "there is no such endpoint; /api/v1/openapi.json lists them")
}

/// Answers depend on who asks, so nothing on the way may keep them.
async fn never_kept(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

#[cfg(test)]
mod tests;
