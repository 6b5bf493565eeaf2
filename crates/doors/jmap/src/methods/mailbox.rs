//! `Mailbox/…` (RFC 8621 section 2): what Postroom calls a folder.

pub(super) mod changes;
pub(super) mod get;
mod list;
pub(super) mod query;
pub(super) mod query_changes;
pub(super) mod set;

use postroom_mail::whole::Shown;
use postroom_model::{Right, RightSet, SpecialUse};
use serde_json::{Value, json};

/// The role that other servers call by the same name (RFC 8621 section 2).
pub(super) fn role(special: Option<SpecialUse>) -> Option<&'static str> {
    Some(match special? {
        SpecialUse::Inbox => "inbox",
        SpecialUse::Drafts => "drafts",
        SpecialUse::Sent => "sent",
        SpecialUse::Trash => "trash",
        SpecialUse::Junk => "junk",
        SpecialUse::Archive => "archive",
        // The registry knows no role for it.
        SpecialUse::Outbox => return None,
    })
}

/// Folders that every mailbox has come in this order where nobody said otherwise.
pub(super) fn sort_order(folder: &Shown) -> u32 {
    if folder.sort_order > 0 {
        return folder.sort_order;
    }
    match folder.special_use {
        Some(SpecialUse::Inbox) => 1,
        Some(SpecialUse::Drafts) => 2,
        Some(SpecialUse::Outbox) => 3,
        Some(SpecialUse::Sent) => 4,
        Some(SpecialUse::Junk) => 5,
        Some(SpecialUse::Trash) => 6,
        Some(SpecialUse::Archive) => 7,
        None => 10,
    }
}

/// `myRights` in a folder; `whole`: the rights on the mailbox as a whole, where sending is decided.
pub(super) fn rights(folder: &Shown, whole: RightSet) -> Value {
    let has = |right| folder.rights.has(right);
    let own = !folder.special_use.is_some_and(SpecialUse::is_everywhere);
    json!({
        "mayReadItems": has(Right::MessageRead),
        "mayAddItems": has(Right::MessageAdd),
        "mayRemoveItems": has(Right::MessageDelete),
        "maySetSeen": has(Right::MessageSeen),
        "maySetKeywords": has(Right::MessageFlag),
        "mayCreateChild": has(Right::FolderCreate),
        "mayRename": own && has(Right::FolderDelete),
        "mayDelete": own && has(Right::FolderDelete),
        "maySubmit": whole.has(Right::SendAs) || whole.has(Right::SendOnBehalf),
    })
}
