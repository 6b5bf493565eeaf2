//! Who acts, and through which door. Handles and audit rows carry it.

use crate::MailboxId;
use serde::{Deserialize, Serialize};

/// The ways into the system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Door {
    Smtp,
    Lmtp,
    Submission,
    Imap,
    Pop3,
    Jmap,
    Dav,
    /// The admin REST API.
    Admin,
    /// The command line of the operator.
    Cli,
    /// Work the server does by itself.
    Job,
}

impl Door {
    pub const ALL: [Self; 10] = [
        Self::Smtp,
        Self::Lmtp,
        Self::Submission,
        Self::Imap,
        Self::Pop3,
        Self::Jmap,
        Self::Dav,
        Self::Admin,
        Self::Cli,
        Self::Job,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Smtp => "smtp",
            Self::Lmtp => "lmtp",
            Self::Submission => "submission",
            Self::Imap => "imap",
            Self::Pop3 => "pop3",
            Self::Jmap => "jmap",
            Self::Dav => "dav",
            Self::Admin => "admin",
            Self::Cli => "cli",
            Self::Job => "job",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|door| door.as_str() == raw)
    }
}

/// Who acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Who {
    /// A person, signed in; named by the id of their own mailbox.
    Person(MailboxId),
    /// Whoever holds the machine: the command line.
    Operator,
    /// The server itself: a delivery, a job.
    Server,
}

/// Somebody acting through a door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    pub who: Who,
    pub door: Door,
    /// The one mailbox that the sign-in reaches; none: all that the person has rights on.
    #[serde(default)]
    pub only: Option<MailboxId>,
}

impl Actor {
    pub fn person(person: MailboxId, door: Door) -> Self {
        Self { who: Who::Person(person), door, only: None }
    }

    /// The same, reaching one mailbox and nothing else.
    #[must_use]
    pub fn within(self, only: Option<MailboxId>) -> Self {
        Self { only, ..self }
    }

    pub fn operator() -> Self {
        Self { who: Who::Operator, door: Door::Cli, only: None }
    }

    pub fn server(door: Door) -> Self {
        Self { who: Who::Server, door, only: None }
    }

    /// The person acting, if one is.
    pub fn person_id(self) -> Option<MailboxId> {
        match self.who {
            Who::Person(id) => Some(id),
            Who::Operator | Who::Server => None,
        }
    }
}
