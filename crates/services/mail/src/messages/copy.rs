//! Copying messages: one more placement within a mailbox, a new email of the same content in another.

use super::note;
use crate::{AppendError, OpenFolder};
use postroom_model::{Flags, Right, SpecialUse, Uid};
use postroom_store::changes::Log;
use postroom_store::emails::{self, NewEmail, Source};
use postroom_store::placements::{self, Placement};
use postroom_store::{Scope, Tx};

/// What was copied or moved where: pairs of old and new UID, in order, and the target's UIDVALIDITY.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    pub uidvalidity: u32,
    pub uids: Vec<(Uid, Uid)>,
}

impl OpenFolder {
    /// Copies messages to a folder of this or another mailbox, all or none. Needs `message.read` here and
    /// `message.add` there. UIDs that are not there are passed over.
    pub async fn copy_to(&self, uids: Vec<Uid>, target: &Self) -> Result<Copied, AppendError> {
        if target.special_use() == Some(SpecialUse::Outbox) {
            return Err(AppendError::ServersFolder);
        }
        let (source, target) = (self.clone(), target.clone());
        let scope = Scope::Mailboxes(vec![source.mailbox(), target.mailbox()]);
        let work = move |tx: &mut Tx<'_>| {
            source.need(Right::MessageRead)?;
            target.need(Right::MessageAdd)?;
            let found = in_order(placements::of_uids(tx, source.mailbox(), source.id, source.person, &uids)?);
            let at = source.mail.access.clock().now();
            let mut log = Log::begin(tx, target.mailbox(), at)?;
            let copied = place_all(tx, &mut log, &source, &target, &found)?;
            log.end(tx)?;
            if !found.is_empty() {
                note(tx, &target, "message.copy", found.len())?;
            }
            Ok::<_, AppendError>(copied)
        };
        self.store().write(scope, work).await
    }
}

pub(super) fn in_order(mut placements: Vec<Placement>) -> Vec<Placement> {
    placements.sort_unstable_by_key(|placement| placement.uid);
    placements.dedup_by_key(|placement| placement.uid);
    placements
}

/// Puts messages into `target`, whose log is open.
pub(super) fn place_all(
    tx: &mut Tx<'_>,
    log: &mut Log,
    source: &OpenFolder,
    target: &OpenFolder,
    messages: &[Placement],
) -> Result<Copied, AppendError> {
    let (rights, settable, quota) = (target.rights(), target.settable(), target.opened.facts()?.quota);
    let same_mailbox = source.mailbox() == target.mailbox();
    let mut copied = Copied { uidvalidity: target.live_uidvalidity(), uids: Vec::with_capacity(messages.len()) };
    for message in messages {
        let uid = if same_mailbox {
            placements::add(tx, log, target.id, message.email)?.0
        } else {
            let keywords = if rights.has(Right::MessageFlag) { message.keywords.as_str() } else { "" };
            let new = NewEmail {
                folder: target.id,
                content: Source::Stored(message.content),
                received_at: message.received_at,
                // Those that the actor may set there come along.
                flags: Flags(message.flags.0 & settable.0).without(Flags::DELETED),
                keywords,
            };
            emails::file(tx, log, &new, quota)?.uid
        };
        copied.uids.push((message.uid, uid));
    }
    Ok(copied)
}
