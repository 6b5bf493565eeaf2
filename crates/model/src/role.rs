//! Roles: made by an administrator, have members, carry rights on mailboxes.

use crate::{MailboxId, RoleKey};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What somebody may do beyond mailboxes. The highest of a person's own and their roles' counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Privilege {
    #[default]
    User,
    /// Has the console: mailboxes, roles, domains, grants. By itself it opens no content.
    Admin,
}

impl Privilege {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Admin => "admin",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        [Self::User, Self::Admin].into_iter().find(|level| level.as_str() == raw)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RoleType {
    /// Gives rights.
    #[default]
    Security,
    /// Gives none; limits who may be assigned work.
    Assignment,
}

impl RoleType {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Security => "security",
            Self::Assignment => "assignment",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        [Self::Security, Self::Assignment].into_iter().find(|kind| kind.as_str() == raw)
    }
}

/// Only roles that administrators made can be tied to a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MadeBy {
    Administrator,
    System,
}

impl MadeBy {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Administrator => "administrator",
            Self::System => "system",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        [Self::Administrator, Self::System].into_iter().find(|by| by.as_str() == raw)
    }
}

/// The role that every installation has: its members are administrators. It cannot be tied to a mailbox.
pub const ADMINISTRATORS: &str = "Administrators";

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    pub key: RoleKey,
    /// What people call it, unique: `Mailbox - Support`.
    pub id: String,
    pub description: String,
    pub privilege: Privilege,
    pub role_type: RoleType,
    pub made_by: MadeBy,
    pub members: BTreeSet<MailboxId>,
}

impl Role {
    /// Whether grants may be given to it.
    pub fn can_be_tied(&self) -> bool {
        self.made_by == MadeBy::Administrator && self.role_type == RoleType::Security
    }
}

/// A role id is one line of 1 to 100 characters without control characters, and does not start with `$`
/// (IMAP writes roles as `$<role id>`).
pub fn role_id_is_valid(id: &str) -> bool {
    !id.is_empty()
        && id.chars().count() <= 100
        && id.trim() == id
        && !id.starts_with('$')
        && !id.chars().any(char::is_control)
}
