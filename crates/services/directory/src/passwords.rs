//! What people sign in with. One use case per file.

mod application;
pub(crate) mod hashing;
mod set;

pub use application::{ApplicationError, ApplicationLine, NewApplication};
pub(crate) use application::{fingerprint, grouped};
pub use hashing::HashingError;
pub use set::PasswordError;

/// A password ready to be stored: its hash, and its SCRAM verifier if it was there in clear.
pub(crate) type Prepared = postroom_store::credentials::Password;

use crate::change::is_admin;
use postroom_model::{Actor, Mailbox, MailboxId, MailboxKind, Org};
use std::sync::Arc;

/// The account that credentials are about to be changed of.
pub(crate) enum Account {
    User(Arc<Mailbox>),
    /// Shared mailboxes and rooms have no credentials at all.
    NoUser(Arc<Mailbox>),
    None,
    /// The actor is neither the person nor an administrator.
    NotYours,
}

pub(crate) fn account(org: &Org, actor: Actor, person: MailboxId) -> Account {
    if actor.person_id() != Some(person) && !is_admin(org, actor) {
        return Account::NotYours;
    }
    match org.mailbox(person) {
        Some(mailbox) if mailbox.kind == MailboxKind::User => Account::User(mailbox.clone()),
        Some(mailbox) => Account::NoUser(mailbox.clone()),
        None => Account::None,
    }
}
