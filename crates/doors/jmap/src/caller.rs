//! Who calls: HTTP Basic, with the account's password or an application password, on a protected connection.

use crate::{Jmap, Problem};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use postroom_model::{Actor, Door, MailboxId};
use std::net::IpAddr;

/// Where a request comes from. Whoever serves the door adds it to the request as an extension.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    pub address: IpAddr,
    /// By TLS, or because both ends are on this machine: passwords may come this way.
    pub protected: bool,
    pub tls: bool,
}

/// Somebody signed in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller {
    pub(crate) person: MailboxId,
}

impl Caller {
    pub(crate) fn actor(self) -> Actor {
        Actor::person(self.person, Door::Jmap)
    }
}

impl FromRequestParts<Jmap> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, jmap: &Jmap) -> Result<Self, Problem> {
        let Some(peer) = parts.extensions.get::<Peer>().copied().filter(|peer| peer.protected) else {
            return Err(Problem::new(StatusCode::FORBIDDEN, "passwords are taken over TLS only; use https"));
        };
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|header| header.to_str().ok());
        let Some((login, password)) = header.and_then(basic) else {
            return Err(Problem::new(StatusCode::UNAUTHORIZED, "sign in with HTTP Basic"));
        };
        let signed_in = jmap.directory.sign_in(&login, &password, Door::Jmap, Some(peer.address)).await?;
        Ok(Self { person: signed_in.person })
    }
}

/// RFC 7617 section 2: `Basic`, then base64 of login, colon, password.
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (login, password) = text.split_once(':')?;
    Some((login.to_owned(), password.to_owned()))
}
