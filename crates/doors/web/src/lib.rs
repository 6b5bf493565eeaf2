//! The web app: files that `scripts/build` made from `web/`, built into the binary.
//!
//! Start reading at [`router`]. Files under `/assets` are named after their content and may be kept for ever; every
//! other path that a browser asks for as a page is the app itself, which reads the path. Mail is shown in `/frame/…`,
//! a page with a policy of its own ([`frame`]). Without a built app there is one page that says how to build it.

mod frame;
mod policy;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use rust_embed::{EmbeddedFile, RustEmbed};
use std::borrow::Cow;
use std::sync::Arc;

/// What the app was built to. The folder stands in the sources, empty until `scripts/build` fills it.
#[derive(RustEmbed)]
#[folder = "../../../web/dist"]
struct Built;

/// Where the files come from.
type Files = fn(&str) -> Option<EmbeddedFile>;

/// The app. Paths of other doors are to be merged before it: it answers everything that is left.
pub fn router() -> Router {
    router_of(Built::get)
}

fn router_of(files: Files) -> Router {
    Router::new()
        .route("/assets/{*file}", get(asset))
        .route("/frame/mail", get(frame::without_remote_images))
        .route("/frame/mail-with-images", get(frame::with_remote_images))
        .route("/frame/style.css", get(frame::style))
        .fallback(page)
        .with_state(Arc::new(files))
}

/// A file whose name changes with its content.
async fn asset(State(files): State<Arc<Files>>, Path(name): Path<String>, headers: HeaderMap) -> Response {
    match best(&files, &format!("assets/{name}"), &headers) {
        Some(found) => found.answer("public, max-age=31536000, immutable"),
        // After an upgrade an open page may still ask for what the old version had: never the app in its place.
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A file at the top, or else the app, which finds out itself what the path means.
async fn page(State(files): State<Arc<Files>>, method: Method, uri: axum::http::Uri, headers: HeaderMap) -> Response {
    if method != Method::GET && method != Method::HEAD {
        return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
    }
    let path = uri.path().trim_start_matches('/');
    if path.contains('.') {
        // No page of the app has a dot in its path, so a file that is not there is not there.
        return match best(&files, path, &headers).filter(|_| path != "index.html") {
            Some(found) => found.answer("no-cache"),
            None => StatusCode::NOT_FOUND.into_response(),
        };
    }
    match best(&files, "index.html", &headers) {
        Some(found) => {
            let mut response = found.answer("no-cache");
            policy::of_the_app(response.headers_mut());
            response
        }
        None => not_built(),
    }
}

fn not_built() -> Response {
    let mut response = Html(include_str!("not-built.html")).into_response();
    policy::of_a_plain_page(response.headers_mut());
    response
}

/// A file as it goes out.
struct Found {
    bytes: Cow<'static, [u8]>,
    kind: &'static str,
    coding: Option<&'static str>,
}

impl Found {
    fn answer(self, keep: &'static str) -> Response {
        let mut response = axum::body::Body::from(match self.bytes {
            Cow::Borrowed(bytes) => axum::body::Bytes::from_static(bytes),
            Cow::Owned(bytes) => axum::body::Bytes::from(bytes),
        })
        .into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.kind));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        if let Some(coding) = self.coding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
        response
    }
}

/// The smallest form of a file that the client takes; the build compressed them beforehand.
fn best(files: &Files, name: &str, headers: &HeaderMap) -> Option<Found> {
    let kind = kind_of(name)?;
    let plain = files(name)?;
    for (coding, ending) in [("br", ".br"), ("gzip", ".gz")] {
        if takes(headers, coding)
            && let Some(file) = files(&format!("{name}{ending}"))
        {
            return Some(Found { bytes: file.data, kind, coding: Some(coding) });
        }
    }
    Some(Found { bytes: plain.data, kind, coding: None })
}

/// RFC 9110 section 12.5.3, as far as it matters: a coding is taken if it is named with a weight other than zero.
fn takes(headers: &HeaderMap, coding: &str) -> bool {
    let offers = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    offers.flat_map(|value| value.split(',')).any(|offer| {
        let mut parts = offer.split(';').map(str::trim);
        let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
        let refused = parts.any(|part| {
            part.strip_prefix("q=")
                .and_then(|weight| weight.trim().parse::<f32>().ok())
                .is_some_and(|weight| weight <= 0.0)
        });
        named && !refused
    })
}

/// Content types of what a build of the app consists of. Compressed forms are found by the name of the plain one only.
fn kind_of(name: &str) -> Option<&'static str> {
    let (_, ending) = name.rsplit_once('.')?;
    Some(match ending {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "webmanifest" => "application/manifest+json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" => "text/plain; charset=utf-8",
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
