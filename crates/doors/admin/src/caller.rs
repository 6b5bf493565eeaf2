//! Who calls: by HTTP Basic, a bearer token or the session cookie, on a protected connection.

use crate::{Api, Problem};
use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use postroom_access::Access;
use postroom_directory::{Credential, Directory, EnterError, SignInError, SignedIn};
use postroom_model::{Actor, Door, MailboxId, Privilege};
use postroom_outbound::Outbound;
use postroom_wire_http::{ForeignRequest, Peer, Shown, Unreadable, origin};

/// Somebody signed in, with what they call on.
pub(crate) struct Caller {
    pub(crate) directory: Directory,
    pub(crate) outbound: Outbound,
    pub(crate) actor: Actor,
    pub(crate) person: MailboxId,
    pub(crate) signed_in: SignedIn,
    pub(crate) peer: Peer,
    /// For what is found by looking at the facts. Use cases decide for themselves.
    pub(crate) is_admin: bool,
    access: Access,
}

impl Caller {
    pub(crate) fn new(directory: &Directory, outbound: &Outbound, signed_in: SignedIn, peer: Peer) -> Self {
        Self {
            actor: Actor::person(signed_in.person, Door::Admin),
            person: signed_in.person,
            is_admin: directory.org().privilege(signed_in.person) == Privilege::Admin,
            access: directory.access().clone(),
            directory: directory.clone(),
            outbound: outbound.clone(),
            signed_in,
            peer,
        }
    }

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

/// Where a request comes from, if credentials may come that way.
pub(crate) fn protected(parts: &Parts) -> Result<Peer, Problem> {
    let peer = parts.extensions.get::<Peer>().copied().filter(|peer| peer.protected);
    peer.ok_or_else(|| Problem::new(StatusCode::FORBIDDEN, "credentials are taken over TLS only; use https"))
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let peer = protected(parts)?;
        let shown = Shown::read(&parts.headers, peer.tls)?;
        origin::check(&parts.method, &parts.headers, &shown, peer.tls)?;
        let credential = match &shown {
            Shown::Nothing => return Err(Problem::new(StatusCode::UNAUTHORIZED, "sign in")),
            Shown::Password { login, password } => Credential::Password { login, password },
            Shown::Token(token) => Credential::Token(token),
            Shown::Session(token) => Credential::Session(token),
        };
        let signed_in = api.directory.enter(credential, Door::Admin, Some(peer.address)).await?;
        Ok(Self::new(&api.directory, &api.outbound, signed_in, peer))
    }
}

impl From<Unreadable> for Problem {
    fn from(error: Unreadable) -> Self {
        match error {
            Unreadable::Twice | Unreadable::Malformed => Self::new(StatusCode::BAD_REQUEST, error.to_string()),
            Unreadable::UnknownScheme => Self::new(StatusCode::UNAUTHORIZED, error.to_string()),
        }
    }
}

impl From<ForeignRequest> for Problem {
    fn from(error: ForeignRequest) -> Self {
        match error {
            ForeignRequest::OtherSite | ForeignRequest::NoHeader => Self::new(StatusCode::FORBIDDEN, error.to_string()),
        }
    }
}

impl From<EnterError> for Problem {
    fn from(error: EnterError) -> Self {
        match error {
            EnterError::SignIn(why) => why.into(),
            EnterError::Ended => Self::new(StatusCode::UNAUTHORIZED, error.to_string()),
            EnterError::WrongScope => Self::new(StatusCode::FORBIDDEN, error.to_string()),
        }
    }
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
