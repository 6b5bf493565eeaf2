//! The folders that an actor may see, and their counts.

use super::Tree;
use crate::Mail;
use postroom_access::{AccessError, Opened};
use postroom_model::{Actor, FolderId, MailboxId, Right, RightSet, SeenMode, SpecialUse, decide};
use postroom_store::placements::{self, Counts};
use postroom_store::{StoreError, folders};
use std::collections::HashMap;
use std::sync::Arc;

/// A folder as its viewer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderInfo {
    pub id: FolderId,
    pub parent: Option<FolderId>,
    /// `a/b/c`; the Inbox is `Inbox`.
    pub path: String,
    pub name: String,
    pub special_use: Option<SpecialUse>,
    pub has_children: bool,
    pub subscribed: bool,
    /// What the viewer may do in it.
    pub rights: RightSet,
    pub uidvalidity: u32,
    pub uidnext: u32,
}

impl Mail {
    /// The folders now. They are read again only when one has come, gone or got another name.
    pub(crate) async fn tree(&self, mailbox: MailboxId) -> Result<Arc<Tree>, StoreError> {
        // Counted before reading: a change meanwhile makes what was read old, never the other way round.
        let changes = self.store().folder_changes(mailbox);
        if let Some(tree) = self.trees.get(mailbox, changes) {
            return Ok(tree);
        }
        let tree = self.store().read(move |tx| Ok(Tree::new(folders::all(tx, mailbox)?))).await?;
        Ok(self.trees.keep(mailbox, changes, tree))
    }

    /// The folders of a mailbox in which the actor holds `folder.view`, in order of path. Looking at the list is
    /// not opening the mailbox, so this takes no handle; without any right it is `NotFound`.
    pub async fn folders(&self, actor: Actor, mailbox: MailboxId) -> Result<Vec<FolderInfo>, AccessError> {
        let org = self.access.org();
        let effective = decide(&org, actor, mailbox);
        if !effective.sees_mailbox() {
            return Err(AccessError::NotFound);
        }
        let person = actor.person_id();
        let (tree, said) = self
            .store()
            .read(move |tx| {
                let said = person.map(|person| folders::subscriptions(tx, mailbox, person)).transpose()?;
                Ok((Tree::new(folders::all(tx, mailbox)?), said.unwrap_or_default()))
            })
            .await?;
        let said: HashMap<FolderId, bool> = said.into_iter().collect();
        let mut found: Vec<FolderInfo> = tree
            .folders()
            .map(|folder| FolderInfo {
                id: folder.id,
                parent: folder.parent,
                path: tree.path(folder.id),
                name: folder.name.clone(),
                special_use: folder.special_use,
                has_children: tree.has_children(folder.id),
                subscribed: said.get(&folder.id).copied().unwrap_or(effective.automap),
                rights: effective.on(&tree.ancestry(folder.id)),
                uidvalidity: folder.uidvalidity,
                uidnext: folder.uidnext,
            })
            .filter(|folder| folder.rights.has(Right::FolderView))
            .collect();
        found.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(found)
    }

    /// Counts of the folders of a mailbox; a folder without messages may be missing. The caller shows those of
    /// folders that the actor may see.
    pub async fn counts(&self, opened: &Opened) -> Result<HashMap<FolderId, Counts>, AccessError> {
        let mailbox = opened.mailbox();
        let personal = opened.facts()?.seen == SeenMode::Personal;
        let person = opened.actor().person_id().filter(|_| personal && !opened.is_own());
        let counts = self.store().read(move |tx| placements::counts(tx, mailbox, person)).await?;
        Ok(counts.into_iter().collect())
    }
}
