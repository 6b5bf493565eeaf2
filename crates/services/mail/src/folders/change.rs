//! Making, renaming and deleting folders.

use super::Tree;
use crate::{FolderError, Mail};
use postroom_access::{AccessError, Opened};
use postroom_model::{AuditEntry, FolderId, FolderName, Right, RightSet, SpecialUse};
use postroom_store::changes::Log;
use postroom_store::{Scope, StoreError, Tx, audit, folders, placements, subscribed_names};

impl Mail {
    /// Makes a folder and those above it that are missing. Needs `folder.create` where the first is made.
    /// Gives the id of the folder.
    pub async fn create_folder(&self, opened: &Opened, path: &str) -> Result<FolderId, FolderError> {
        self.create_folder_for(opened, path, None).await
    }

    /// The same for a folder with a special use, of which a mailbox has one at most.
    pub async fn create_folder_for(
        &self,
        opened: &Opened,
        path: &str,
        special_use: Option<SpecialUse>,
    ) -> Result<FolderId, FolderError> {
        let names = FolderName::parse_path(path)?;
        let (opened, at) = (opened.clone(), self.access.clock().now());
        let (mailbox, path) = (opened.mailbox(), path.to_owned());
        let work = move |tx: &mut Tx<'_>| {
            let tree = Tree::new(folders::all(tx, mailbox)?);
            let (existing, missing) = split(&tree, &names);
            if missing.is_empty() {
                return Err(FolderError::Exists);
            }
            may_create(&opened, &tree, existing)?;
            if let Some(taken) = special_use.and_then(|special| tree.special(special)) {
                return Err(FolderError::UseTaken(tree.path(taken.id)));
            }
            let mut log = Log::begin(tx, mailbox, at)?;
            let made = match (special_use, missing.split_last()) {
                (Some(special), Some((last, above))) => {
                    let parent = create_all(tx, &mut log, existing, above)?;
                    Some(folders::create_special(tx, &mut log, parent, last, special)?)
                }
                _ => create_all(tx, &mut log, existing, missing)?,
            };
            log.end(tx)?;
            audit::record(tx, &AuditEntry::done(at, opened.actor(), mailbox, "folder.create", &*path))?;
            made.ok_or(FolderError::Exists)
        };
        self.store().write(Scope::mailbox(mailbox), work).await
    }

    /// Gives a folder another path; what is below moves along. Needs `folder.delete` on it and `folder.create` where
    /// it goes. Missing folders above the new path are made.
    pub async fn rename_folder(&self, opened: &Opened, from: &str, to: &str) -> Result<(), FolderError> {
        let names = FolderName::parse_path(to)?;
        let (opened, at) = (opened.clone(), self.access.clock().now());
        let (mailbox, from, to) = (opened.mailbox(), from.to_owned(), to.to_owned());
        let work = move |tx: &mut Tx<'_>| {
            let tree = Tree::new(folders::all(tx, mailbox)?);
            let id = changeable(&opened, &tree, &from)?;
            if tree.at(&to).is_some() {
                return Err(FolderError::Exists);
            }
            let Some((last, above)) = names.split_last() else { return Err(FolderError::Exists) };
            let (existing, missing) = split(&tree, above);
            if existing.is_some_and(|existing| tree.ancestry(existing).contains(&id)) {
                return Err(FolderError::BelowItself);
            }
            may_create(&opened, &tree, existing)?;
            let mut log = Log::begin(tx, mailbox, at)?;
            let parent = create_all(tx, &mut log, existing, missing)?;
            folders::rename(tx, &mut log, id, parent, last)?;
            log.end(tx)?;
            let detail = format!("{from} to {to}");
            Ok(audit::record(tx, &AuditEntry::done(at, opened.actor(), mailbox, "folder.rename", detail))?)
        };
        self.store().write(Scope::mailbox(mailbox), work).await
    }

    /// What renaming the Inbox means (RFC 9051 section 6.3.6): a new folder takes all its messages, the Inbox stays.
    /// Needs `message.delete` in the Inbox, and `folder.create` and `message.add` where the folder goes.
    pub async fn rename_inbox(&self, opened: &Opened, to: &str) -> Result<(), FolderError> {
        let names = FolderName::parse_path(to)?;
        let (opened, at) = (opened.clone(), self.access.clock().now());
        let (mailbox, to) = (opened.mailbox(), to.to_owned());
        let work = move |tx: &mut Tx<'_>| {
            let tree = Tree::new(folders::all(tx, mailbox)?);
            let inbox = tree.special(SpecialUse::Inbox).map(|inbox| inbox.id).ok_or(AccessError::NotFound)?;
            let (existing, missing) = split(&tree, &names);
            if missing.is_empty() {
                return Err(FolderError::Exists);
            }
            opened.need(Right::MessageDelete, &tree.ancestry(inbox))?;
            may_create(&opened, &tree, existing)?;
            opened.need(Right::MessageAdd, &existing.map(|id| tree.ancestry(id)).unwrap_or_default())?;
            let mut log = Log::begin(tx, mailbox, at)?;
            let made = create_all(tx, &mut log, existing, missing)?.ok_or(FolderError::Exists)?;
            relocate_all(tx, &mut log, inbox, made)?;
            log.end(tx)?;
            let detail = format!("{} to {to}", SpecialUse::Inbox.folder_name());
            Ok(audit::record(tx, &AuditEntry::done(at, opened.actor(), mailbox, "folder.rename", detail))?)
        };
        self.store().write(Scope::mailbox(mailbox), work).await
    }

    /// Deletes a folder without folders below it. Needs `folder.delete`. Messages in it go to Deleted Items, or for
    /// good if the actor holds `message.purge`; a folder with messages needs one of the two rights as well.
    pub async fn delete_folder(&self, opened: &Opened, path: &str) -> Result<(), FolderError> {
        let (opened, at) = (opened.clone(), self.access.clock().now());
        let (mailbox, path) = (opened.mailbox(), path.to_owned());
        let handle = opened.clone();
        let work = move |tx: &mut Tx<'_>| {
            let tree = Tree::new(folders::all(tx, mailbox)?);
            let id = changeable(&handle, &tree, &path)?;
            if tree.has_children(id) {
                return Err(FolderError::HasChildren);
            }
            let mut log = Log::begin(tx, mailbox, at)?;
            empty(tx, &mut log, &handle, &tree, id)?;
            subscribed_names::keep(tx, mailbox, id, &tree.path(id))?;
            folders::remove(tx, &mut log, id)?;
            log.end(tx)?;
            audit::record(tx, &AuditEntry::done(at, handle.actor(), mailbox, "folder.delete", &*path))?;
            Ok(id)
        };
        let id = self.store().write::<_, FolderError, _>(Scope::mailbox(mailbox), work).await?;
        self.views.forget(mailbox, id);
        Ok(())
    }
}

/// The deepest folder of a path that exists, and the names that are missing below it.
fn split<'n>(tree: &Tree, names: &'n [FolderName]) -> (Option<FolderId>, &'n [FolderName]) {
    let mut at = None;
    for (depth, name) in names.iter().enumerate() {
        let inbox = at.is_none() && name.as_str().eq_ignore_ascii_case(SpecialUse::Inbox.folder_name());
        let found = if inbox { tree.special(SpecialUse::Inbox) } else { tree.child(at, name.as_str()) };
        match found {
            Some(folder) => at = Some(folder.id),
            None => return (at, &names[depth..]),
        }
    }
    (at, &[])
}

/// Whether the actor may make a folder in `parent` (None: at the top). In the Outbox nobody may.
fn may_create(opened: &Opened, tree: &Tree, parent: Option<FolderId>) -> Result<(), FolderError> {
    let ancestry = parent.map(|id| tree.ancestry(id)).unwrap_or_default();
    opened.need(Right::FolderCreate, &ancestry)?;
    if ancestry.iter().any(|id| tree.get(*id).is_some_and(|f| f.special_use == Some(SpecialUse::Outbox))) {
        return Err(FolderError::SpecialUse(SpecialUse::Outbox.folder_name().to_owned()));
    }
    Ok(())
}

/// Makes folders, each in the one before; gives the last.
fn create_all(
    tx: &mut Tx<'_>,
    log: &mut Log,
    parent: Option<FolderId>,
    names: &[FolderName],
) -> Result<Option<FolderId>, StoreError> {
    names.iter().try_fold(parent, |parent, name| folders::create(tx, log, parent, name).map(Some))
}

/// A folder that the actor may rename and delete: none that every mailbox has.
fn changeable(opened: &Opened, tree: &Tree, path: &str) -> Result<FolderId, FolderError> {
    let folder = tree.at(path).ok_or(AccessError::NotFound)?;
    let ancestry = tree.ancestry(folder.id);
    if opened.rights(&ancestry).intersection(RightSet::folder_scoped()).is_empty() {
        return Err(AccessError::NotFound.into());
    }
    if folder.special_use.is_some_and(SpecialUse::is_everywhere) {
        return Err(FolderError::SpecialUse(folder.name.clone()));
    }
    opened.need(Right::FolderDelete, &ancestry)?;
    Ok(folder.id)
}

/// Takes the messages out of a folder that is deleted, to Deleted Items unless the actor holds `message.purge`.
pub(super) fn empty(
    tx: &mut Tx<'_>,
    log: &mut Log,
    opened: &Opened,
    tree: &Tree,
    id: FolderId,
) -> Result<(), FolderError> {
    let mailbox = opened.mailbox();
    let ancestry = tree.ancestry(id);
    if opened.rights(&ancestry).has(Right::MessagePurge) {
        return Ok(());
    }
    let trash = tree.special(SpecialUse::Trash).map(|folder| folder.id).ok_or(AccessError::NotFound)?;
    if placements::page(tx, mailbox, id, None, 0, 1)?.is_empty() {
        return Ok(());
    }
    opened.need(Right::MessageDelete, &ancestry)?;
    Ok(relocate_all(tx, log, id, trash)?)
}

fn relocate_all(tx: &mut Tx<'_>, log: &mut Log, from: FolderId, to: FolderId) -> Result<(), StoreError> {
    loop {
        let page = placements::page(tx, log.mailbox(), from, None, 0, 500)?;
        if page.is_empty() {
            return Ok(());
        }
        for placement in page {
            placements::relocate(tx, log, from, placement.uid, to)?;
        }
    }
}
