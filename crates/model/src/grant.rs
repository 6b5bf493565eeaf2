//! A grant gives rights on one mailbox to a person or a role.

use crate::{FolderId, MailboxId, RightSet, RoleKey};
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grantee {
    Person(MailboxId),
    Role(RoleKey),
}

/// Where a grant was last written. `apply` makes exact what came from a file and leaves the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Origin {
    File,
    Admin,
    /// IMAP SETACL or JMAP shareWith.
    Acl,
}

impl Origin {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Admin => "admin",
            Self::Acl => "acl",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        [Self::File, Self::Admin, Self::Acl].into_iter().find(|origin| origin.as_str() == raw)
    }
}

/// One row: there is at most one for each (mailbox, grantee, folder).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub mailbox: MailboxId,
    pub grantee: Grantee,
    /// None: the whole mailbox. Some: this folder and those below it; `folder.*` and `message.*` rights only.
    pub folder: Option<FolderId>,
    pub rights: RightSet,
    /// The mailbox appears by itself in the clients of the grantee.
    pub automap: bool,
    pub origin: Origin,
}
