//! The first administrator: whoever holds the one-time link that the server prints while there is none.
//!
//! The link holds for this process until it was used, or an administrator came another way.

use crate::change::{NotAllowed, use_case_errors};
use crate::domains::parse_domain;
use crate::mailboxes::create_administrator;
use crate::passwords::HashingError;
use crate::passwords::hashing::random;
use crate::sessions::token_hash;
use crate::sign_in::{Means, SignedIn};
use crate::{CreateError, Directory, Names, Secret};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use postroom_model::{Actor, Door, MailboxKind, Org, Privilege, Who};
use postroom_store::{StoreError, credentials, domains};
use std::sync::{Mutex, PoisonError};

/// Hash of the token in the link; none: no link was given out, or it was used.
#[derive(Default)]
pub(crate) struct SetupLink(Mutex<Option<String>>);

impl SetupLink {
    fn get(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, hash: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = hash;
    }
}

#[derive(Clone, Debug)]
pub struct FirstAdministrator {
    pub name: String,
    /// Empty: the name.
    pub display_name: String,
    pub address: String,
    pub password: Secret,
}

#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// Also where there is an administrator already.
    #[error("this link does not hold; while there is no administrator, the server prints a fresh one when it starts")]
    NoLink,
    #[error("`{0}` is no mail address")]
    BadAddress(String),
    #[error(transparent)]
    User(#[from] CreateError),
    #[error(transparent)]
    Password(#[from] HashingError),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}
use_case_errors!(SetupError);

fn has_administrator(org: &Org) -> bool {
    let mut users = org.mailboxes().filter(|mailbox| mailbox.kind == MailboxKind::User);
    users.any(|user| org.privilege(user.id) == Privilege::Admin)
}

impl Directory {
    /// The token of a fresh link, if there is no administrator.
    pub fn open_setup(&self) -> Result<Option<Secret>, HashingError> {
        if has_administrator(&self.org()) {
            return Ok(None);
        }
        let token = URL_SAFE_NO_PAD.encode(random::<32>()?);
        self.inner.setup.set(Some(token_hash(&token)));
        Ok(Some(Secret::new(token)))
    }

    pub fn setup_is_open(&self) -> bool {
        self.inner.setup.get().is_some() && !has_administrator(&self.org())
    }

    /// Makes the first administrator, with the domain of the address, and signs them in.
    pub async fn finish_setup(&self, token: &str, first: FirstAdministrator) -> Result<SignedIn, SetupError> {
        if !self.setup_is_open() || self.inner.setup.get() != Some(token_hash(token)) {
            return Err(SetupError::NoLink);
        }
        let password = self.prepare_password(&first.name, &first.password).await?;
        let domain = first.address.rsplit_once('@').and_then(|(_, domain)| parse_domain(domain));
        let domain = domain.ok_or_else(|| SetupError::BadAddress(first.address.clone()))?;
        let names = Names { name: first.name, display_name: first.display_name, addresses: vec![first.address] };
        // Whoever reads what the server prints holds the machine.
        let actor = Actor { who: Who::Operator, door: Door::Admin, only: None };
        let signed_in = self.change(actor, "setup", move |change| {
            // Two may hold the link; one of them is first.
            if has_administrator(&change.org) {
                return Err(SetupError::NoLink);
            }
            if !change.org.has_domain(&domain) {
                domains::create(change.tx, &domain, change.at)?;
                change.record(None, "domain.create", domain.clone())?;
                change.refresh()?;
            }
            let made = create_administrator(change, &names, &password)?;
            let epoch = credentials::epoch(change.tx, made.id)?;
            Ok::<_, SetupError>(SignedIn { person: made.id, means: Means::Password, only: None, epoch })
        });
        let signed_in = signed_in.await?;
        self.inner.setup.set(None);
        Ok(signed_in)
    }
}
