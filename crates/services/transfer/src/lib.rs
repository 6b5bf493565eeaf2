//! Mail from files and into files: mbox and Maildir, with folders, flags, keywords and dates. For operators.
//!
//! [`Transfer::import`] and [`Transfer::export`] do a part of the work and say where to go on, so that a command can show
//! how far it is and a server is never busy with one of them for long. Interrupted anywhere, the same command goes on:
//! an import remembers, in the transaction that files it, where each message came from; an export never writes what
//! stands there already.

mod export;
mod import;
mod maildir;
mod mbox;
mod names;

pub use export::{ExportPart, Exported};
pub use import::{ImportPart, Imported};

use postroom_access::Access;
use postroom_store::StoreError;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::PathBuf;

/// How mail stands in files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// One file, messages behind `From ` lines (RFC 4155, quoted as mboxrd).
    Mbox,
    /// One file for each message; folders as in Maildir++.
    Maildir,
}

impl Format {
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "mbox" => Some(Self::Mbox),
            "maildir" => Some(Self::Maildir),
            _ => None,
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    #[error("{path}: {1}", path = .0.display())]
    File(PathBuf, #[source] io::Error),
    #[error("{} is neither an mbox file nor a Maildir", .0.display())]
    NoMail(PathBuf),
    #[error("`{0}` is no name of a folder")]
    BadFolder(String),
    #[error("the mailbox is full: {used} of {quota} octets are used; what was imported so far stays")]
    Full { used: u64, quota: u64 },
    #[error("there is no such mailbox")]
    NoMailbox,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl postroom_store::Retry for TransferError {
    fn may_pass(&self) -> bool {
        matches!(self, Self::Store(error) if error.may_pass())
    }
}

/// Cheap to clone.
#[derive(Clone)]
pub struct Transfer {
    access: Access,
}

impl Transfer {
    pub fn new(access: Access) -> Self {
        Self { access }
    }
}

#[cfg(test)]
mod tests;
