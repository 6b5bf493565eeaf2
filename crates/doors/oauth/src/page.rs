//! The pages people see: plain HTML without script, that no other site can frame or send for them.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

/// A page, ready to be sent.
#[derive(Debug)]
pub(crate) struct Page {
    status: StatusCode,
    body: String,
    /// Forms of this page may be answered by sending the reader elsewhere: to the client that asked.
    leads_away: bool,
}

impl Page {
    pub(crate) fn new(status: StatusCode, title: &str, main: &Markup) -> Self {
        let body = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (title) " – Postroom" }
                    link rel="stylesheet" href="/oauth/style.css";
                }
                body { main { h1 { (title) } (main) } }
            }
        };
        Self { status, body: body.into_string(), leads_away: false }
    }

    pub(crate) fn leading_away(mut self) -> Self {
        self.leads_away = true;
        self
    }
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        // Browsers hold a redirect after a form against `form-action`, so the page that leads away cannot have it.
        let policy = if self.leads_away {
            "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"
        } else {
            "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
        };
        let mut response = (self.status, self.body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        // With no referrer at all browsers would not say that our own forms are ours.
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        response
    }
}

/// Something cannot be done, and the reader is told here, because there is nowhere safe to send them.
pub(crate) fn refusal(status: StatusCode, why: &str) -> Page {
    Page::new(status, "This did not work", &html! { p role="alert" { (why) "." } })
}

/// The fault is ours; particulars go to the log only.
pub(crate) fn internal(detail: &str) -> Page {
    tracing::error!(detail, "a request to the OAuth pages failed");
    refusal(StatusCode::INTERNAL_SERVER_ERROR, "the server could not do this; its log says why")
}

pub(crate) async fn style() -> Response {
    let kind = [(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "max-age=3600")];
    (kind, include_str!("style.css")).into_response()
}
