//! Whether another site sent a request with what the reader's browser adds by itself (CSRF).
//!
//! A request in a session must come from our own pages: `Sec-Fetch-Site` and `Origin` say so where the browser sends
//! them, and whatever changes something carries a header that other sites cannot add without asking first (there is
//! no CORS here, so asking is in vain). Programs that send no such headers are no browsers, and come with
//! credentials of their own.

use crate::Shown;
use http::{HeaderMap, HeaderName, Method, header};

/// Our own pages send it with every request; any value will do.
pub const OWN_HEADER: HeaderName = HeaderName::from_static("x-postroom");

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ForeignRequest {
    #[error("another site sent this request; it is refused")]
    OtherSite,
    #[error("a request in a session that changes something needs the header X-Postroom")]
    NoHeader,
}

/// Whether a request that shows this credential may be answered.
pub fn check(method: &Method, headers: &HeaderMap, shown: &Shown, tls: bool) -> Result<(), ForeignRequest> {
    match shown {
        // Nobody's browser adds a token.
        Shown::Token(_) => Ok(()),
        // Browsers remember Basic and add it as they add cookies.
        Shown::Nothing | Shown::Password { .. } => same_site(headers, tls),
        Shown::Session(_) => in_session(method, headers, tls),
    }
}

/// For requests that begin, use or end a session.
pub fn in_session(method: &Method, headers: &HeaderMap, tls: bool) -> Result<(), ForeignRequest> {
    same_site(headers, tls)?;
    let harmless = matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS);
    if harmless || headers.contains_key(OWN_HEADER) { Ok(()) } else { Err(ForeignRequest::NoHeader) }
}

/// For forms of our own pages, which cannot add a header: the browser itself must say that the page is ours.
pub fn own_form(headers: &HeaderMap, tls: bool) -> Result<(), ForeignRequest> {
    same_site(headers, tls)?;
    let says = |name: HeaderName| headers.contains_key(name);
    if says(header::ORIGIN) || says(SEC_FETCH_SITE) { Ok(()) } else { Err(ForeignRequest::OtherSite) }
}

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

fn same_site(headers: &HeaderMap, tls: bool) -> Result<(), ForeignRequest> {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    // `none`: the reader typed the address or followed a bookmark.
    let navigated = text(HeaderName::from_static("sec-fetch-mode")) == Some("navigate");
    let site = match text(SEC_FETCH_SITE) {
        None | Some("same-origin" | "none") => true,
        // A link from elsewhere: the page is shown to the reader, not to the other site.
        Some(_) => navigated && text(header::ORIGIN).is_none(),
    };
    let origin = text(header::ORIGIN).is_none_or(|origin| is_own(origin, text(header::HOST), tls));
    if site && origin { Ok(()) } else { Err(ForeignRequest::OtherSite) }
}

fn is_own(origin: &str, host: Option<&str>, tls: bool) -> bool {
    let scheme = if tls { "https://" } else { "http://" };
    let port = if tls { ":443" } else { ":80" };
    let own = |host: &str| origin.strip_prefix(scheme).is_some_and(|name| name.eq_ignore_ascii_case(host));
    host.is_some_and(|host| own(host) || host.strip_suffix(port).is_some_and(own))
}

#[cfg(test)]
mod tests;
