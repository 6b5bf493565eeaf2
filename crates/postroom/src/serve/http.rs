//! What is served over HTTP: health, metrics, the API and the web app.
//!
//! Start reading at [`site`]. Off loopback TLS comes first: the middleware here sends a reader to the https address
//! and refuses everything else, before any door is reached.

use super::metrics::Metrics;
use super::peer::Peer;
use crate::office::Office;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Router};
use postroom_model::MailboxKind;
use postroom_store::organisation;
use std::sync::Arc;
use tokio::sync::watch;

/// How a request came in; an extension of every request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Connection {
    pub(crate) peer: Peer,
    pub(crate) tls: bool,
    /// Passwords may be sent this way.
    pub(crate) protected: bool,
}

/// What the pages here need to know.
#[derive(Clone)]
pub(crate) struct Site {
    pub(crate) office: Office,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) public_url: Arc<str>,
    pub(crate) stop: watch::Receiver<bool>,
}

/// Everything on the http and https listeners. `api` is the door under `/api/v1`.
pub(crate) fn site(site: Site, api: Router) -> Router {
    let own = Router::new()
        .route("/healthz", get(health))
        .route("/readyz", get(ready))
        .route("/metrics", get(local_metrics))
        .with_state(site.clone());
    own.merge(api)
        .merge(postroom_web::router())
        .layer(middleware::from_fn_with_state(site, tls_first))
        .layer(middleware::from_fn(safe_headers))
}

/// The metrics listener: nothing but numbers, for whoever reaches it.
pub(crate) fn metrics_only(site: Site) -> Router {
    Router::new()
        .route("/metrics", get(exposition))
        .route("/healthz", get(health))
        .route("/readyz", get(ready))
        .with_state(site)
}

/// Alive: the process answers.
async fn health() -> &'static str {
    "ok\n"
}

/// Ready: the database answers too, and no stop was asked for.
async fn ready(State(site): State<Site>) -> Response {
    if *site.stop.borrow() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping\n").into_response();
    }
    match site.office.store.read(organisation::version).await {
        Ok(_) => "ready\n".into_response(),
        Err(error) => {
            tracing::error!(error = error.detail(), "not ready: the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

/// On the public listeners the numbers are for this machine only; others get a listener of their own.
async fn local_metrics(Extension(connection): Extension<Connection>, site: State<Site>) -> Response {
    if connection.peer.loopback { exposition(site).await } else { StatusCode::NOT_FOUND.into_response() }
}

async fn exposition(State(site): State<Site>) -> Response {
    let kind = [(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")];
    let org = site.office.access.org();
    let users = org.mailboxes().filter(|mailbox| mailbox.kind == MailboxKind::User).count() as u64;
    let facts = [
        ("postroom_users", "gauge", "Users of the organisation.", users),
        ("postroom_shared_mailboxes", "gauge", "Shared mailboxes.", org.shared_mailboxes() as u64),
        ("postroom_organisation_version", "counter", "Changes of the organisation.", org.version),
    ];
    (kind, site.metrics.exposition(&facts)).into_response()
}

/// Off loopback plain HTTP shows its health and nothing else.
async fn tls_first(
    State(site): State<Site>,
    Extension(connection): Extension<Connection>,
    request: Request,
    next: Next,
) -> Response {
    if connection.protected || request.uri().path() == "/healthz" {
        return next.run(request).await;
    }
    // A password that came along in clear is not to be sent once more by itself.
    let reading = matches!(*request.method(), Method::GET | Method::HEAD);
    if reading && !request.headers().contains_key(header::AUTHORIZATION) && site.public_url.starts_with("https:") {
        let rest = request.uri().path_and_query().map_or("/", |rest| rest.as_str());
        let target = format!("{}{rest}", site.public_url);
        return (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, target)]).into_response();
    }
    let problem = r#"{"type":"about:blank","title":"TLS is required","status":403,"detail":"use https"}"#;
    (StatusCode::FORBIDDEN, [(header::CONTENT_TYPE, "application/problem+json")], problem).into_response()
}

/// Nothing that is served here is ever framed, guessed at, or told to other sites.
async fn safe_headers(Extension(connection): Extension<Connection>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let policy = "default-src 'none'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'";
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if connection.tls {
        let year = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, year);
    }
    response
}
