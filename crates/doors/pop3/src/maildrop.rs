//! The Inbox as it was at sign-in (RFC 1939 section 4): messages keep their numbers until the end of the session,
//! whatever others do meanwhile. Start reading at [`Maildrop::open`].

use crate::Pop3;
use crate::reply::Failure;
use postroom_access::AccessError;
use postroom_directory::Entered;
use postroom_mail::{Entry, OpenFolder, Snapshot};
use postroom_model::{Door, Right, SpecialUse, Uid};
use std::collections::BTreeSet;
use std::sync::Arc;

pub(crate) struct Maildrop {
    folder: OpenFolder,
    snapshot: Arc<Snapshot>,
    /// The numbers marked with DELE.
    deleted: BTreeSet<u32>,
}

impl Maildrop {
    /// Opens the Inbox of the mailbox that was signed in to, else the person's own. It takes `message.read` there.
    pub(crate) async fn open(pop3: &Pop3, entered: &Entered) -> Result<Self, AccessError> {
        let mailbox = entered.only.unwrap_or(entered.signed_in.person);
        let opened = pop3.mail.access().open(entered.actor(Door::Pop3), mailbox).await?;
        let folder = pop3.mail.open_special(&opened, SpecialUse::Inbox).await?;
        let snapshot = folder.refresh().await?;
        Ok(Self { folder, snapshot, deleted: BTreeSet::new() })
    }

    pub(crate) fn folder(&self) -> &OpenFolder {
        &self.folder
    }

    /// The messages that are not marked, with their numbers.
    pub(crate) fn messages(&self) -> impl Iterator<Item = (u32, &Entry)> {
        (1..).zip(self.snapshot.messages.iter()).filter(|(number, _)| !self.deleted.contains(number))
    }

    /// How many messages are not marked, and their octets.
    pub(crate) fn count(&self) -> (usize, u64) {
        self.messages().fold((0, 0), |(count, octets), (_, entry)| (count + 1, octets + u64::from(entry.size)))
    }

    /// A message by its number, if it is still in the folder as `now` shows it.
    pub(crate) fn message(&self, number: u32, now: &Snapshot) -> Result<&Entry, Failure> {
        let at = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let entry = at.and_then(|at| self.snapshot.messages.get(at));
        let entry = entry.ok_or_else(|| Failure::refused("there is no such message"))?;
        if self.deleted.contains(&number) {
            return Err(Failure::refused("this message is marked as deleted"));
        }
        if now.by_uid(entry.uid).is_none() {
            return Err(Failure::refused("this message was removed meanwhile"));
        }
        Ok(entry)
    }

    /// What UIDL tells: the same for as long as the folder lives, and never given to another message.
    pub(crate) fn unique_id(&self, entry: &Entry) -> String {
        format!("{}-{}", self.snapshot.uidvalidity, entry.uid)
    }

    /// Marks a message for removal. Whether the right is there is said now, not only at QUIT.
    pub(crate) fn mark(&mut self, number: u32) -> Result<(), AccessError> {
        self.folder.need(Right::MessageDelete)?;
        self.deleted.insert(number);
        Ok(())
    }

    pub(crate) fn unmark_all(&mut self) {
        self.deleted.clear();
    }

    /// Removes what is marked, as the rights say by now. Gives how many there were.
    pub(crate) async fn remove_marked(self) -> Result<usize, AccessError> {
        let place = |number: &u32| usize::try_from(*number).ok()?.checked_sub(1);
        let entry = |number: &u32| self.snapshot.messages.get(place(number)?);
        let uids: Vec<Uid> = self.deleted.iter().filter_map(entry).map(|entry| entry.uid).collect();
        if uids.is_empty() {
            return Ok(0);
        }
        Ok(self.folder.remove(uids).await?.len())
    }
}
