//! One change of the organisation: checked, recorded and done in one transaction.
//!
//! Start reading at [`Directory::change`].

use crate::Directory;
use postroom_model::decide::MayNotGrant;
use postroom_model::{Actor, AuditEntry, MailboxId, MailboxKind, Org, Outcome, Privilege, Right, Time, Who, decide};
use postroom_store::{Retry, Scope, StoreError, Tx, audit, organisation};

/// Why somebody may not do this at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotAllowed {
    #[error("this needs the privilege admin; ask an administrator")]
    NotAdmin,
    #[error(transparent)]
    Grant(#[from] MayNotGrant),
}

/// What the error of every use case that changes something can carry.
pub(crate) trait UseCaseError: From<StoreError> + Retry + Send + 'static {
    fn is_denial(&self) -> bool;
}

/// For enums with the variants `NotAllowed` and `Store`.
macro_rules! use_case_errors {
    ($($name:ident),*) => { $(
        impl postroom_store::Retry for $name {
            fn may_pass(&self) -> bool {
                matches!(self, Self::Store(error) if postroom_store::Retry::may_pass(error))
            }
        }
        impl $crate::change::UseCaseError for $name {
            fn is_denial(&self) -> bool {
                matches!(self, Self::NotAllowed(_))
            }
        }
    )* };
}
pub(crate) use use_case_errors;

/// The transaction of a change, with the facts as they are inside it.
pub(crate) struct Change<'a, 'c> {
    pub(crate) tx: &'a mut Tx<'c>,
    pub(crate) org: Org,
    pub(crate) at: Time,
    pub(crate) actor: Actor,
}

impl Change<'_, '_> {
    pub(crate) fn need_admin(&self) -> Result<(), NotAllowed> {
        need_admin(&self.org, self.actor)
    }

    /// Adds the audit row of what this transaction does.
    pub(crate) fn record(
        &mut self,
        mailbox: Option<MailboxId>,
        action: &'static str,
        detail: impl Into<String>,
    ) -> Result<(), StoreError> {
        let (at, actor, outcome) = (self.at, self.actor, Outcome::Done);
        audit::record(self.tx, &AuditEntry { at, actor, mailbox, action, outcome, detail: detail.into() })
    }

    /// Reads the facts again after part of the work was done.
    pub(crate) fn refresh(&mut self) -> Result<(), StoreError> {
        self.org = organisation::load(self.tx)?;
        Ok(())
    }
}

/// The operator at the machine and administrators.
pub(crate) fn need_admin(org: &Org, actor: Actor) -> Result<(), NotAllowed> {
    if is_admin(org, actor) { Ok(()) } else { Err(NotAllowed::NotAdmin) }
}

/// Whoever manages the mailbox: administrators, its owner, and holders of `mailbox.manage` on it.
pub(crate) fn need_manager(org: &Org, actor: Actor, mailbox: MailboxId) -> Result<(), NotAllowed> {
    let manages = decide(org, actor, mailbox).whole.has(Right::MailboxManage);
    if manages || is_admin(org, actor) { Ok(()) } else { Err(MayNotGrant::NotManager.into()) }
}

pub(crate) fn is_admin(org: &Org, actor: Actor) -> bool {
    match actor.who {
        Who::Operator => true,
        Who::Server => false,
        // The console is no mailbox.
        Who::Person(_) if actor.only.is_some() => false,
        Who::Person(person) => {
            org.mailbox(person).is_some_and(|mailbox| mailbox.kind == MailboxKind::User)
                && org.privilege(person) == Privilege::Admin
        }
    }
}

impl Directory {
    /// Runs `work` alone among all changes of the organisation, on facts read in its own transaction. When it is
    /// committed the facts are read again, so that it holds from the next command on. A denial is recorded too.
    pub(crate) async fn change<T, E>(
        &self,
        actor: Actor,
        action: &'static str,
        mut work: impl FnMut(&mut Change<'_, '_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: UseCaseError,
    {
        let at = self.clock().now();
        let done = self.store().write(Scope::Organisation, move |tx| {
            let org = organisation::load(tx)?;
            work(&mut Change { tx, org, at, actor })
        });
        let done: Result<T, E> = done.await;
        match &done {
            Ok(_) => self.settle().await?,
            Err(error) if error.is_denial() => self.record_denial(actor, action).await?,
            Err(_) => {}
        }
        done
    }

    /// Makes a committed change hold: first what ends sessions, then the facts, whose watchers ask for both.
    pub(crate) async fn settle(&self) -> Result<(), StoreError> {
        self.inner.epochs.reload(self.store()).await?;
        self.inner.access.reload().await
    }

    async fn record_denial(&self, actor: Actor, action: &'static str) -> Result<(), StoreError> {
        let at = self.clock().now();
        let entry = AuditEntry { at, actor, mailbox: None, action, outcome: Outcome::Denied, detail: String::new() };
        self.store().write(Scope::Free, move |tx| audit::record(tx, &entry)).await
    }
}
