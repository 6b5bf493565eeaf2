//! The closed set of rights, and the presets that are names for sets. Nothing implies anything else.

use serde::{Deserialize, Serialize};

macro_rules! rights {
    ($($variant:ident = $bit:literal, $name:literal, $gives:literal;)*) => {
        /// One right on a mailbox.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Right { $(#[doc = $gives] $variant),* }

        impl Right {
            /// In the order of the documentation.
            pub const ALL: [Self; 23] = [$(Self::$variant),*];

            /// As it is written in organisation files, the API and denials.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// What it gives, in words.
            pub fn gives(self) -> &'static str {
                match self { $(Self::$variant => $gives),* }
            }

            const fn bit(self) -> u32 {
                match self { $(Self::$variant => 1 << $bit),* }
            }
        }
    };
}

// The bits are stored in the database: never change one, add at the end.
rights! {
    FolderView = 0, "folder.view", "see folders, their counts and sizes";
    MessageRead = 1, "message.read", "read messages";
    MessageSearch = 2, "message.search", "search in the text and headers of messages";
    MessageSeen = 3, "message.seen", "mark messages read and unread";
    MessageFlag = 4, "message.flag", "set other flags and keywords";
    MessageAdd = 5, "message.add", "file and copy messages in, save drafts";
    MessageEdit = 6, "message.edit", "change drafts";
    MessageDelete = 7, "message.delete", "remove messages to Deleted Items";
    MessagePurge = 8, "message.purge", "remove messages for good, empty a folder";
    FolderCreate = 9, "folder.create", "create folders";
    FolderDelete = 10, "folder.delete", "rename and delete folders";
    AttachmentAdd = 11, "attachment.add", "send files";
    SendAs = 12, "send.as", "send as the mailbox, without a trace of the person";
    SendOnBehalf = 13, "send.on_behalf", "send for the mailbox, named as the sender";
    CalendarFreeBusy = 14, "calendar.free_busy", "see when the calendar is busy";
    CalendarRead = 15, "calendar.read", "read the calendar";
    CalendarWrite = 16, "calendar.write", "change the calendar";
    CalendarPrivate = 17, "calendar.private", "see private events";
    ContactsRead = 18, "contacts.read", "read contacts";
    ContactsWrite = 19, "contacts.write", "change contacts";
    TasksRead = 20, "tasks.read", "read tasks";
    TasksWrite = 21, "tasks.write", "change tasks";
    MailboxManage = 22, "mailbox.manage", "change grants, settings and rules of the mailbox";
}

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither a right nor a preset; see the table of rights in docs/rights.md")]
pub struct UnknownRight(pub String);

impl Right {
    pub fn parse(raw: &str) -> Result<Self, UnknownRight> {
        Self::ALL.into_iter().find(|right| right.as_str() == raw).ok_or_else(|| UnknownRight(raw.to_owned()))
    }

    /// Whether a grant of it can be narrowed to folders: `folder.*` and `message.*` only.
    pub fn can_be_narrowed(self) -> bool {
        self.as_str().starts_with("folder.") || self.as_str().starts_with("message.")
    }
}

impl std::fmt::Display for Right {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of rights.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RightSet(u32);

impl RightSet {
    pub const NONE: Self = Self(0);

    pub fn all() -> Self {
        Right::ALL.into_iter().collect()
    }

    /// What can be narrowed to folders.
    pub fn folder_scoped() -> Self {
        Right::ALL.into_iter().filter(|right| right.can_be_narrowed()).collect()
    }

    /// As stored. Bits of rights that this version does not know are dropped.
    pub fn from_bits(bits: i64) -> Self {
        Self(u32::try_from(bits).unwrap_or(0)).intersection(Self::all())
    }

    pub fn bits(self) -> i64 {
        i64::from(self.0)
    }

    pub fn has(self, right: Right) -> bool {
        self.0 & right.bit() != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    #[must_use]
    pub fn with(self, right: Right) -> Self {
        Self(self.0 | right.bit())
    }

    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[must_use]
    pub fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub fn iter(self) -> impl Iterator<Item = Right> {
        Right::ALL.into_iter().filter(move |right| self.has(*right))
    }

    /// Reads single rights and `preset:…` names, mixed.
    pub fn parse_all<S: AsRef<str>>(items: impl IntoIterator<Item = S>) -> Result<Self, UnknownRight> {
        items.into_iter().try_fold(Self::NONE, |set, item| {
            let item = item.as_ref();
            let more = match item.strip_prefix("preset:") {
                Some(name) => Preset::parse(name).ok_or_else(|| UnknownRight(item.to_owned()))?.rights(),
                None => Self::NONE.with(Right::parse(item)?),
            };
            Ok(set.union(more))
        })
    }

    /// The names of the rights, in documented order.
    pub fn names(self) -> Vec<&'static str> {
        self.iter().map(Right::as_str).collect()
    }
}

impl FromIterator<Right> for RightSet {
    fn from_iter<I: IntoIterator<Item = Right>>(rights: I) -> Self {
        rights.into_iter().fold(Self::NONE, Self::with)
    }
}

impl std::fmt::Debug for RightSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}

/// Names for sets. A grant stores the rights, never the preset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    Agent,
    SendOnly,
    SendAs,
    SendOnBehalf,
    Viewer,
    FullAccess,
    Manager,
}

impl Preset {
    pub const ALL: [Self; 7] =
        [Self::Agent, Self::SendOnly, Self::SendAs, Self::SendOnBehalf, Self::Viewer, Self::FullAccess, Self::Manager];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Agent => "agent",
            Self::SendOnly => "send_only",
            Self::SendAs => "send_as",
            Self::SendOnBehalf => "send_on_behalf",
            Self::Viewer => "viewer",
            Self::FullAccess => "full_access",
            Self::Manager => "manager",
        }
    }

    pub fn parse(raw: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|preset| preset.as_str() == raw)
    }

    pub fn rights(self) -> RightSet {
        use Right as R;
        match self {
            Self::Agent => [
                R::FolderView,
                R::MessageRead,
                R::MessageSearch,
                R::MessageSeen,
                R::MessageFlag,
                R::MessageAdd,
                R::MessageEdit,
                R::MessageDelete,
                R::AttachmentAdd,
                R::SendAs,
            ]
            .into_iter()
            .collect(),
            Self::SendOnly | Self::SendAs => [R::SendAs, R::AttachmentAdd].into_iter().collect(),
            Self::SendOnBehalf => [R::SendOnBehalf, R::AttachmentAdd].into_iter().collect(),
            Self::Viewer => {
                [R::FolderView, R::MessageRead, R::MessageSearch, R::CalendarRead, R::ContactsRead, R::TasksRead]
                    .into_iter()
                    .collect()
            }
            Self::FullAccess => {
                RightSet::all().without([R::SendAs, R::SendOnBehalf, R::MailboxManage].into_iter().collect())
            }
            Self::Manager => [R::FolderView, R::MailboxManage].into_iter().collect(),
        }
    }
}

#[cfg(test)]
mod tests;
