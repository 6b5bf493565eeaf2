//! Browsers that are signed in: each holds a random token, of which only the hash is kept here.
//!
//! A session ends when it is signed out, was not used for a while, is too old, or when the account's credentials
//! change. One use case per file.

mod begin;
mod end;
mod list;
mod resume;

pub use begin::SessionFrom;
pub use list::SessionLine;

use crate::Directory;
use crate::change::{NotAllowed, use_case_errors};
use crate::passwords::{Account, account};
use aws_lc_rs::digest;
use postroom_model::{Actor, MailboxId, Org, Time};
use postroom_store::StoreError;
use std::time::Duration;

#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    #[error("there is no such user or session")]
    NotFound,
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}
use_case_errors!(SessionError);

/// Sessions are the person's own; administrators may see and end them too.
fn check(org: &Org, actor: Actor, person: MailboxId) -> Result<(), SessionError> {
    match account(org, actor, person) {
        Account::User(_) => Ok(()),
        Account::NoUser(_) | Account::None => Err(SessionError::NotFound),
        Account::NotYours => Err(NotAllowed::NotAdmin.into()),
    }
}

/// What is kept of a token: hex SHA-256. Tokens are long and random, so that nobody finds one by trying.
pub(crate) fn token_hash(token: &str) -> String {
    let hash = digest::digest(&digest::SHA256, token.as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Directory {
    /// How long a session holds at most.
    pub fn session_lifetime(&self) -> Duration {
        self.inner.limits.session_lifetime
    }

    /// Until when a session holds that is used now.
    fn idle_end(&self, now: Time, expires_at: Time) -> Time {
        let idle = i64::try_from(self.inner.limits.session_idle.as_millis()).unwrap_or(i64::MAX);
        now.plus_millis(idle).min(expires_at)
    }
}
