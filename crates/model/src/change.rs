//! What the change log of a mailbox records. IMAP, JMAP and push read nothing else to learn what is new.

use crate::{EmailId, FolderId, MailboxId, ModSeq, ThreadId, Uid};

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
    /// A person subscribed to a folder or gave it up.
    Subscribed,
    /// Identities of a person, submissions, and the automatic reply of the mailbox; `value` is the id.
    IdentityCreated,
    IdentityChanged,
    IdentityRemoved,
    SubmissionCreated,
    SubmissionChanged,
    SubmissionRemoved,
    VacationChanged,
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
            Self::Subscribed => 9,
            Self::IdentityCreated => 10,
            Self::IdentityChanged => 11,
            Self::IdentityRemoved => 12,
            Self::SubmissionCreated => 13,
            Self::SubmissionChanged => 14,
            Self::SubmissionRemoved => 15,
            Self::VacationChanged => 16,
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
            9 => Self::Subscribed,
            10 => Self::IdentityCreated,
            11 => Self::IdentityChanged,
            12 => Self::IdentityRemoved,
            13 => Self::SubmissionCreated,
            14 => Self::SubmissionChanged,
            15 => Self::SubmissionRemoved,
            16 => Self::VacationChanged,
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
    /// Whose it is, where a change is seen by one person only: [`ChangeKind::Seen`], subscriptions, identities.
    pub person: Option<MailboxId>,
    /// Of the email, for [`ChangeKind::Placed`] and [`ChangeKind::Removed`].
    pub thread: Option<ThreadId>,
    /// `Placed`, `Deleted`: whether the placement bears `\Deleted` now; `Removed`: whether it did. Identities and
    /// submissions: the id. `FolderRemoved`: the folder that it was below, or 0. `FolderChanged`: 1 where it was moved.
    pub value: Option<i64>,
}
