//! Replacing a message by another in one step (RFC 8508): a draft by its next version.

use super::note;
use crate::{Append, AppendError, Appended, OpenFolder};
use postroom_access::AccessError;
use postroom_model::{Right, SpecialUse, Uid};
use postroom_store::changes::Log;
use postroom_store::{Scope, Tx, placements};

impl OpenFolder {
    /// Files a message in `target` and removes the one with `uid` here, both or neither. Needs what
    /// [`OpenFolder::append`] needs there and what removing needs here; removing means what it means for
    /// [`OpenFolder::expunge`]. `NotFound`: the message is not there any more.
    pub async fn replace(&self, uid: Uid, target: &Self, message: Append) -> Result<Appended, AppendError> {
        if target.special_use() == Some(SpecialUse::Outbox) {
            return Err(AppendError::ServersFolder);
        }
        let (source, target) = (self.clone(), target.clone());
        let scope = Scope::Mailboxes(vec![source.mailbox(), target.mailbox()]);
        let work = move |tx: &mut Tx<'_>| {
            target.need(Right::MessageAdd)?;
            let trash = source.removal_to(tx)?;
            let found = placements::of_uids(tx, source.mailbox(), source.id, source.person, &[uid])?;
            let old = found.into_iter().next().ok_or(AccessError::NotFound)?;
            let at = source.mail.access.clock().now();
            let same_mailbox = source.mailbox() == target.mailbox();
            let mut log = Log::begin(tx, source.mailbox(), at)?;
            // The old one goes first: the new one may need its room.
            if let Some(trash) = trash {
                placements::add(tx, &mut log, trash, old.email)?;
            }
            placements::remove(tx, &mut log, source.id, old.uid)?;
            if !same_mailbox {
                log.end(tx)?;
                log = Log::begin(tx, target.mailbox(), at)?;
            }
            let filed = target.append_one(tx, &mut log, &message, target.opened.facts()?.quota)?;
            log.end(tx)?;
            note(tx, &target, "message.replace", 1)?;
            Ok::<_, AppendError>(filed)
        };
        self.store().write(scope, work).await
    }
}
