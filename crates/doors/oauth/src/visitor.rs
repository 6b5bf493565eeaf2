//! Where a request comes from, and who is signed in to the browser that sent it.

use crate::Desk;
use crate::page::{self, Page};
use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use postroom_directory::{Credential, EnterError, SignInError, SignedIn};
use postroom_model::Door;
use postroom_wire_http::{Peer, Shown, base, origin};

/// A request on a connection that passwords and tokens may take.
pub(crate) struct Visit {
    pub(crate) peer: Peer,
    pub(crate) headers: HeaderMap,
}

impl Visit {
    /// The base of this server's addresses, and what it calls itself to clients.
    pub(crate) fn base(&self, desk: &Desk) -> String {
        base::url(&self.headers, self.peer.tls, &desk.public_url)
    }

    /// Refuses a form that another site's page sent.
    pub(crate) fn own_form(&self) -> Result<(), Page> {
        let own = origin::own_form(&self.headers, self.peer.tls);
        own.map_err(|why| page::refusal(StatusCode::FORBIDDEN, &why.to_string()))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Page;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Page> {
        let peer = parts.extensions.get::<Peer>().copied().filter(|peer| peer.protected);
        let peer = peer.ok_or_else(|| page::refusal(StatusCode::FORBIDDEN, "this goes over TLS only; use https"))?;
        Ok(Self { peer, headers: parts.headers.clone() })
    }
}

/// Somebody who is signed in to this browser. Only a session counts: a page is answered by the person.
pub(crate) struct Visitor {
    pub(crate) signed_in: SignedIn,
    pub(crate) name: String,
}

impl OptionalFromRequestParts<Desk> for Visitor {
    type Rejection = Page;

    async fn from_request_parts(parts: &mut Parts, desk: &Desk) -> Result<Option<Self>, Page> {
        let visit = <Visit as FromRequestParts<Desk>>::from_request_parts(parts, desk).await?;
        let Ok(Shown::Session(token)) = Shown::read(&visit.headers, visit.peer.tls) else { return Ok(None) };
        let entered = desk.directory.enter(Credential::Session(&token), Door::Admin, Some(visit.peer.address)).await;
        match entered {
            Ok(signed_in) => {
                let org = desk.directory.org();
                let name = org.mailbox(signed_in.person).map(|mailbox| mailbox.name.to_string());
                Ok(name.map(|name| Self { signed_in, name }))
            }
            Err(EnterError::SignIn(SignInError::Store(error))) => Err(page::internal(&error.detail())),
            Err(EnterError::SignIn(_) | EnterError::Ended | EnterError::WrongScope) => Ok(None),
        }
    }
}
