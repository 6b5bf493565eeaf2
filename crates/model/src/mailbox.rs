//! A mailbox: mail, calendar, contacts and tasks under one or more addresses.

use crate::{Address, MailboxId, Privilege};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailboxKind {
    /// A person's own; the only kind that signs in.
    User,
    /// Worked on by many; has no credentials at all.
    Shared,
    Room,
    Equipment,
}

impl MailboxKind {
    pub const ALL: [Self; 4] = [Self::User, Self::Shared, Self::Room, Self::Equipment];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Shared => "shared",
            Self::Room => "room",
            Self::Equipment => "equipment",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == raw)
    }
}

/// Where the copy of a message sent from this mailbox is filed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SentCopy {
    /// In Sent Items of the mailbox in From.
    #[default]
    Mailbox,
    /// In Sent Items of the person who sent it.
    Sender,
    Both,
}

impl SentCopy {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mailbox => "mailbox",
            Self::Sender => "sender",
            Self::Both => "both",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        [Self::Mailbox, Self::Sender, Self::Both].into_iter().find(|policy| policy.as_str() == raw)
    }
}

/// Whether `\Seen` is one mark for all, or each person's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SeenMode {
    #[default]
    Shared,
    Personal,
}

impl SeenMode {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Personal => "personal",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        [Self::Shared, Self::Personal].into_iter().find(|mode| mode.as_str() == raw)
    }
}

/// The name of a mailbox, unchangeable once given; for a user it is the login name.
/// `[a-z0-9][a-z0-9._-]*`, at most 64 characters.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct MailboxName(String);

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no mailbox name: it takes 1 to 64 of a-z 0-9 . _ - and starts with a letter or digit")]
pub struct BadMailboxName(pub String);

impl MailboxName {
    pub fn parse(raw: &str) -> Result<Self, BadMailboxName> {
        let first = raw.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit());
        let rest = raw.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c));
        if first && rest && raw.len() <= 64 { Ok(Self(raw.to_owned())) } else { Err(BadMailboxName(raw.to_owned())) }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for MailboxName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for MailboxName {
    type Error = BadMailboxName;
    fn try_from(raw: String) -> Result<Self, BadMailboxName> {
        Self::parse(&raw)
    }
}

impl From<MailboxName> for String {
    fn from(name: MailboxName) -> Self {
        name.0
    }
}

/// The facts about a mailbox that everyone needs; its folders and mail are in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    pub id: MailboxId,
    pub kind: MailboxKind,
    pub name: MailboxName,
    pub display_name: String,
    /// How it is called below `Shared/` and `Other Users/`; unique in the organisation.
    pub label: String,
    /// The first is the default address.
    pub addresses: Vec<Address>,
    pub sent_copy: SentCopy,
    pub seen: SeenMode,
    /// Bytes that its mail may take together; none: no limit.
    pub quota: Option<u64>,
    /// A user's own privilege; roles may raise it. `User` for what cannot sign in.
    pub privilege: Privilege,
    /// Changes with a restore from backup: states given out before it mean nothing any more.
    pub state_epoch: i64,
}

impl Mailbox {
    pub fn default_address(&self) -> Option<&Address> {
        self.addresses.first()
    }

    pub fn has_address(&self, address: &Address) -> bool {
        self.addresses.contains(address)
    }
}

/// The label that a display name gives: NFC, with `/ * %` and control characters as `-`.
/// An empty result falls back to the name.
pub fn label_from(display_name: &str, name: &MailboxName) -> String {
    let text: String =
        display_name.trim().nfc().map(|c| if c.is_control() || "/*%".contains(c) { '-' } else { c }).collect();
    if text.is_empty() { name.to_string() } else { text }
}

#[cfg(test)]
mod tests;
