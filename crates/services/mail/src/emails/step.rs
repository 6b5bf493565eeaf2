//! One object of a set after the other: rights first, then changes, so that what is refused leaves no trace.

use super::change::{FoldersChange, Marks, MarksChange};
use super::set::{Made, NewContent, NewEmail, SetError};
use crate::folders::{Tree, in_folder};
use crate::messages::{joined, settable};
use crate::whole::Account;
use postroom_access::AccessError;
use postroom_model::keyword::MAX_KEYWORDS;
use postroom_model::{Denied, Effective, EmailId, Flags, FolderId, MailboxId, Right, RightSet, SpecialUse};
use postroom_store::changes::Log;
use postroom_store::emails::{self, FileError, Source};
use postroom_store::whole::{self, Brief, Place};
use postroom_store::{StoreError, Tx, placements};
use std::collections::BTreeSet;

/// A set in progress.
pub(super) struct Step<'a> {
    account: &'a Account,
    tree: &'a Tree,
    effective: Effective,
    quota: Option<u64>,
    pub(super) log: Log,
}

/// An email as it is now.
struct Now {
    brief: Brief,
    places: Vec<Place>,
    /// Unhidden, in folders that the actor may see and read.
    visible: BTreeSet<FolderId>,
}

/// The outer error ends the transaction, the inner one this object only.
type Done<T> = Result<Result<T, SetError>, AccessError>;

impl<'a> Step<'a> {
    pub(super) fn new(account: &'a Account, tree: &'a Tree, log: Log) -> Result<Self, AccessError> {
        let effective = account.opened.effective();
        if !effective.sees_mailbox() {
            return Err(AccessError::NotFound);
        }
        let quota = account.opened.facts()?.quota;
        Ok(Self { account, tree, effective, quota, log })
    }

    fn mailbox(&self) -> MailboxId {
        self.account.mailbox()
    }

    fn special(&self, folder: FolderId) -> Option<SpecialUse> {
        self.tree.get(folder).and_then(|folder| folder.special_use)
    }

    fn rights(&self, folder: FolderId) -> RightSet {
        let rights = self.effective.on(&self.tree.ancestry(folder));
        in_folder(rights, self.special(folder), self.account.person.is_some())
    }

    fn denied(&self, right: Right) -> SetError {
        let org = self.account.mail.access.org();
        SetError::Denied(Box::new(Denied::new(&org, right, self.mailbox())))
    }

    fn need(&self, right: Right, folder: FolderId) -> Result<(), SetError> {
        if self.rights(folder).has(right) { Ok(()) } else { Err(self.denied(right)) }
    }

    /// A folder that something may be put into. One that the actor holds nothing on is not there.
    fn may_put(&self, folder: FolderId) -> Result<(), SetError> {
        let known = self.tree.get(folder).is_some();
        if !known || self.rights(folder).intersection(RightSet::folder_scoped()).is_empty() {
            return Err(SetError::NoFolder);
        }
        if self.special(folder) == Some(SpecialUse::Outbox) {
            return Err(SetError::ServersFolder);
        }
        self.need(Right::MessageAdd, folder)
    }

    pub(super) fn create(&mut self, tx: &mut Tx<'_>, new: &NewEmail) -> Done<Made> {
        let folders: BTreeSet<FolderId> = new.folders.iter().copied().collect();
        if let Err(error) = self.may_create(new, &folders) {
            return Ok(Err(error));
        }
        let Some(first) = folders.first().copied() else { return Ok(Err(SetError::Nowhere)) };
        let (content, size) = match &new.content {
            NewContent::New(prepared) => (Source::New(&prepared.content), prepared.content.size()),
            NewContent::Stored { content, size } => (Source::Stored(*content), *size),
        };
        // Looked at before anything is stored: an error within the transaction must leave nothing behind.
        if let Some(quota) = self.quota.filter(|quota| self.log.used() + size > *quota) {
            return Ok(Err(SetError::Full { used: self.log.used(), quota }));
        }
        if let Some(quota) = self.log.full_of_messages() {
            return Ok(Err(SetError::TooMany { quota }));
        }
        let keywords = joined(&new.keywords);
        let received_at = new.received_at.unwrap_or(self.log.at());
        let email = emails::NewEmail { folder: first, content, received_at, flags: new.flags, keywords: &keywords };
        let filed = emails::file(tx, &mut self.log, &email, None).map_err(|error| match error {
            FileError::Store(error) => error,
            FileError::Full { .. } | FileError::TooMany { .. } | FileError::NoFolder => StoreError::Gone("the folder"),
        })?;
        for folder in folders.into_iter().skip(1) {
            placements::add(tx, &mut self.log, folder, filed.email)?;
        }
        if let Some(person) = self.account.person.filter(|_| new.flags.contains(Flags::SEEN)) {
            emails::set_personal_seen(tx, &mut self.log, person, filed.email, true)?;
        }
        Ok(Ok(Made { email: filed.email, thread: filed.thread, size }))
    }

    fn may_create(&self, new: &NewEmail, folders: &BTreeSet<FolderId>) -> Result<(), SetError> {
        if new.keywords.len() > MAX_KEYWORDS {
            return Err(SetError::TooManyKeywords);
        }
        for folder in folders {
            self.may_put(*folder)?;
            let all = Marks { flags: new.flags, keywords: joined(&new.keywords) };
            self.may_mark(&Marks { flags: Flags::NONE, keywords: String::new() }, &all, *folder)?;
        }
        Ok(())
    }

    /// Whether keywords may be changed so in a folder. In Drafts `message.edit` marks drafts as such, and read.
    fn may_mark(&self, before: &Marks, after: &Marks, folder: FolderId) -> Result<(), SetError> {
        let rights = self.rights(folder);
        let edits = self.special(folder) == Some(SpecialUse::Drafts) && rights.has(Right::MessageEdit);
        let own = if edits { Flags::DRAFT.union(Flags::SEEN) } else { Flags::NONE };
        let changed = Flags(before.flags.0 ^ after.flags.0).without(settable(rights).union(own));
        if changed.contains(Flags::SEEN) {
            return Err(self.denied(Right::MessageSeen));
        }
        if !changed.is_empty() || (before.keywords != after.keywords && !rights.has(Right::MessageFlag)) {
            return Err(self.denied(Right::MessageFlag));
        }
        Ok(())
    }

    /// The email, if it shows to the actor.
    fn now(&self, tx: &mut Tx<'_>, email: EmailId) -> Result<Option<Now>, StoreError> {
        let found = whole::emails(tx, self.mailbox(), self.account.person, &[email])?.into_iter().next();
        let Some(brief) = found else { return Ok(None) };
        let places = whole::places_of(tx, self.mailbox(), &[email])?;
        let reads = |folder: FolderId| {
            let rights = self.rights(folder);
            rights.has(Right::FolderView) && rights.has(Right::MessageRead)
        };
        let unhidden = places.iter().filter(|place| !place.deleted).map(|place| place.folder);
        let visible: BTreeSet<FolderId> = unhidden.filter(|folder| reads(*folder)).collect();
        Ok((!visible.is_empty()).then_some(Now { brief, places, visible }))
    }

    pub(super) fn update(
        &mut self,
        tx: &mut Tx<'_>,
        email: EmailId,
        marks: Option<&MarksChange>,
        folders: Option<&FoldersChange>,
    ) -> Done<()> {
        let Some(now) = self.now(tx, email)? else { return Ok(Err(SetError::NotFound)) };
        let before = Marks { flags: now.brief.flags, keywords: now.brief.keywords.clone() };
        let after = match marks.map(|change| change.applied(&before)) {
            None => before.clone(),
            Some(Some(after)) => after,
            Some(None) => return Ok(Err(SetError::TooManyKeywords)),
        };
        let target = folders.map_or_else(|| now.visible.clone(), |change| change.applied(&now.visible));
        let allowed = self.may_change(&now, (&before, &after), &target);
        if let Err(error) = allowed {
            return Ok(Err(error));
        }
        self.mark(tx, &now, &before, &after)?;
        for folder in target.difference(&now.visible) {
            placements::add(tx, &mut self.log, *folder, email)?;
        }
        for place in now.places.iter().filter(|place| now.visible.contains(&place.folder)) {
            if !target.contains(&place.folder) {
                placements::remove(tx, &mut self.log, place.folder, place.uid)?;
            }
        }
        Ok(Ok(()))
    }

    fn may_change(
        &self,
        now: &Now,
        (before, after): (&Marks, &Marks),
        target: &BTreeSet<FolderId>,
    ) -> Result<(), SetError> {
        if before != after {
            // Keywords belong to the email, so they need the right wherever it stands.
            let all: BTreeSet<FolderId> = now.places.iter().map(|place| place.folder).collect();
            all.iter().try_for_each(|folder| self.may_mark(before, after, *folder))?;
        }
        if target.is_empty() {
            return Err(SetError::Nowhere);
        }
        let leaves: Vec<FolderId> = now.visible.difference(target).copied().collect();
        leaves.iter().try_for_each(|folder| self.need(Right::MessageDelete, *folder))?;
        for folder in target.difference(&now.visible) {
            // Who may remove may remove to Deleted Items, whatever they hold there.
            let removes = self.special(*folder) == Some(SpecialUse::Trash) && !leaves.is_empty();
            if !removes {
                self.may_put(*folder)?;
            }
        }
        Ok(())
    }

    fn mark(&mut self, tx: &mut Tx<'_>, now: &Now, before: &Marks, after: &Marks) -> Result<(), StoreError> {
        if before == after {
            return Ok(());
        }
        let email = now.brief.email;
        let Some(person) = self.account.person else {
            return emails::set_keywords(tx, &mut self.log, email, after.flags, &after.keywords);
        };
        let seen = after.flags.contains(Flags::SEEN);
        if before.flags.contains(Flags::SEEN) != seen {
            emails::set_personal_seen(tx, &mut self.log, person, email, seen)?;
        }
        let others = |marks: &Marks| (marks.flags.without(Flags::SEEN), marks.keywords.clone());
        if others(before) == others(after) {
            return Ok(());
        }
        // The email keeps the mark that it came with; the person's own is a row of theirs.
        let shared = whole::emails(tx, self.mailbox(), None, &[email])?.into_iter().next();
        let came_seen = shared.is_some_and(|brief| brief.flags.contains(Flags::SEEN));
        let flags = after.flags.without(Flags::SEEN);
        let flags = if came_seen { flags.union(Flags::SEEN) } else { flags };
        emails::set_keywords(tx, &mut self.log, email, flags, &after.keywords)
    }

    /// Takes an email out of every folder that the actor sees it in, for good. Needs `message.purge` there; in Drafts
    /// `message.edit` serves too.
    pub(super) fn destroy(&mut self, tx: &mut Tx<'_>, email: EmailId) -> Done<()> {
        let Some(now) = self.now(tx, email)? else { return Ok(Err(SetError::NotFound)) };
        for folder in &now.visible {
            let rights = self.rights(*folder);
            let draft = self.special(*folder) == Some(SpecialUse::Drafts) && rights.has(Right::MessageEdit);
            if !draft && !rights.has(Right::MessagePurge) {
                return Ok(Err(self.denied(Right::MessagePurge)));
            }
        }
        // Places marked `\Deleted` in folders that the actor sees go along; what they cannot see stays.
        let goes =
            |place: &&Place| now.visible.contains(&place.folder) || (place.deleted && self.may_purge(place.folder));
        let gone: Vec<Place> = now.places.iter().filter(goes).copied().collect();
        for place in gone {
            placements::remove(tx, &mut self.log, place.folder, place.uid)?;
        }
        Ok(Ok(()))
    }

    fn may_purge(&self, folder: FolderId) -> bool {
        let rights = self.rights(folder);
        rights.has(Right::FolderView) && rights.has(Right::MessagePurge)
    }
}
