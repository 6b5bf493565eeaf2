//! The session cookie: RFC 6265, with the `__Host-` prefix wherever TLS carries it.
//!
//! `Lax` and not `Strict`, so that a link from elsewhere finds its reader signed in; what changes anything is guarded
//! by [`crate::origin`] besides.

use crate::credentials::is_token;
use http::{HeaderMap, HeaderValue, header};
use std::time::Duration;

/// `__Host-` makes browsers refuse it without `Secure`, for another path, or for a whole domain.
const OVER_TLS: &str = "__Host-postroom";
/// On loopback without TLS, where `Secure` would keep some browsers from sending it.
const IN_CLEAR: &str = "postroom";

fn name(tls: bool) -> &'static str {
    if tls { OVER_TLS } else { IN_CLEAR }
}

/// The token in the cookie for this kind of connection. Two cookies of that name are none.
pub(crate) fn read(headers: &HeaderMap, tls: bool) -> Option<String> {
    let pairs = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut found = pairs.flat_map(|value| value.split(';')).filter_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name(tls)).then_some(value)
    });
    let value = found.next()?;
    (found.next().is_none() && is_token(value)).then(|| value.to_owned())
}

/// `Set-Cookie` that keeps `token` for so long. None where the token cannot stand in a header.
pub fn set(token: &str, tls: bool, lifetime: Duration) -> Option<HeaderValue> {
    if !is_token(token) {
        return None;
    }
    value(token, tls, lifetime.as_secs())
}

/// `Set-Cookie` that makes the browser forget it.
pub fn clear(tls: bool) -> HeaderValue {
    value("", tls, 0).unwrap_or_else(|| HeaderValue::from_static("postroom=; Path=/; Max-Age=0"))
}

fn value(token: &str, tls: bool, seconds: u64) -> Option<HeaderValue> {
    let secure = if tls { "; Secure" } else { "" };
    let text = format!("{}={token}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}", name(tls));
    HeaderValue::from_str(&text).ok()
}

#[cfg(test)]
mod tests;
