//! Verbs on messages. Each is one transaction, asks for its rights inside it, and leaves one row in the record.

mod ancestry;
mod append;
mod copy;
mod expunge;
mod fetch;
mod flags;
mod relocate;
mod replace;
mod vanished;

pub use append::{Append, Appended};
pub use copy::Copied;
pub use fetch::{Body, body_into, header_into};
pub use flags::{FlagChange, FlagMode, FlagsChanged};

use crate::OpenFolder;
use postroom_model::{AuditEntry, Flags, Keyword, Right, RightSet, SpecialUse};
use postroom_store::{StoreError, Tx, audit};

/// The flags that somebody with these rights may set and clear here. `\Deleted` needs the right to remove.
pub(crate) fn settable(rights: RightSet) -> Flags {
    let mut flags = Flags::NONE;
    if rights.has(Right::MessageSeen) {
        flags = flags.union(Flags::SEEN);
    }
    if rights.has(Right::MessageDelete) {
        flags = flags.union(Flags::DELETED);
    }
    if rights.has(Right::MessageFlag) {
        flags = flags.union(Flags(u32::MAX).without(Flags::SEEN.union(Flags::DELETED)));
    }
    flags
}

impl OpenFolder {
    /// The flags that the actor may set and clear here. In Drafts `message.edit` marks drafts as such.
    pub fn settable(&self) -> Flags {
        let edits_drafts = self.special_use() == Some(SpecialUse::Drafts) && self.rights().has(Right::MessageEdit);
        settable(self.rights()).union(if edits_drafts { Flags::DRAFT } else { Flags::NONE })
    }
}

/// Keywords as they are stored: sorted, each once, separated by blanks.
pub(crate) fn joined(keywords: &[Keyword]) -> String {
    let mut names: Vec<&str> = keywords.iter().map(Keyword::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names.join(" ")
}

/// One row in the record for a verb that touched `count` messages of a folder.
pub(crate) fn note(tx: &mut Tx<'_>, folder: &OpenFolder, action: &'static str, count: usize) -> Result<(), StoreError> {
    let at = folder.mail.access.clock().now();
    let messages = if count == 1 { "1 message".to_owned() } else { format!("{count} messages") };
    let detail = format!("{messages} in {}", folder.path());
    audit::record(tx, &AuditEntry::done(at, folder.opened.actor(), folder.mailbox(), action, detail))
}
