//! Many folders made, changed and deleted in one transaction. Start reading at [`Account::set_folders`].
//!
//! Each succeeds or fails alone; all that succeed share one modseq. The rights are those of the single verbs in
//! [`super::change`].

use super::Tree;
use super::change::empty;
use crate::emails::WholeSetError;
use crate::whole::{Account, State};
use postroom_access::AccessError;
use postroom_model::folder::MAX_DEPTH;
use postroom_model::{AuditEntry, BadFolderName, Denied, FolderId, FolderName, Right, RightSet, SpecialUse};
use postroom_store::changes::{self, Log};
use postroom_store::{Scope, StoreError, Tx, audit, folders};

/// What is to be done; made first, then changed, then deleted.
#[derive(Clone, Debug, Default)]
pub struct SetFolders {
    /// Only if nothing has changed since.
    pub if_in: Option<State>,
    pub create: Vec<NewFolder>,
    pub update: Vec<(Named, FolderChange)>,
    pub destroy: Vec<Named>,
    /// Folders that hold messages are deleted with them.
    pub remove_emails: bool,
}

/// A folder that exists, or the one that the n-th creation of the same set makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    Folder(FolderId),
    Made(usize),
}

#[derive(Clone, Debug)]
pub struct NewFolder {
    pub name: String,
    /// None: at the top.
    pub parent: Option<Named>,
    pub sort_order: Option<u32>,
    pub subscribed: Option<bool>,
}

/// What is not said stays.
#[derive(Clone, Debug, Default)]
pub struct FolderChange {
    pub name: Option<String>,
    /// `Some(None)`: to the top.
    pub parent: Option<Option<Named>>,
    pub sort_order: Option<u32>,
    pub subscribed: Option<bool>,
}

/// Why one folder was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FolderSetError {
    #[error("there is no such folder")]
    NotFound,
    #[error("there is no such folder to put it into")]
    NoParent,
    #[error(transparent)]
    Denied(Box<Denied>),
    #[error("there is a folder of that name already")]
    Exists(FolderId),
    #[error(transparent)]
    BadName(#[from] BadFolderName),
    #[error("`{0}` is a folder that every mailbox has; it can be neither renamed nor deleted")]
    SpecialUse(String),
    #[error("the folder has folders below it; delete those first")]
    HasChildren,
    #[error("the folder holds messages")]
    HasEmails,
    #[error("a folder cannot be moved below itself")]
    BelowItself,
}

/// What was done, in the order of what was asked.
#[derive(Clone, Debug)]
pub struct FoldersSet {
    pub old: State,
    pub new: State,
    pub created: Vec<Result<FolderId, FolderSetError>>,
    pub updated: Vec<Result<(), FolderSetError>>,
    pub destroyed: Vec<Result<FolderId, FolderSetError>>,
}

/// The outer error ends the transaction, the inner one this folder only.
type Done<T> = Result<Result<T, FolderSetError>, WholeSetError>;

impl Account {
    /// Makes, changes and deletes folders in one transaction.
    pub async fn set_folders(&self, set: SetFolders) -> Result<FoldersSet, WholeSetError> {
        let account = self.clone();
        let base = self.look().await?.state();
        let work = move |tx: &mut Tx<'_>| account.carry_out_folders(tx, base, &set);
        let done = self.mail.store().write(Scope::mailbox(self.mailbox()), work).await?;
        for folder in done.destroyed.iter().flatten() {
            self.mail.views.forget(self.mailbox(), *folder);
        }
        Ok(done)
    }

    fn carry_out_folders(&self, tx: &mut Tx<'_>, base: State, set: &SetFolders) -> Result<FoldersSet, WholeSetError> {
        let mailbox = self.mailbox();
        let old = base.at(changes::current(tx, mailbox)?, 0);
        if set.if_in.is_some_and(|wanted| wanted != old) {
            return Err(WholeSetError::StateMismatch);
        }
        let at = self.mail.access.clock().now();
        let tree = Tree::new(folders::all(tx, mailbox)?);
        let mut step = Step { account: self, tree, log: Log::begin(tx, mailbox, at)?, made: Vec::new() };
        let (mut created, mut updated) = (Vec::new(), Vec::new());
        for new in &set.create {
            let made = step.create(tx, new)?;
            step.made.push(made.as_ref().ok().copied());
            created.push(made);
        }
        for (folder, change) in &set.update {
            updated.push(step.update(tx, *folder, change)?);
        }
        let destroyed = step.destroy_all(tx, &set.destroy, set.remove_emails)?;
        let modseq = step.log.end(tx)?;
        let counts = [
            ("folder.create", created.iter().filter(|done| done.is_ok()).count()),
            ("folder.change", updated.iter().filter(|done| done.is_ok()).count()),
            ("folder.delete", destroyed.iter().filter(|done| done.is_ok()).count()),
        ];
        for (action, count) in counts.into_iter().filter(|(_, count)| *count > 0) {
            let detail = if count == 1 { "1 folder".to_owned() } else { format!("{count} folders") };
            audit::record(tx, &AuditEntry::done(at, self.opened.actor(), mailbox, action, detail))?;
        }
        Ok(FoldersSet { old, new: old.at(modseq, 0), created, updated, destroyed })
    }
}

struct Step<'a> {
    account: &'a Account,
    tree: Tree,
    log: Log,
    made: Vec<Option<FolderId>>,
}

impl Step<'_> {
    fn id(&self, named: Named) -> Option<FolderId> {
        let id = match named {
            Named::Folder(id) => id,
            Named::Made(at) => self.made.get(at).copied().flatten()?,
        };
        let ancestry = self.tree.get(id).map(|_| self.tree.ancestry(id))?;
        let rights = self.account.opened.rights(&ancestry);
        (!rights.intersection(RightSet::folder_scoped()).is_empty()).then_some(id)
    }

    fn need(&self, right: Right, ancestry: &[FolderId]) -> Result<(), FolderSetError> {
        match self.account.opened.need(right, ancestry) {
            Ok(()) => Ok(()),
            Err(AccessError::Denied(denied)) => Err(FolderSetError::Denied(Box::new(denied))),
            Err(AccessError::NotFound | AccessError::Store(_)) => Err(FolderSetError::NotFound),
        }
    }

    fn reload(&mut self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        self.tree = Tree::new(folders::all(tx, self.log.mailbox())?);
        Ok(())
    }

    /// The folder above, where the actor may make one of that name.
    fn place(
        &self,
        parent: Option<Named>,
        name: &FolderName,
        moves: bool,
        itself: Option<FolderId>,
    ) -> Result<Option<FolderId>, FolderSetError> {
        let parent = parent.map(|parent| self.id(parent).ok_or(FolderSetError::NoParent)).transpose()?;
        let above = parent.map(|parent| self.tree.ancestry(parent)).unwrap_or_default();
        if moves {
            self.need(Right::FolderCreate, &above)?;
        }
        let special = |id: &FolderId| self.tree.get(*id).and_then(|folder| folder.special_use);
        if above.iter().any(|id| special(id) == Some(SpecialUse::Outbox)) {
            return Err(FolderSetError::SpecialUse(SpecialUse::Outbox.folder_name().to_owned()));
        }
        if above.len() + 1 + itself.map_or(0, |id| self.tree.height(id)) > MAX_DEPTH {
            return Err(BadFolderName::TooDeep.into());
        }
        let inbox = parent.is_none() && name.as_str().eq_ignore_ascii_case(SpecialUse::Inbox.folder_name());
        let taken = if inbox { self.tree.special(SpecialUse::Inbox) } else { self.tree.child(parent, name.as_str()) };
        match taken.filter(|folder| Some(folder.id) != itself) {
            Some(folder) => Err(FolderSetError::Exists(folder.id)),
            None => Ok(parent),
        }
    }

    fn create(&mut self, tx: &mut Tx<'_>, new: &NewFolder) -> Done<FolderId> {
        let named = FolderName::parse(&new.name).map_err(FolderSetError::from);
        let placed = named.and_then(|name| Ok((self.place(new.parent, &name, true, None)?, name)));
        let (parent, name) = match placed {
            Ok(placed) => placed,
            Err(error) => return Ok(Err(error)),
        };
        let id = folders::create(tx, &mut self.log, parent, &name)?;
        if let Some(order) = new.sort_order {
            folders::set_sort_order(tx, &mut self.log, id, order)?;
        }
        self.subscribe(tx, id, new.subscribed)?;
        self.reload(tx)?;
        Ok(Ok(id))
    }

    fn subscribe(&mut self, tx: &mut Tx<'_>, id: FolderId, subscribed: Option<bool>) -> Result<(), StoreError> {
        let person = self.account.opened.actor().person_id();
        match (person, subscribed) {
            (Some(person), Some(subscribed)) => folders::subscribe(tx, &mut self.log, person, id, subscribed),
            _ => Ok(()),
        }
    }

    fn update(&mut self, tx: &mut Tx<'_>, folder: Named, change: &FolderChange) -> Done<()> {
        let Some(id) = self.id(folder) else { return Ok(Err(FolderSetError::NotFound)) };
        let moved = match self.may_update(id, change) {
            Ok(moved) => moved,
            Err(error) => return Ok(Err(error)),
        };
        if let Some((parent, name)) = moved {
            folders::rename(tx, &mut self.log, id, parent, &name)?;
        }
        if let Some(order) = change.sort_order {
            folders::set_sort_order(tx, &mut self.log, id, order)?;
        }
        self.subscribe(tx, id, change.subscribed)?;
        self.reload(tx)?;
        Ok(Ok(()))
    }

    /// The new place and name, if it gets one.
    fn may_update(
        &self,
        id: FolderId,
        change: &FolderChange,
    ) -> Result<Option<(Option<FolderId>, FolderName)>, FolderSetError> {
        let folder = self.tree.get(id).ok_or(FolderSetError::NotFound)?;
        let ancestry = self.tree.ancestry(id);
        if change.subscribed.is_some() {
            self.need(Right::FolderView, &ancestry)?;
        }
        if change.sort_order.is_some() {
            self.need(Right::FolderDelete, &ancestry)?;
        }
        let name = FolderName::parse(change.name.as_deref().unwrap_or(&folder.name))?;
        let parent = change.parent.unwrap_or(folder.parent.map(Named::Folder));
        let moves = parent.map(|parent| self.id(parent)) != folder.parent.map(Some);
        if !moves && name.as_str() == folder.name {
            return Ok(None);
        }
        if folder.special_use.is_some_and(SpecialUse::is_everywhere) {
            return Err(FolderSetError::SpecialUse(folder.name.clone()));
        }
        self.need(Right::FolderDelete, &ancestry)?;
        let parent = self.place(parent, &name, moves, Some(id))?;
        if parent.is_some_and(|parent| self.tree.ancestry(parent).contains(&id)) {
            return Err(FolderSetError::BelowItself);
        }
        Ok(Some((parent, name)))
    }

    /// Those furthest down first, so that a folder can go together with what is below it.
    fn destroy_all(
        &mut self,
        tx: &mut Tx<'_>,
        wanted: &[Named],
        remove_emails: bool,
    ) -> Result<Vec<Result<FolderId, FolderSetError>>, WholeSetError> {
        let mut results: Vec<Option<Result<FolderId, FolderSetError>>> = vec![None; wanted.len()];
        let depth = |named: Named| self.id(named).map_or(0, |id| self.tree.ancestry(id).len());
        let mut order: Vec<(usize, usize)> = wanted.iter().map(|named| depth(*named)).enumerate().collect();
        order.sort_by_key(|(_, depth)| std::cmp::Reverse(*depth));
        for (at, _) in order {
            let done = match wanted.get(at).and_then(|named| self.id(*named)) {
                Some(id) => self.destroy(tx, id, remove_emails)?,
                None => Err(FolderSetError::NotFound),
            };
            if let Some(result) = results.get_mut(at) {
                *result = Some(done);
            }
        }
        Ok(results.into_iter().map(|done| done.unwrap_or(Err(FolderSetError::NotFound))).collect())
    }

    fn destroy(&mut self, tx: &mut Tx<'_>, id: FolderId, remove_emails: bool) -> Done<FolderId> {
        if let Err(error) = self.may_destroy(id) {
            return Ok(Err(error));
        }
        let holds = postroom_store::placements::page(tx, self.log.mailbox(), id, None, 0, 1)?;
        if !holds.is_empty() && !remove_emails {
            return Ok(Err(FolderSetError::HasEmails));
        }
        match empty(tx, &mut self.log, &self.account.opened, &self.tree, id) {
            Ok(()) => {}
            Err(crate::FolderError::Access(AccessError::Denied(denied))) => {
                return Ok(Err(FolderSetError::Denied(Box::new(denied))));
            }
            Err(crate::FolderError::Access(AccessError::Store(error))) => return Err(error.into()),
            Err(_) => return Ok(Err(FolderSetError::NotFound)),
        }
        folders::remove(tx, &mut self.log, id)?;
        self.reload(tx)?;
        Ok(Ok(id))
    }

    fn may_destroy(&self, id: FolderId) -> Result<(), FolderSetError> {
        let folder = self.tree.get(id).ok_or(FolderSetError::NotFound)?;
        if folder.special_use.is_some_and(SpecialUse::is_everywhere) {
            return Err(FolderSetError::SpecialUse(folder.name.clone()));
        }
        self.need(Right::FolderDelete, &self.tree.ancestry(id))?;
        if self.tree.has_children(id) { Err(FolderSetError::HasChildren) } else { Ok(()) }
    }
}
