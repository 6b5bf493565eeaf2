//! Fetching a body marks the message read, where the person may do that (RFC 9051 section 6.4.5).

use super::Message;
use crate::commands::Result;
use crate::session::Session;
use postroom_access::AccessError;
use postroom_mail::{FlagChange, FlagMode, OpenFolder};
use postroom_model::{Flags, Right};

/// Marks what is not read yet, and gives those UIDs, ascending. Without the right nothing happens.
pub(super) async fn mark(session: &mut Session, folder: &OpenFolder, messages: &mut [Message]) -> Result<Vec<u32>> {
    let may = session.view.as_ref().is_some_and(|view| !view.examined) && folder.rights().has(Right::MessageSeen);
    let unseen = |message: &&Message| !message.entry.flags.contains(Flags::SEEN);
    let uids: Vec<u32> = messages.iter().filter(unseen).map(|message| message.entry.uid).collect();
    if !may || uids.is_empty() {
        return Ok(Vec::new());
    }
    let change = FlagChange { mode: FlagMode::Add, flags: Flags::SEEN, keywords: Vec::new() };
    match folder.change_flags(uids.clone(), change, None).await {
        Ok(_) => {}
        Err(AccessError::Denied(_)) => return Ok(Vec::new()),
        Err(error) => return Err(error.into()),
    }
    let snapshot = folder.refresh().await?;
    if let Some(view) = &mut session.view {
        view.absorb(&snapshot, &uids, |entry| (entry.flags.union(Flags::SEEN), entry.keywords.to_string()));
    }
    for message in messages {
        if let Some(entry) = snapshot.by_uid(message.entry.uid) {
            message.entry = entry.clone();
        }
    }
    Ok(uids)
}
