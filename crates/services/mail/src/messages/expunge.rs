//! Removing messages that are marked `\Deleted`.
//!
//! Who holds `message.purge` removes for good; who holds only `message.delete` moves to Deleted Items, so that a
//! manager can bring the messages back. In Deleted Items only `message.purge` removes. A draft that is replaced goes
//! for good with `message.edit`.

use super::note;
use crate::OpenFolder;
use postroom_access::AccessError;
use postroom_model::{FolderId, Right, SpecialUse, Uid};
use postroom_store::changes::Log;
use postroom_store::{Scope, StoreError, Tx, folders, placements};

impl OpenFolder {
    /// Removes the messages among `uids` that are marked `\Deleted` (all marked ones if None). Gives their UIDs.
    pub async fn expunge(&self, uids: Option<Vec<Uid>>) -> Result<Vec<Uid>, AccessError> {
        let candidates = self.marked_deleted(uids).await?;
        self.removal()?;
        if candidates.is_empty() {
            return Ok(candidates);
        }
        self.take_out(candidates, true).await
    }

    /// Removes messages whether they are marked or not, as [`OpenFolder::expunge`] does. Gives the UIDs that were there.
    pub async fn remove(&self, uids: Vec<Uid>) -> Result<Vec<Uid>, AccessError> {
        self.take_out(uids, false).await
    }

    /// The UIDs marked `\Deleted` by the newest facts.
    async fn marked_deleted(&self, uids: Option<Vec<Uid>>) -> Result<Vec<Uid>, AccessError> {
        let snapshot = self.live_refresh().await?;
        let marked = |entry: &&crate::Entry| entry.flags.contains(postroom_model::Flags::DELETED);
        Ok(match uids {
            None => snapshot.messages.iter().filter(marked).map(|entry| entry.uid).collect(),
            Some(uids) => {
                uids.into_iter().filter_map(|uid| snapshot.by_uid(uid)).filter(marked).map(|entry| entry.uid).collect()
            }
        })
    }

    async fn take_out(&self, uids: Vec<Uid>, only_marked: bool) -> Result<Vec<Uid>, AccessError> {
        let folder = self.clone();
        let work = move |tx: &mut Tx<'_>| {
            let (removal, trash) = (folder.removal()?, folder.removal_to(tx)?);
            let at = folder.mail.access.clock().now();
            let mut log = Log::begin(tx, folder.mailbox(), at)?;
            let mut gone = Vec::with_capacity(uids.len());
            for placement in placements::of_uids(tx, folder.mailbox(), folder.id, folder.person, &uids)? {
                // Another session may have taken the mark off meanwhile.
                if only_marked && !placement.flags.contains(postroom_model::Flags::DELETED) {
                    continue;
                }
                if let Some(trash) = trash {
                    placements::add(tx, &mut log, trash, placement.email)?;
                }
                placements::remove(tx, &mut log, folder.id, placement.uid)?;
                gone.push(placement.uid);
            }
            log.end(tx)?;
            if !gone.is_empty() {
                note(tx, &folder, removal.action(), gone.len())?;
            }
            gone.sort_unstable();
            Ok::<_, AccessError>(gone)
        };
        self.store().write(Scope::mailbox(self.mailbox()), work).await
    }

    /// Where removed messages go: to Deleted Items, or for good (None).
    pub(super) fn removal_to(&self, tx: &mut Tx<'_>) -> Result<Option<FolderId>, AccessError> {
        match self.removal()? {
            Removal::ForGood => Ok(None),
            Removal::ToTrash => Ok(Some(trash_of(tx, self)?)),
        }
    }

    /// What removing here means for the actor, or the right that is missing.
    pub(crate) fn removal(&self) -> Result<Removal, AccessError> {
        let rights = self.rights();
        let replaces_drafts = self.special_use() == Some(SpecialUse::Drafts) && rights.has(Right::MessageEdit);
        if self.special_use() == Some(SpecialUse::Trash) {
            self.need(Right::MessagePurge)?;
            return Ok(Removal::ForGood);
        }
        self.need(Right::MessageDelete)?;
        if rights.has(Right::MessagePurge) || replaces_drafts { Ok(Removal::ForGood) } else { Ok(Removal::ToTrash) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Removal {
    ForGood,
    ToTrash,
}

impl Removal {
    fn action(self) -> &'static str {
        match self {
            Self::ForGood => "message.purge",
            Self::ToTrash => "message.delete",
        }
    }
}

fn trash_of(tx: &mut Tx<'_>, folder: &OpenFolder) -> Result<FolderId, StoreError> {
    let trash = folders::by_special_use(tx, folder.mailbox(), SpecialUse::Trash)?;
    trash.map(|trash| trash.id).ok_or(StoreError::Gone("Deleted Items"))
}
