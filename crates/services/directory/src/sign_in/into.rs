//! Signing in straight into one mailbox: `login*mailbox`, a SASL authorization identity, or an application password that
//! is bound to a mailbox. For mail programs that know one account only.
//!
//! Who signs in is the person, with their own password; rights and records are theirs. A mailbox that they have no right
//! on, and one that does not exist, are answered as a wrong password is. Start reading at [`Directory::sign_in_into`].

use super::throttle::Attempt;
use super::{SignInError, SignedIn};
use crate::Directory;
use postroom_model::{Actor, Address, Door, MailboxId, Org, decide};
use std::net::IpAddr;

/// A person who has signed in, and how far that reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entered {
    pub signed_in: SignedIn,
    /// The one mailbox that this sign-in reaches; none: all that the person has rights on.
    pub only: Option<MailboxId>,
}

impl Entered {
    /// Who acts through a door by this sign-in.
    pub fn actor(&self, door: Door) -> Actor {
        Actor::person(self.signed_in.person, door).within(self.only)
    }
}

/// Who signs in, and into what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted<'n> {
    pub(crate) login: &'n str,
    pub(crate) mailbox: Option<&'n str>,
}

impl<'n> Wanted<'n> {
    /// `name` is a login or `login*mailbox`; an address may hold a `*` itself, so a name that is somebody's is taken
    /// whole. `acting_as` is a SASL authorization identity; one's own says nothing.
    pub(crate) fn read(org: &Org, name: &'n str, acting_as: Option<&'n str>) -> Self {
        let (login, behind) = match name.split_once('*') {
            Some((login, mailbox)) if org.person(name).is_none() => (login, Some(mailbox)),
            _ => (name, None),
        };
        let other = acting_as.filter(|identity| !identity.is_empty() && *identity != name && *identity != login);
        Self { login, mailbox: other.or(behind) }
    }
}

impl Directory {
    /// Signs in with a password, into one mailbox if one is named or the password is bound to one.
    pub async fn sign_in_into(
        &self,
        name: &str,
        acting_as: Option<&str>,
        password: &str,
        door: Door,
        peer: Option<IpAddr>,
    ) -> Result<Entered, SignInError> {
        let org = self.org();
        let wanted = Wanted::read(&org, name, acting_as);
        let signed_in = self.sign_in_bound(wanted.login, password, door, peer).await?;
        self.enter_mailbox(signed_in, wanted, door, peer).await
    }

    /// What every way of signing in ends with.
    pub(crate) async fn enter_mailbox(
        &self,
        signed_in: SignedIn,
        wanted: Wanted<'_>,
        door: Door,
        peer: Option<IpAddr>,
    ) -> Result<Entered, SignInError> {
        let org = self.org();
        let named = match wanted.mailbox {
            // By the address of one's own as well as by the name.
            Some(mailbox) => match find(&org, mailbox) {
                Some(id) => Some(id),
                None => return self.refuse_mailbox(wanted.login, door, peer),
            },
            None => None,
        };
        let only = match (signed_in.only, named) {
            (None, Some(own)) if own == signed_in.person => return Ok(Entered { signed_in, only: None }),
            (None, None) => return Ok(Entered { signed_in, only: None }),
            (Some(bound), Some(named)) if bound != named => return self.refuse_mailbox(wanted.login, door, peer),
            (Some(only), _) | (None, Some(only)) => only,
        };
        let actor = Actor::person(signed_in.person, door).within(Some(only));
        if decide(&org, actor, only).sees_mailbox() {
            return Ok(Entered { signed_in, only: Some(only) });
        }
        // The record shows who tried to enter what.
        _ = self.access().open(actor, only).await;
        self.refuse_mailbox(wanted.login, door, peer)
    }

    /// Counted as a wrong password is.
    fn refuse_mailbox<T>(&self, login: &str, door: Door, peer: Option<IpAddr>) -> Result<T, SignInError> {
        self.inner.throttle.take(&Attempt::new(login, peer), self.clock().now())?;
        tracing::info!(
            counter = "sign_ins_refused",
            login,
            door = door.as_str(),
            "a sign-in into a mailbox was refused"
        );
        Err(SignInError::Refused)
    }
}

fn find(org: &Org, mailbox: &str) -> Option<MailboxId> {
    let found = match Address::parse(mailbox) {
        Ok(address) => org.by_address(&address),
        Err(_) => org.by_name(&mailbox.to_lowercase()),
    };
    found.map(|mailbox| mailbox.id)
}
