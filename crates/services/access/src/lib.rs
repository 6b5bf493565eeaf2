//! The one way into a mailbox.
//!
//! [`Access`] holds the newest facts of the organisation; [`Access::open`] gives a handle that carries who acts and
//! through which door. Every verb of the services asks the handle, which decides by the facts of that moment: a
//! right that is taken away is gone with the next command. Doors never check rights themselves.

mod error;
mod opened;

pub use error::AccessError;
pub use opened::Opened;

use arc_swap::ArcSwap;
use postroom_model::{Actor, AuditEntry, Clock, Denied, MailboxId, MailboxKind, Org, Outcome, decide};
use postroom_store::{Scope, Store, StoreError};
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::{Mutex, watch};

/// The facts of the organisation, kept up to date, and the door to every mailbox. Cheap to clone.
#[derive(Clone)]
pub struct Access {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    org: ArcSwap<Org>,
    version: watch::Sender<u64>,
    /// One reload at a time, so that an older answer never replaces a newer one.
    reloading: Mutex<()>,
}

impl Access {
    /// Loads the facts and follows the changes that any node commits.
    pub async fn start(store: Store, clock: Arc<dyn Clock>) -> Result<Self, StoreError> {
        let changes = store.watch_organisation();
        let org = store.read(postroom_store::organisation::load).await?;
        let version = watch::Sender::new(org.version);
        let inner = Inner { store, clock, org: ArcSwap::from_pointee(org), version, reloading: Mutex::new(()) };
        let access = Self { inner: Arc::new(inner) };
        tokio::spawn(follow(Arc::downgrade(&access.inner), changes));
        Ok(access)
    }

    /// The facts now.
    pub fn org(&self) -> Arc<Org> {
        self.inner.org.load_full()
    }

    /// Fires when the facts have changed; its value is their version.
    pub fn watch(&self) -> watch::Receiver<u64> {
        self.inner.version.subscribe()
    }

    /// Reads the facts again. Whoever changed the organisation calls it before answering, so that the change holds
    /// from the next command on every session.
    pub async fn reload(&self) -> Result<(), StoreError> {
        let _one_at_a_time = self.inner.reloading.lock().await;
        let org = self.inner.store.read(postroom_store::organisation::load).await?;
        let version = org.version;
        self.inner.org.store(Arc::new(org));
        self.inner.version.send_if_modified(|last| std::mem::replace(last, version) != version);
        Ok(())
    }

    pub fn clock(&self) -> &dyn Clock {
        &*self.inner.clock
    }

    /// For services only: doors have no edge to the store.
    pub fn store(&self) -> &Store {
        &self.inner.store
    }

    /// Opens a mailbox for `actor`. Without any right on it the answer is the same as for one that does not exist.
    /// Opening what is not the actor's own is written to the record before the handle is given.
    pub async fn open(&self, actor: Actor, mailbox: MailboxId) -> Result<Opened, AccessError> {
        let org = self.org();
        let Some(facts) = org.mailbox(mailbox) else { return Err(AccessError::NotFound) };
        let allowed = decide(&org, actor, mailbox).sees_mailbox();
        let own = actor.person_id() == Some(mailbox) && facts.kind == MailboxKind::User;
        if !own {
            let outcome = if allowed { Outcome::Done } else { Outcome::Denied };
            self.record(actor, mailbox, "mailbox.open", outcome, String::new()).await?;
        }
        if allowed { Ok(Opened::new(self.clone(), actor, mailbox)) } else { Err(AccessError::NotFound) }
    }

    /// The mailboxes that `actor` has some right on, in order of id, their own among them. Looking is not opening.
    pub fn visible(&self, actor: Actor) -> Vec<MailboxId> {
        let Some(person) = actor.person_id() else { return Vec::new() };
        let org = self.org();
        let own = org.mailbox(person).filter(|mailbox| mailbox.kind == MailboxKind::User).map(|mailbox| mailbox.id);
        let others = org.reachable(person);
        let mut seen: Vec<MailboxId> =
            own.into_iter().chain(others).filter(|id| decide(&org, actor, *id).sees_mailbox()).collect();
        seen.sort_unstable();
        seen
    }

    /// The denial that names right, mailbox and managers.
    pub fn denied(&self, right: postroom_model::Right, mailbox: MailboxId) -> AccessError {
        AccessError::Denied(Denied::new(&self.org(), right, mailbox))
    }

    /// Adds a row to the record of acts.
    pub async fn record(
        &self,
        actor: Actor,
        mailbox: MailboxId,
        action: &'static str,
        outcome: Outcome,
        detail: String,
    ) -> Result<(), StoreError> {
        let entry = AuditEntry { at: self.inner.clock.now(), actor, mailbox: Some(mailbox), action, outcome, detail };
        self.inner.store.write(Scope::Free, move |tx| postroom_store::audit::record(tx, &entry)).await
    }
}

/// Reloads after each notice until the last handle is gone. A failed reload is tried again.
async fn follow(access: Weak<Inner>, mut changes: watch::Receiver<u64>) {
    while changes.changed().await.is_ok() {
        loop {
            let Some(inner) = access.upgrade() else { return };
            match (Access { inner }).reload().await {
                Ok(()) => break,
                // The process is ending; nobody needs newer facts.
                Err(StoreError::Closed) => return,
                Err(error) => tracing::error!(error = error.detail(), "the organisation could not be read again"),
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }
}
