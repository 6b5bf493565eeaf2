//! A handle on a mailbox: who acts, through which door, on what. Rights are asked anew at every verb.

use crate::{Access, AccessError};
use postroom_model::{Actor, Effective, FolderId, Mailbox, MailboxId, Right, RightSet, decide};
use std::sync::Arc;

/// A mailbox that an actor has entered.
#[derive(Clone)]
pub struct Opened {
    access: Access,
    actor: Actor,
    mailbox: MailboxId,
}

impl Opened {
    pub(crate) fn new(access: Access, actor: Actor, mailbox: MailboxId) -> Self {
        Self { access, actor, mailbox }
    }

    pub fn access(&self) -> &Access {
        &self.access
    }

    pub fn actor(&self) -> Actor {
        self.actor
    }

    pub fn mailbox(&self) -> MailboxId {
        self.mailbox
    }

    /// The facts about the mailbox now. `NotFound` if it has gone.
    pub fn facts(&self) -> Result<Arc<Mailbox>, AccessError> {
        self.access.org().mailbox(self.mailbox).cloned().ok_or(AccessError::NotFound)
    }

    /// Whether it is the actor's own.
    pub fn is_own(&self) -> bool {
        self.actor.person_id() == Some(self.mailbox)
    }

    /// What the actor may do here now, and why.
    pub fn effective(&self) -> Effective {
        decide(&self.access.org(), self.actor, self.mailbox)
    }

    /// The rights now, in a folder: `path` is the folder and its ancestors; empty for the mailbox as a whole.
    pub fn rights(&self, path: &[FolderId]) -> RightSet {
        self.effective().on(path)
    }

    /// Asks for one right. Without any right at all the mailbox does not exist; otherwise the denial names what is
    /// missing and who can grant it.
    pub fn need(&self, right: Right, path: &[FolderId]) -> Result<(), AccessError> {
        let effective = self.effective();
        if effective.on(path).has(right) {
            Ok(())
        } else if effective.sees_mailbox() {
            Err(self.access.denied(right, self.mailbox))
        } else {
            Err(AccessError::NotFound)
        }
    }
}
