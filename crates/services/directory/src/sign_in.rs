//! Who is there? Start reading at [`Directory::sign_in`].
//!
//! Unknown names, mailboxes that are no users, and wrong passwords are answered alike, after the same work, and are
//! throttled alike: nothing tells which accounts exist.

mod epochs;
mod into;
mod limits;
mod password;
mod remembered;
mod scram;
mod throttle;

pub(crate) use epochs::Epochs;
pub use into::Entered;
pub use limits::Limits;
pub(crate) use remembered::Remembered;
pub use scram::{ScramDone, ScramOffer, ScramPending, ScramRefused};
pub(crate) use throttle::Throttle;

use crate::Directory;
use postroom_model::MailboxId;
use postroom_store::StoreError;
use std::time::Duration;

/// A person who has shown who they are. Ask [`Directory::still_valid`] before each command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SignedIn {
    pub person: MailboxId,
    /// The application password that was used; none: the account's.
    pub application_password: Option<i64>,
    /// The one mailbox that the application password is bound to.
    pub(crate) only: Option<MailboxId>,
    /// Of the account's credentials when they were checked.
    epoch: i64,
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
    /// Whether what was signed in with still opens the account: it exists, is a user, and no credential of it was
    /// changed or taken away since. Reads memory, and the database only after a change of the organisation.
    pub async fn still_valid(&self, signed_in: &SignedIn) -> bool {
        let version = self.inner.access.org().version;
        match self.inner.epochs.of(self.store(), signed_in.person, version).await {
            Ok(epoch) => epoch.is_some_and(|epoch| epoch <= signed_in.epoch),
            Err(error) => {
                tracing::error!(error = error.detail(), "a session ends: its credentials could not be checked");
                false
            }
        }
    }
}

/// What attempts on one account are counted under: the login name in lower case without its domain, so that the
/// name and the address share a count whether or not they exist.
pub(crate) fn login_key(login: &str) -> String {
    let login = login.trim();
    let local = login.rsplit_once('@').map_or(login, |(local, _)| local);
    local.chars().take(128).collect::<String>().to_lowercase()
}
