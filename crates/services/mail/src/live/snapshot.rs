//! The messages of a folder at one moment.

use super::tally::Tally;
use imbl::Vector;
use postroom_model::{EmailId, Flags, ModSeq, ThreadId, Time, Uid};
use postroom_store::ContentId;
use postroom_store::placements::Placement;
use std::sync::Arc;

/// One message in a folder, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub uid: Uid,
    pub email: EmailId,
    pub thread: ThreadId,
    pub content: ContentId,
    /// Keywords of the email, and `\Deleted` of the placement.
    pub flags: Flags,
    /// Keywords of people's own, sorted, separated by blanks; shared where they are alike.
    pub keywords: Arc<str>,
    pub modseq: ModSeq,
    pub size: u32,
    pub received_at: Time,
    pub saved_at: Time,
}

impl Entry {
    pub(crate) fn of(placement: Placement, keywords: Arc<str>) -> Self {
        Self {
            uid: placement.uid,
            email: placement.email,
            thread: placement.thread,
            content: placement.content,
            flags: placement.flags,
            keywords,
            modseq: placement.modseq,
            size: u32::try_from(placement.size).unwrap_or(u32::MAX),
            received_at: placement.received_at,
            saved_at: placement.saved_at,
        }
    }

    /// The keywords of people's own, one by one.
    pub fn own_keywords(&self) -> impl Iterator<Item = &str> {
        self.keywords.split(' ').filter(|keyword| !keyword.is_empty())
    }
}

/// A folder at one moment. Cloning is cheap: the messages are shared.
#[derive(Clone, Debug)]
pub struct Snapshot {
    pub uidvalidity: u32,
    pub uidnext: Uid,
    /// How far the mailbox's change log had come.
    pub modseq: ModSeq,
    /// In order of UID.
    pub messages: Vector<Entry>,
    /// What is counted of them, so that nobody has to go through them for it.
    pub tally: Tally,
}

impl Snapshot {
    pub fn len(&self) -> usize {
        self.messages.len()
    }

    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// Where a UID stands, counted from 0; `Err`: where it would stand.
    pub fn position(&self, uid: Uid) -> Result<usize, usize> {
        self.messages.binary_search_by(|entry| entry.uid.cmp(&uid))
    }

    pub fn by_uid(&self, uid: Uid) -> Option<&Entry> {
        self.messages.get(self.position(uid).ok()?)
    }

    pub(crate) fn put(&mut self, entry: Entry) {
        self.uidnext = self.uidnext.max(entry.uid + 1);
        self.tally.add(&entry);
        match self.position(entry.uid) {
            Ok(at) => {
                let old = self.messages.set(at, entry);
                self.tally.remove(&old);
            }
            Err(at) if at == self.messages.len() => self.messages.push_back(entry),
            Err(at) => self.messages.insert(at, entry),
        }
    }

    pub(crate) fn take(&mut self, uid: Uid) {
        if let Ok(at) = self.position(uid) {
            let gone = self.messages.remove(at);
            self.tally.remove(&gone);
        }
    }
}
