//! Why something in a mailbox was not done. Doors put these into the words of their protocols.

use postroom_access::AccessError;
use postroom_model::{BadFolderName, Denied};
use postroom_store::emails::FileError;
use postroom_store::{Retry, StoreError};

/// Filing, copying and moving messages.
#[derive(Debug, thiserror::Error)]
pub enum AppendError {
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("the mailbox is full: {used} of {quota} octets are used")]
    Full { used: u64, quota: u64 },
    #[error("the mailbox is full: it may hold {quota} messages")]
    TooMany { quota: u64 },
    #[error("messages are put into the Outbox by the server only")]
    ServersFolder,
}

impl From<StoreError> for AppendError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

impl From<FileError> for AppendError {
    fn from(error: FileError) -> Self {
        match error {
            FileError::Store(error) => error.into(),
            FileError::Full { used, quota } => Self::Full { used, quota },
            FileError::TooMany { quota } => Self::TooMany { quota },
            FileError::NoFolder => Self::Access(AccessError::NotFound),
        }
    }
}

impl From<Denied> for AppendError {
    fn from(denied: Denied) -> Self {
        Self::Access(denied.into())
    }
}

impl Retry for AppendError {
    fn may_pass(&self) -> bool {
        matches!(self, Self::Access(error) if error.may_pass())
    }
}

/// Making, renaming and deleting folders.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("there is a folder of that name already")]
    Exists,
    #[error(transparent)]
    BadName(#[from] BadFolderName),
    #[error("`{0}` is a folder that every mailbox has; it can be neither renamed nor deleted")]
    SpecialUse(String),
    #[error("the folder has folders below it; delete those first")]
    HasChildren,
    #[error("a folder cannot be moved below itself")]
    BelowItself,
    #[error("there is a folder for that use already: `{0}`")]
    UseTaken(String),
}

impl From<StoreError> for FolderError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

impl Retry for FolderError {
    fn may_pass(&self) -> bool {
        matches!(self, Self::Access(error) if error.may_pass())
    }
}

/// Subscribing to folders and to names.
#[derive(Debug, thiserror::Error)]
pub enum SubscribeError {
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error(
        "you subscribe to {} names without a folder; unsubscribe from some first",
        postroom_store::subscribed_names::MOST
    )]
    TooMany,
}

impl From<StoreError> for SubscribeError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

impl Retry for SubscribeError {
    fn may_pass(&self) -> bool {
        matches!(self, Self::Access(error) if error.may_pass())
    }
}

/// Annotating folders and the server.
#[derive(Debug, thiserror::Error)]
pub enum AnnotateError {
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("a value has at most {limit} octets")]
    TooLong { limit: u64 },
    #[error("the name of an entry has at most {limit} octets")]
    NameTooLong { limit: u64 },
    #[error("there are {limit} entries here already; remove some first")]
    TooMany { limit: u64 },
    #[error("what the server says to all is set by administrators")]
    NotAdmin,
}

impl From<StoreError> for AnnotateError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

impl Retry for AnnotateError {
    fn may_pass(&self) -> bool {
        matches!(self, Self::Access(error) if error.may_pass())
    }
}
