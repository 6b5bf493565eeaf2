//! Who calls: HTTP Basic, with the account's password or an application password, on a protected connection.

use crate::{Api, Problem};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use postroom_access::Access;
use postroom_directory::{Directory, SignInError, SignedIn};
use postroom_model::{Actor, Door, MailboxId, Privilege};
use postroom_outbound::Outbound;
use std::net::IpAddr;

/// Where a request comes from. Whoever serves the door adds it to the request as an extension.
#[derive(Clone, Copy, Debug)]
pub struct Peer {
    pub address: IpAddr,
    /// By TLS, or because both ends are on this machine: passwords may come this way.
    pub protected: bool,
}

/// Somebody signed in, with what they call on.
pub(crate) struct Caller {
    pub(crate) directory: Directory,
    pub(crate) outbound: Outbound,
    pub(crate) actor: Actor,
    pub(crate) person: MailboxId,
    pub(crate) signed_in: SignedIn,
    /// For what is found by looking at the facts. Use cases decide for themselves.
    pub(crate) is_admin: bool,
    access: Access,
}

impl Caller {
    /// For what no use case guards.
    pub(crate) fn need_admin(&self) -> Result<(), Problem> {
        if self.is_admin { Ok(()) } else { Err(postroom_directory::NotAllowed::NotAdmin.into()) }
    }

    /// Whether the caller has some right on the mailbox.
    pub(crate) fn sees(&self, mailbox: MailboxId) -> bool {
        self.access.visible(self.actor).binary_search(&mailbox).is_ok()
    }

    pub(crate) fn visible(&self) -> Vec<MailboxId> {
        self.access.visible(self.actor)
    }
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let Some(peer) = parts.extensions.get::<Peer>().copied().filter(|peer| peer.protected) else {
            return Err(Problem::new(StatusCode::FORBIDDEN, "passwords are taken over TLS only; use https"));
        };
        let header = parts.headers.get(header::AUTHORIZATION).and_then(|header| header.to_str().ok());
        let Some((login, password)) = header.and_then(basic) else {
            return Err(Problem::new(StatusCode::UNAUTHORIZED, "sign in with HTTP Basic"));
        };
        let signed_in = api.directory.sign_in(&login, &password, Door::Admin, Some(peer.address)).await?;
        let org = api.directory.org();
        Ok(Self {
            directory: api.directory.clone(),
            outbound: api.outbound.clone(),
            actor: Actor::person(signed_in.person, Door::Admin),
            person: signed_in.person,
            is_admin: org.privilege(signed_in.person) == Privilege::Admin,
            access: api.directory.access().clone(),
            signed_in,
        })
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

impl From<SignInError> for Problem {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Refused => Self::new(StatusCode::UNAUTHORIZED, error.to_string()),
            SignInError::Throttled { .. } => Self::new(StatusCode::TOO_MANY_REQUESTS, error.to_string()),
            SignInError::Store(error) => Self::internal(&error.detail()),
        }
    }
}
