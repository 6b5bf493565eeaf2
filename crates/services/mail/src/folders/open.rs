//! Opening a folder: the handle that the verbs on messages hang on.

use super::Tree;
use crate::Mail;
use crate::live::{Affected, Live, Notices, Snapshot};
use postroom_access::{AccessError, Opened};
use postroom_model::{FolderId, MailboxId, ModSeq, Right, RightSet, SeenMode, SpecialUse, Uid};
use postroom_store::{Scope, Store, StoreError};
use std::sync::Arc;

/// A folder that an actor has entered. Rights are asked anew at every verb.
#[derive(Clone)]
pub struct OpenFolder {
    pub(crate) mail: Mail,
    pub(crate) opened: Opened,
    pub(crate) id: FolderId,
    /// The folder and its ancestors.
    pub(crate) ancestry: Arc<[FolderId]>,
    path: Arc<str>,
    special_use: Option<SpecialUse>,
    /// Whose `\Seen` is shown and set, where that is personal.
    pub(crate) person: Option<MailboxId>,
    live: Arc<Live>,
}

impl Mail {
    /// The folder at a path of an opened mailbox. One that the actor may not see is `NotFound`.
    pub async fn open_folder(&self, opened: &Opened, path: &str) -> Result<OpenFolder, AccessError> {
        let tree = self.tree(opened.mailbox()).await?;
        let id = tree.at(path).map(|folder| folder.id).ok_or(AccessError::NotFound)?;
        self.enter(opened, &tree, id).await
    }

    /// A folder of an opened mailbox by its special use.
    pub async fn open_special(&self, opened: &Opened, special: SpecialUse) -> Result<OpenFolder, AccessError> {
        let tree = self.tree(opened.mailbox()).await?;
        let id = tree.special(special).map(|folder| folder.id).ok_or(AccessError::NotFound)?;
        self.enter(opened, &tree, id).await
    }

    async fn enter(&self, opened: &Opened, tree: &Tree, id: FolderId) -> Result<OpenFolder, AccessError> {
        let ancestry = tree.ancestry(id);
        let rights = opened.rights(&ancestry);
        // Drafts and the Inbox may be filed into without being seen; what gives nothing at all is not there.
        if rights.intersection(RightSet::folder_scoped()).is_empty() {
            return Err(AccessError::NotFound);
        }
        let person = personal(opened)?;
        let live = self.views.get(self.store(), opened.mailbox(), id, person).await?.ok_or(AccessError::NotFound)?;
        Ok(OpenFolder {
            mail: self.clone(),
            opened: opened.clone(),
            id,
            ancestry: ancestry.into(),
            path: tree.path(id).into(),
            special_use: tree.get(id).and_then(|folder| folder.special_use),
            person,
            live,
        })
    }
}

impl OpenFolder {
    pub fn id(&self) -> FolderId {
        self.id
    }

    pub fn mailbox(&self) -> MailboxId {
        self.opened.mailbox()
    }

    pub fn opened(&self) -> &Opened {
        &self.opened
    }

    pub fn special_use(&self) -> Option<SpecialUse> {
        self.special_use
    }

    /// `a/b/c` as it was when the folder was opened.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The folder and its ancestors.
    pub fn ancestry(&self) -> &[FolderId] {
        &self.ancestry
    }

    pub(crate) fn store(&self) -> &Store {
        self.mail.store()
    }

    /// What the actor may do here now. In Drafts `message.edit` also files and removes; the Outbox is the server's.
    pub fn rights(&self) -> RightSet {
        let mut rights = self.opened.rights(&self.ancestry);
        if self.person.is_some() && rights.has(Right::MessageRead) {
            // One's own mark needs no right beyond reading.
            rights = rights.with(Right::MessageSeen);
        }
        match self.special_use {
            Some(SpecialUse::Drafts) if rights.has(Right::MessageEdit) => {
                rights.with(Right::MessageAdd).with(Right::MessageDelete)
            }
            Some(SpecialUse::Outbox) => rights.without(written()),
            _ => rights,
        }
    }

    /// Asks for one right in this folder. Who has entered it knows that it is there, and is told what is missing even
    /// if no right at all is left; only entering it again finds nothing.
    pub fn need(&self, right: Right) -> Result<(), AccessError> {
        if self.rights().has(right) {
            return Ok(());
        }
        self.opened.facts()?;
        Err(self.opened.access().denied(right, self.mailbox()))
    }

    /// The newest snapshot that is known. Reading needs `message.read`.
    pub fn snapshot(&self) -> Result<Arc<Snapshot>, AccessError> {
        self.need(Right::MessageRead)?;
        Ok(self.live.snapshot())
    }

    /// The folder as it is now. Reading needs `message.read`.
    pub async fn refresh(&self) -> Result<Arc<Snapshot>, AccessError> {
        self.need(Right::MessageRead)?;
        Ok(self.live.refresh(self.store()).await?)
    }

    pub(crate) async fn live_refresh(&self) -> Result<Arc<Snapshot>, AccessError> {
        Ok(self.live.refresh(self.store()).await?)
    }

    /// Constant as long as the folder lives.
    pub(crate) fn live_uidvalidity(&self) -> u32 {
        self.live.snapshot().uidvalidity
    }

    /// Fires when the folder has changed and its new snapshot is ready.
    pub fn notices(&self) -> Notices {
        self.live.notices(self.store())
    }

    /// The UIDs that changed, came or went after `since`.
    pub fn affected_since(&self, since: ModSeq) -> Affected {
        self.live.affected_since(since)
    }

    /// The first UID that no session has been told of as recent.
    pub fn first_recent(&self) -> Uid {
        self.live.first_recent()
    }

    /// The same, and from now on none below `until` is (RFC 3501 section 2.3.2). It is remembered as long as somebody
    /// has the folder open; [`OpenFolder::keep_recent`] writes it down.
    pub fn take_recent(&self, until: Uid) -> Uid {
        self.live.take_recent(until)
    }

    /// Writes down what has been told as recent.
    pub async fn keep_recent(&self) -> Result<(), AccessError> {
        let (mailbox, folder, until) = (self.mailbox(), self.id, self.live.first_recent());
        let work =
            move |tx: &mut postroom_store::Tx<'_>| postroom_store::folders::take_recent(tx, mailbox, folder, until);
        self.store().write::<_, StoreError, _>(Scope::mailbox(mailbox), work).await?;
        Ok(())
    }
}

/// The person whose own `\Seen` counts; None where it is one mark for all, and in one's own mailbox.
fn personal(opened: &Opened) -> Result<Option<MailboxId>, AccessError> {
    let personal = opened.facts()?.seen == SeenMode::Personal && !opened.is_own();
    Ok(opened.actor().person_id().filter(|_| personal))
}

/// What nobody may do in the Outbox.
fn written() -> RightSet {
    [Right::MessageAdd, Right::MessageEdit, Right::MessageDelete, Right::MessagePurge, Right::FolderCreate]
        .into_iter()
        .collect()
}
