//! Why a message is not taken for sending.

use crate::send_from::Refusal;
use postroom_model::{Denied, MailboxId};
use postroom_store::emails::FileError;
use postroom_store::{Retry, StoreError};

/// What is wrong with the header of a message that is to be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeaderError {
    #[error("the message has no From field with an address")]
    NoFrom,
    #[error("the message has more than one From field")]
    RepeatedFrom,
    #[error("the From field is not well-formed")]
    MalformedFrom,
    #[error("the Sender field is not well-formed")]
    MalformedSender,
    /// RFC 5322 section 3.6.2.
    #[error("a message with several addresses in From needs a Sender field")]
    NoSender,
}

#[derive(Debug, thiserror::Error)]
pub enum SubmitError {
    /// Sending as that address is not for this person.
    #[error(transparent)]
    Refused(Refusal),
    /// Sending files is a right of its own.
    #[error("{denied}")]
    NoAttachments { mailbox: MailboxId, denied: Denied },
    #[error(transparent)]
    Header(#[from] HeaderError),
    /// Sender must name the person, who has no address.
    #[error("your own mailbox has no address, which the Sender field needs; ask an administrator")]
    NoOwnAddress,
    #[error("the message has no recipient")]
    NoRecipient,
    #[error("{0} does not exist here")]
    Unknown(String),
    #[error("a message cannot be held that long")]
    HeldTooLong,
    #[error("the mailbox of {0} is full")]
    Full(String),
    #[error("the copy in Sent Items does not fit: the mailbox {0} is full")]
    NoRoomForCopy(String),
    /// The person has gone since they signed in.
    #[error("your account does not exist any more")]
    Gone,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Retry for SubmitError {
    fn may_pass(&self) -> bool {
        matches!(self, Self::Store(error) if error.may_pass())
    }
}

/// Filing failed for a reason other than room, which is checked before.
pub(crate) fn filing(error: FileError, full: SubmitError) -> SubmitError {
    match error {
        FileError::Store(error) => error.into(),
        FileError::Full { .. } | FileError::TooMany { .. } => full,
        FileError::NoFolder => StoreError::Gone("the folder").into(),
    }
}
