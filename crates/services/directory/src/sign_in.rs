//! Who is there? Start reading at [`Directory::sign_in`].
//!
//! Unknown names, mailboxes that are no users, and wrong passwords are answered alike, after the same work, and are
//! throttled alike: nothing tells which accounts exist.

mod bearer;
mod enter;
mod epochs;
mod into;
mod limits;
mod live;
mod password;
mod remembered;
mod scram;
mod throttle;

pub use bearer::{BEARER_REFUSED, BearerForm};
pub use enter::{Credential, EnterError};
pub(crate) use epochs::Epochs;
pub use into::Entered;
pub use limits::Limits;
pub(crate) use live::Live;
pub(crate) use remembered::Remembered;
pub use scram::{ScramDone, ScramOffer, ScramPending, ScramRefused};
pub(crate) use throttle::{Attempt, Throttle};

use crate::Directory;
use crate::oauth::Scopes;
use postroom_model::MailboxId;
use postroom_store::StoreError;
use std::time::Duration;

/// A person who has shown who they are. Ask [`Directory::still_valid`] before each command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedIn {
    pub person: MailboxId,
    pub means: Means,
    /// The one mailbox that the application password is bound to.
    pub(crate) only: Option<MailboxId>,
    /// Of the account's credentials when they were checked.
    pub(crate) epoch: i64,
}

/// What somebody signed in with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Means {
    /// The account's password.
    Password,
    /// The application password with this id.
    Application(i64),
    /// The browser session with this id.
    Session(i64),
    /// An access token of this OAuth grant.
    Token { grant: i64, scopes: Scopes },
}

#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    #[error("the name or the password is wrong")]
    Refused,
    #[error("too many attempts; try again in {} seconds", retry_after.as_secs().max(1))]
    Throttled { retry_after: Duration },
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Directory {
    /// Whether what was signed in with still opens the account: it exists, is a user, its password is the same and
    /// opens without a second factor, or what was used instead was not taken away and did not run out since. Reads
    /// memory, and the database only after a change of the organisation.
    pub async fn still_valid(&self, signed_in: &SignedIn) -> bool {
        match self.check_valid(signed_in).await {
            Ok(valid) => valid,
            Err(error) => {
                tracing::error!(error = error.detail(), "a session ends: its credentials could not be checked");
                false
            }
        }
    }

    async fn check_valid(&self, signed_in: &SignedIn) -> Result<bool, StoreError> {
        let version = self.inner.access.org().version;
        let standing = self.inner.epochs.of(self.store(), signed_in.person, version).await?;
        let Some(standing) = standing.filter(|standing| standing.epoch <= signed_in.epoch) else { return Ok(false) };
        if signed_in.means == Means::Password && standing.second_factor {
            return Ok(false);
        }
        self.inner.live.holds(self.store(), signed_in.means, version, self.clock().now()).await
    }
}

/// What attempts on one account are counted under: the login name in lower case without its domain, so that the
/// name and the address share a count whether or not they exist.
pub(crate) fn login_key(login: &str) -> String {
    let login = login.trim();
    let local = login.rsplit_once('@').map_or(login, |(local, _)| local);
    local.chars().take(128).collect::<String>().to_lowercase()
}
