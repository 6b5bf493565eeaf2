//! An organisation in names only: what a file says, and what the database holds, in one shape.

use super::routes::{ExceptionFacts, RouteFacts};
use crate::{AccountSecret, Secret};
use postroom_model::{
    Address, FetchProtocol, InboundServiceId, InboundSettings, MailboxKind, MailboxName, Origin, Plan, Privilege,
    RightSet, RoleType, SeenMode, SentCopy,
};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, Default)]
pub(super) struct Described {
    pub(super) domains: BTreeSet<String>,
    pub(super) mailboxes: BTreeMap<MailboxName, MailboxFacts>,
    pub(super) roles: BTreeMap<String, RoleFacts>,
    pub(super) grants: BTreeMap<GrantKey, GrantFacts>,
    pub(super) inbound: BTreeMap<InboundKey, InboundFacts>,
    pub(super) plan: Option<Plan>,
    /// By domain; absent: direct.
    pub(super) routes: BTreeMap<String, RouteFacts>,
    pub(super) exceptions: Vec<ExceptionFacts>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MailboxFacts {
    pub(super) kind: MailboxKind,
    pub(super) display_name: String,
    pub(super) addresses: Vec<Address>,
    pub(super) sent_copy: SentCopy,
    pub(super) seen: SeenMode,
    pub(super) quota: Option<u64>,
    pub(super) privilege: Privilege,
    pub(super) password: PasswordFacts,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum PasswordFacts {
    #[default]
    None,
    Clear(Secret),
    Hash(String),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RoleFacts {
    pub(super) description: String,
    pub(super) privilege: Privilege,
    pub(super) role_type: RoleType,
    pub(super) members: BTreeSet<MailboxName>,
    /// Made by the system: only its members can be said.
    pub(super) system: bool,
}

/// What an inbound service is known by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct InboundKey {
    pub(super) mailbox: MailboxName,
    pub(super) protocol: FetchProtocol,
    pub(super) server: String,
    pub(super) username: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct InboundFacts {
    pub(super) settings: InboundSettings,
    /// In a file: what it says. None: it says nothing.
    pub(super) secret: Option<AccountSecret>,
    /// In the database: what is there, sealed.
    pub(super) sealed: Vec<u8>,
    /// In the database.
    pub(super) id: Option<InboundServiceId>,
    pub(super) origin: Origin,
}

impl InboundKey {
    pub(super) fn of(mailbox: MailboxName, settings: &InboundSettings) -> Self {
        let (server, username) = (settings.server.clone(), settings.username.clone());
        Self { mailbox, protocol: settings.protocol, server, username }
    }
}

impl std::fmt::Display for InboundKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} at {} into {}", self.protocol.as_str(), self.username, self.server, self.mailbox)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct GrantKey {
    pub(super) mailbox: MailboxName,
    pub(super) grantee: GranteeName,
    /// The path of a folder; none: the whole mailbox.
    pub(super) folder: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum GranteeName {
    Role(String),
    User(MailboxName),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct GrantFacts {
    pub(super) rights: RightSet,
    pub(super) automap: bool,
    pub(super) origin: Origin,
}

impl std::fmt::Display for GranteeName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Role(id) => write!(f, "role {id}"),
            Self::User(name) => write!(f, "user {name}"),
        }
    }
}

impl std::fmt::Display for GrantKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} on {}", self.grantee, self.mailbox)?;
        match &self.folder {
            Some(folder) => write!(f, ", folder {folder}"),
            None => Ok(()),
        }
    }
}

/// `user`, `shared mailbox`, `room`, `equipment`.
pub(super) fn kind_words(kind: MailboxKind) -> &'static str {
    match kind {
        MailboxKind::User => "user",
        MailboxKind::Shared => "shared mailbox",
        MailboxKind::Room => "room",
        MailboxKind::Equipment => "equipment",
    }
}
