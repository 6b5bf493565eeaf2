//! What the change log of a mailbox records. IMAP, JMAP and push read nothing else to learn what is new.

use crate::{EmailId, FolderId, MailboxId, ModSeq, Uid};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChangeKind {
    /// An email was put into a folder under a UID.
    Placed,
    /// An email left a folder; its UID is gone for good.
    Removed,
    /// Keywords of an email changed, in every folder that it stands in.
    Keywords,
    /// `\Deleted` was set or cleared on one placement.
    Deleted,
    FolderCreated,
    /// Name, parent or subscription changed.
    FolderChanged,
    FolderRemoved,
    /// One person's own `\Seen` changed (mailboxes with `seen = "personal"`).
    Seen,
}

impl ChangeKind {
    pub fn code(self) -> i64 {
        match self {
            Self::Placed => 1,
            Self::Removed => 2,
            Self::Keywords => 3,
            Self::Deleted => 4,
            Self::FolderCreated => 5,
            Self::FolderChanged => 6,
            Self::FolderRemoved => 7,
            Self::Seen => 8,
        }
    }

    pub fn from_code(code: i64) -> Option<Self> {
        Some(match code {
            1 => Self::Placed,
            2 => Self::Removed,
            3 => Self::Keywords,
            4 => Self::Deleted,
            5 => Self::FolderCreated,
            6 => Self::FolderChanged,
            7 => Self::FolderRemoved,
            8 => Self::Seen,
            _ => return None,
        })
    }
}

/// One row of the log. Fields that a kind does not use are `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    pub modseq: ModSeq,
    pub kind: ChangeKind,
    pub folder: Option<FolderId>,
    pub email: Option<EmailId>,
    pub uid: Option<Uid>,
    /// Whose `\Seen` it is, for [`ChangeKind::Seen`].
    pub person: Option<MailboxId>,
}
