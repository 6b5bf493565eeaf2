//! What a browser may load and run on each page (Content Security Policy level 3).

use axum::http::{HeaderMap, HeaderValue, header};

/// Script and style from our own files only: nothing inline, nothing from elsewhere, and no page frames the app. The
/// hash is that of the one style that React Aria puts into the page by itself (how touch works on what is pressed).
const APP: &str = "default-src 'none'; script-src 'self'; \
                   style-src 'self' 'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='; img-src 'self' data: blob:; \
                   font-src 'self'; connect-src 'self'; frame-src 'self'; manifest-src 'self'; worker-src 'self'; \
                   base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const PLAIN_PAGE: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
                          frame-ancestors 'none'";

pub(crate) fn of_the_app(headers: &mut HeaderMap) {
    set(headers, APP);
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert(
        "permissions-policy",
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    );
}

pub(crate) fn of_a_plain_page(headers: &mut HeaderMap) {
    set(headers, PLAIN_PAGE);
}

pub(crate) fn set(headers: &mut HeaderMap, policy: &'static str) {
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}
