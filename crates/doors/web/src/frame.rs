//! The page that an HTML mail is shown in.
//!
//! The app cleans a mail and writes it into this page, which is its own origin's but sandboxed by its header: no
//! script runs in it whatever the mail holds, no form is sent, nothing is loaded. `allow-same-origin` without
//! `allow-scripts` is what lets the app write into it and measure its height. Links open in a new window without an
//! opener. Remote images have a path of their own, used once somebody has asked for them.

use crate::policy;
use axum::http::{HeaderValue, header};
use axum::response::{Html, IntoResponse, Response};

macro_rules! frame_policy {
    ($images:literal) => {
        concat!(
            "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; default-src 'none'; ",
            "style-src 'self' 'unsafe-inline'; img-src data: blob:",
            $images,
            "; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
        )
    };
}

pub(crate) async fn without_remote_images() -> Response {
    framed(frame_policy!(""))
}

pub(crate) async fn with_remote_images() -> Response {
    framed(frame_policy!(" https: http:"))
}

pub(crate) async fn style() -> Response {
    (
        [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")],
        include_str!("frame.css"),
    )
        .into_response()
}

fn framed(policy: &'static str) -> Response {
    let mut response = Html(include_str!("frame.html")).into_response();
    policy::set(response.headers_mut(), policy);
    response.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}
