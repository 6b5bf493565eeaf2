//! What a person allowed, for looking through and taking back.

use super::Scopes;
use crate::Directory;
use crate::change::{NotAllowed, use_case_errors};
use crate::passwords::{Account, account};
use postroom_model::{Actor, MailboxId, Org, Time};
use postroom_store::StoreError;
use postroom_store::oauth::grants;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuthorizationLine {
    pub id: i64,
    /// As the client called itself.
    pub client_name: String,
    pub scopes: Scopes,
    pub created_at: Time,
    /// When tokens were last taken.
    pub last_used_at: Option<Time>,
}

#[derive(Debug, thiserror::Error)]
pub enum AuthorizationError {
    #[error("there is no such user or authorization")]
    NotFound,
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}
use_case_errors!(AuthorizationError);

fn check(org: &Org, actor: Actor, person: MailboxId) -> Result<(), AuthorizationError> {
    match account(org, actor, person) {
        Account::User(_) => Ok(()),
        Account::NoUser(_) | Account::None => Err(AuthorizationError::NotFound),
        Account::NotYours => Err(NotAllowed::NotAdmin.into()),
    }
}

impl Directory {
    /// The newest first.
    pub async fn list_authorizations(
        &self,
        actor: Actor,
        person: MailboxId,
    ) -> Result<Vec<AuthorizationLine>, AuthorizationError> {
        check(&self.org(), actor, person)?;
        let now = self.clock().now();
        let rows = self.store().read(move |tx| grants::of(tx, person, now)).await?;
        let line = |row: grants::Grant| AuthorizationLine {
            id: row.id,
            client_name: row.client_name,
            scopes: Scopes::parse(&row.scopes).unwrap_or_default(),
            created_at: row.created_at,
            last_used_at: row.last_used_at,
        };
        Ok(rows.into_iter().map(line).collect())
    }

    /// What the client holds ends at once.
    pub async fn end_authorization(&self, actor: Actor, person: MailboxId, id: i64) -> Result<(), AuthorizationError> {
        self.change(actor, "authorization.end", move |change| {
            check(&change.org, change.actor, person)?;
            let grant = grants::find(change.tx, id)?.filter(|grant| grant.mailbox == person);
            let grant = grant.ok_or(AuthorizationError::NotFound)?;
            grants::end(change.tx, id)?;
            change.record(Some(person), "authorization.end", grant.client_name)?;
            Ok(())
        })
        .await
    }
}
