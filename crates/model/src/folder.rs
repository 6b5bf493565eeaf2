//! Folders: what IMAP and JMAP call a mailbox.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// What a folder is for (RFC 6154 names where there is one).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SpecialUse {
    Inbox,
    Drafts,
    Sent,
    Trash,
    Junk,
    /// Scheduled and undoable mail; the server's, nobody files there.
    Outbox,
    /// Not in every mailbox: made by whoever wants one, who may rename and delete it, too.
    Archive,
}

impl SpecialUse {
    /// Those that every mailbox has.
    pub const ALL: [Self; 6] = [Self::Inbox, Self::Drafts, Self::Sent, Self::Trash, Self::Junk, Self::Outbox];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Drafts => "drafts",
            Self::Sent => "sent",
            Self::Trash => "trash",
            Self::Junk => "junk",
            Self::Outbox => "outbox",
            Self::Archive => "archive",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().chain([Self::Archive]).find(|special| special.as_str() == raw)
    }

    /// Whether every mailbox has it; it is neither renamed nor deleted then.
    pub fn is_everywhere(self) -> bool {
        Self::ALL.contains(&self)
    }

    /// The name that the folder has in every mailbox, if it is in every one. IMAP shows a person's own Inbox as `INBOX`.
    pub fn folder_name(self) -> &'static str {
        match self {
            Self::Inbox => "Inbox",
            Self::Drafts => "Drafts",
            Self::Sent => "Sent Items",
            Self::Trash => "Deleted Items",
            Self::Junk => "Junk",
            Self::Outbox => "Outbox",
            Self::Archive => "Archive",
        }
    }
}

/// One level of a folder's path: NFC, 1 to 255 octets, without `/`, `*`, `%` and control characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FolderName(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFolderName {
    #[error("a folder name must not be empty")]
    Empty,
    #[error("a folder name has at most 255 octets")]
    TooLong,
    #[error("a folder name must not hold {0:?}")]
    Character(char),
    #[error("folders are nested at most 32 deep")]
    TooDeep,
}

/// How deep folders may be nested.
pub const MAX_DEPTH: usize = 32;

impl FolderName {
    pub fn parse(raw: &str) -> Result<Self, BadFolderName> {
        let name: String = raw.nfc().collect();
        if name.is_empty() {
            return Err(BadFolderName::Empty);
        }
        if name.len() > 255 {
            return Err(BadFolderName::TooLong);
        }
        if let Some(bad) = name.chars().find(|c| c.is_control() || "/*%".contains(*c)) {
            return Err(BadFolderName::Character(bad));
        }
        Ok(Self(name))
    }

    /// The levels of `a/b/c`; a single trailing `/` is allowed (RFC 9051 section 6.3.4).
    pub fn parse_path(raw: &str) -> Result<Vec<Self>, BadFolderName> {
        let path: Vec<Self> =
            raw.strip_suffix('/').unwrap_or(raw).split('/').map(Self::parse).collect::<Result<_, _>>()?;
        if path.len() > MAX_DEPTH { Err(BadFolderName::TooDeep) } else { Ok(path) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for FolderName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}
