//! What a request shows for who sends it: HTTP Basic (RFC 7617), a bearer token (RFC 6750), or the session cookie.

use crate::cookie;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, header};

/// A credential as it came; nothing is said about whether it is right. Prints no secret.
#[derive(Clone, PartialEq, Eq)]
pub enum Shown {
    Nothing,
    Password { login: String, password: String },
    Token(String),
    Session(String),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    #[error("send the Authorization header once")]
    Twice,
    #[error(
        "the Authorization header is not readable: send Basic with base64 of login:password, or Bearer with a token"
    )]
    Malformed,
    #[error("the Authorization header must be Basic or Bearer")]
    UnknownScheme,
}

/// A token or a cookie longer than this is none of ours.
const LONGEST_TOKEN: usize = 1000;

impl Shown {
    /// An `Authorization` header counts before the cookie, which browsers add by themselves.
    pub fn read(headers: &HeaderMap, tls: bool) -> Result<Self, Unreadable> {
        let mut given = headers.get_all(header::AUTHORIZATION).iter();
        let Some(first) = given.next() else {
            return Ok(cookie::read(headers, tls).map_or(Self::Nothing, Self::Session));
        };
        if given.next().is_some() {
            return Err(Unreadable::Twice);
        }
        let text = first.to_str().map_err(|_| Unreadable::Malformed)?;
        let (scheme, rest) = text.trim().split_once(' ').ok_or(Unreadable::Malformed)?;
        let rest = rest.trim();
        if scheme.eq_ignore_ascii_case("basic") {
            basic(rest).ok_or(Unreadable::Malformed)
        } else if scheme.eq_ignore_ascii_case("bearer") {
            if is_token(rest) { Ok(Self::Token(rest.to_owned())) } else { Err(Unreadable::Malformed) }
        } else {
            Err(Unreadable::UnknownScheme)
        }
    }
}

/// RFC 7617 section 2: base64 of login, colon, password, in UTF-8.
fn basic(encoded: &str) -> Option<Shown> {
    let text = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (login, password) = text.split_once(':')?;
    Some(Shown::Password { login: login.to_owned(), password: password.to_owned() })
}

/// RFC 6750 section 2.1, `b64token`.
pub(crate) fn is_token(text: &str) -> bool {
    let plain = text.trim_end_matches('=');
    (1..=LONGEST_TOKEN).contains(&text.len())
        && !plain.is_empty()
        && plain.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte))
}

impl std::fmt::Debug for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Nothing => "nothing",
            Self::Password { .. } => "a password",
            Self::Token(_) => "a token",
            Self::Session(_) => "a session",
        })
    }
}

#[cfg(test)]
mod tests;
