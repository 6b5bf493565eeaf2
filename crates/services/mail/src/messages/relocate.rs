//! Moving messages (RFC 6851). Start reading at [`OpenFolder::move_to`].

use super::copy::{Copied, in_order, place_all};
use super::note;
use crate::{AppendError, OpenFolder};
use postroom_model::{Right, SpecialUse, Uid};
use postroom_store::changes::Log;
use postroom_store::{Scope, Tx, placements};

impl OpenFolder {
    /// Moves messages to a folder of this or another mailbox, all or none. Needs `message.delete` here, and
    /// `message.add` there unless it is Deleted Items of the same mailbox. Out of reading rights nothing leaves a
    /// mailbox: to another one it needs `message.read` as well. UIDs that are not there are passed over.
    pub async fn move_to(&self, uids: Vec<Uid>, target: &Self) -> Result<Copied, AppendError> {
        if target.special_use() == Some(SpecialUse::Outbox) {
            return Err(AppendError::ServersFolder);
        }
        let (source, target) = (self.clone(), target.clone());
        let scope = Scope::Mailboxes(vec![source.mailbox(), target.mailbox()]);
        let work = move |tx: &mut Tx<'_>| {
            source.may_move_to(&target)?;
            let found = in_order(placements::of_uids(tx, source.mailbox(), source.id, source.person, &uids)?);
            let at = source.mail.access.clock().now();
            let mut log = Log::begin(tx, target.mailbox(), at)?;
            let copied = place_all(tx, &mut log, &source, &target, &found)?;
            let mut source_log = if source.mailbox() == target.mailbox() {
                log
            } else {
                log.end(tx)?;
                Log::begin(tx, source.mailbox(), at)?
            };
            for message in &found {
                placements::remove(tx, &mut source_log, source.id, message.uid)?;
            }
            source_log.end(tx)?;
            if !found.is_empty() {
                note(tx, &source, "message.move", found.len())?;
            }
            Ok::<_, AppendError>(copied)
        };
        self.store().write(scope, work).await
    }

    fn may_move_to(&self, target: &Self) -> Result<(), AppendError> {
        self.need(Right::MessageDelete)?;
        let same_mailbox = self.mailbox() == target.mailbox();
        if !same_mailbox {
            self.need(Right::MessageRead)?;
        }
        if !(same_mailbox && target.special_use() == Some(SpecialUse::Trash)) {
            target.need(Right::MessageAdd)?;
        }
        Ok(())
    }
}
