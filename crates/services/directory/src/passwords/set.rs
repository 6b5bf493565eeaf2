//! Sets or removes the password of a user. Open sessions of the account end.

use super::{Account, HashingError, Prepared, account};
use crate::change::{Change, NotAllowed, use_case_errors};
use crate::{Directory, Secret};
use postroom_model::{Actor, Mailbox, MailboxId};
use postroom_store::{StoreError, credentials};
use std::sync::Arc;

#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("there is no such user")]
    NotFound,
    #[error("{0} is no user: only users have credentials, people enter a shared mailbox with their own")]
    NoUser(String),
    #[error(transparent)]
    Password(#[from] HashingError),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}
use_case_errors!(PasswordError);

fn user(change_of: Account) -> Result<Arc<Mailbox>, PasswordError> {
    match change_of {
        Account::User(mailbox) => Ok(mailbox),
        Account::NoUser(mailbox) => Err(PasswordError::NoUser(mailbox.display_name.clone())),
        Account::None => Err(PasswordError::NotFound),
        Account::NotYours => Err(NotAllowed::NotAdmin.into()),
    }
}

impl Directory {
    /// For administrators, and for the person, whom the door has asked for the old one.
    pub async fn set_password(&self, actor: Actor, person: MailboxId, clear: Secret) -> Result<(), PasswordError> {
        let name = user(account(&self.org(), actor, person))?.name.clone();
        let prepared = self.prepare_password(name.as_str(), &clear).await?;
        self.change(actor, "password.set", move |change| store(change, person, &prepared)).await
    }

    /// Afterwards only application passwords sign in.
    pub async fn remove_password(&self, actor: Actor, person: MailboxId) -> Result<(), PasswordError> {
        self.change(actor, "password.remove", move |change| {
            user(account(&change.org, change.actor, person))?;
            credentials::remove_password(change.tx, person)?;
            change.record(Some(person), "password.remove", "")?;
            Ok(())
        })
        .await
    }
}

fn store(change: &mut Change<'_, '_>, person: MailboxId, prepared: &Prepared) -> Result<(), PasswordError> {
    user(account(&change.org, change.actor, person))?;
    credentials::set_password(change.tx, person, prepared, change.at)?;
    change.record(Some(person), "password.set", "")?;
    Ok(())
}
