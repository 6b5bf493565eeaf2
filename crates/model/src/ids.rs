//! Numbers that name things. Each is its own type, so that a folder is never taken for an email.

use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(/** A user, shared, room or equipment mailbox. A person is named by the id of their mailbox. */ MailboxId);
id!(/** A folder; unique within its mailbox. */ FolderId);
id!(/** An email: immutable content plus keywords; unique within its mailbox. */ EmailId);
id!(/** A conversation; unique within its mailbox. */ ThreadId);
id!(/** The row of a role; people see [`crate::Role::id`]. */ RoleKey);
id!(/** A configured domain. */ DomainId);
id!(/** The counter of one mailbox that orders every change in it (IMAP MODSEQ, JMAP state). */ ModSeq);

/// An IMAP unique identifier (RFC 9051 section 2.3.1.1): 1 or more, never given out twice in a folder.
pub type Uid = u32;
