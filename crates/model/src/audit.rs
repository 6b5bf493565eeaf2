//! One line of the record of who did what, where, through which door, with what outcome.

use crate::{Actor, MailboxId, Time};

/// How an audited act ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    Done,
    Denied,
    Failed,
}

impl Outcome {
    pub const ALL: [Self; 3] = [Self::Done, Self::Denied, Self::Failed];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Denied => "denied",
            Self::Failed => "failed",
        }
    }
}

/// An act to be recorded, in the transaction of the act itself where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    pub at: Time,
    pub actor: Actor,
    /// The mailbox acted on; none for acts on the organisation (domains, roles).
    pub mailbox: Option<MailboxId>,
    /// What was done, as `noun.verb`: `mailbox.open`, `message.flag`, `grant.set`.
    pub action: &'static str,
    pub outcome: Outcome,
    /// Particulars for people, without secrets and without content of messages.
    pub detail: String,
}

impl AuditEntry {
    /// An act that was done.
    pub fn done(at: Time, actor: Actor, mailbox: MailboxId, action: &'static str, detail: impl Into<String>) -> Self {
        Self { at, actor, mailbox: Some(mailbox), action, outcome: Outcome::Done, detail: detail.into() }
    }
}
