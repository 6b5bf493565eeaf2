//! Loading a snapshot and moving it forward along the change log. Start reading at [`Live::refresh`].

use super::notices::{Driver, Notices};
use super::snapshot::{Entry, Snapshot};
use super::tally::Tally;
use arc_swap::ArcSwap;
use imbl::Vector;
use postroom_model::{Change, ChangeKind, EmailId, FolderId, MailboxId, ModSeq, Uid};
use postroom_store::placements::Placement;
use postroom_store::{Store, StoreError, changes, folders, placements};
use std::collections::{BTreeSet, HashSet, VecDeque};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::watch;

/// A folder that somebody watches.
pub struct Live {
    mailbox: MailboxId,
    folder: FolderId,
    /// Whose `\Seen` is shown, in mailboxes where that is personal.
    person: Option<MailboxId>,
    snapshot: ArcSwap<Snapshot>,
    recent: Mutex<Recent>,
    refreshing: tokio::sync::Mutex<()>,
    notices: watch::Receiver<ModSeq>,
    /// Moves the snapshot forward as long as somebody waits for that.
    driver: Mutex<Weak<Driver>>,
    /// UIDs from here on have been announced as recent to no session.
    first_recent: AtomicU32,
}

/// Which UIDs of a folder changed after a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Affected {
    These(BTreeSet<Uid>),
    /// It is too long ago to say: compare the snapshots.
    Unknown,
}

/// The last changes: which UID changed at which modseq.
struct Recent {
    rows: VecDeque<(ModSeq, Uid)>,
    /// Nothing is missing after this.
    complete_since: ModSeq,
}

const REMEMBERED: usize = 4096;
/// How many messages are read in one transaction when a folder is loaded.
const PAGE: u32 = 5_000;
/// Beyond this many rows of the log a folder is loaded anew.
const MOST_ROWS: u32 = 20_000;

impl Live {
    /// Loads a folder. None: there is no such folder.
    pub(crate) async fn load(
        store: &Store,
        mailbox: MailboxId,
        folder: FolderId,
        person: Option<MailboxId>,
    ) -> Result<Option<Self>, StoreError> {
        // Watching begins before reading, so that no change falls between.
        let notices = store.watch_mailbox(mailbox);
        let Some((snapshot, first_recent)) = load(store, mailbox, folder, person).await? else { return Ok(None) };
        let recent = Recent { rows: VecDeque::new(), complete_since: snapshot.modseq };
        Ok(Some(Self {
            mailbox,
            folder,
            person,
            snapshot: ArcSwap::from_pointee(snapshot),
            recent: Mutex::new(recent),
            refreshing: tokio::sync::Mutex::new(()),
            notices,
            driver: Mutex::default(),
            first_recent: AtomicU32::new(first_recent),
        }))
    }

    /// The newest snapshot that anybody has asked for. Costs nothing.
    pub fn snapshot(&self) -> Arc<Snapshot> {
        self.snapshot.load_full()
    }

    /// Fires when the snapshot has moved forward by something that stands in this folder.
    pub(crate) fn notices(self: &Arc<Self>, store: &Store) -> Notices {
        let mut driver = self.driver.lock().unwrap_or_else(PoisonError::into_inner);
        let driving = driver.upgrade().unwrap_or_else(|| {
            let started = Arc::new(Driver::start(self, store.clone(), self.notices.clone()));
            *driver = Arc::downgrade(&started);
            started
        });
        Notices::of(driving)
    }

    /// The folder as it is now: every change committed before the call is in it.
    pub async fn refresh(&self, store: &Store) -> Result<Arc<Snapshot>, StoreError> {
        if self.is_current() {
            return Ok(self.snapshot());
        }
        let _first_comer_works_for_all = self.refreshing.lock().await;
        while !self.is_current() {
            self.advance(store).await?;
        }
        Ok(self.snapshot())
    }

    fn is_current(&self) -> bool {
        self.snapshot.load().modseq >= *self.notices.borrow()
    }

    async fn advance(&self, store: &Store) -> Result<(), StoreError> {
        let old = self.snapshot();
        let (mailbox, folder, person, since) = (self.mailbox, self.folder, self.person, old.modseq);
        let step = store.read(move |tx| {
            let rows = changes::since(tx, mailbox, since, MOST_ROWS)?;
            let emails = Self::emails_touched(folder, person, &rows);
            let placements = placements::of_emails(tx, mailbox, folder, person, &emails)?;
            Ok((rows, placements))
        });
        let (rows, placements) = step.await?;
        let Some(last) = rows.last().map(|row| row.modseq) else {
            // The log has been pruned beyond our state.
            return self.load_again(store).await;
        };
        if rows.len() >= MOST_ROWS as usize {
            return self.load_again(store).await;
        }
        self.snapshot.store(Arc::new(self.stepped(&old, &rows, placements, last)));
        Ok(())
    }

    fn emails_touched(folder: FolderId, person: Option<MailboxId>, rows: &[Change]) -> Vec<EmailId> {
        let here = |row: &&Change| match row.kind {
            ChangeKind::Keywords => true,
            ChangeKind::Seen => person.is_some() && row.person == person,
            ChangeKind::Placed | ChangeKind::Deleted => row.folder == Some(folder),
            _ => false,
        };
        let unique: HashSet<EmailId> = rows.iter().filter(here).filter_map(|row| row.email).collect();
        unique.into_iter().collect()
    }

    fn stepped(&self, old: &Snapshot, rows: &[Change], placements: Vec<Placement>, last: ModSeq) -> Snapshot {
        let mut new = old.clone();
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let removed = rows.iter().filter(|row| row.kind == ChangeKind::Removed && row.folder == Some(self.folder));
        for (modseq, uid) in removed.filter_map(|row| Some((row.modseq, row.uid?))) {
            new.take(uid);
            recent.push(modseq, uid);
        }
        // A UID whose placement came and went between two looks was still given out.
        let placed = rows.iter().filter(|row| row.kind == ChangeKind::Placed && row.folder == Some(self.folder));
        new.uidnext = placed.filter_map(|row| row.uid).fold(new.uidnext, |next, uid| next.max(uid + 1));
        for placement in placements {
            recent.push(placement.modseq, placement.uid);
            let keywords = shared_text(&new.messages, &placement.keywords);
            new.put(Entry::of(placement, keywords));
        }
        recent.trim();
        new.modseq = last;
        new
    }

    async fn load_again(&self, store: &Store) -> Result<(), StoreError> {
        let loaded = load(store, self.mailbox, self.folder, self.person).await?;
        let (snapshot, _) = loaded.ok_or(StoreError::Gone("the folder"))?;
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.rows.clear();
        recent.complete_since = snapshot.modseq;
        drop(recent);
        self.snapshot.store(Arc::new(snapshot));
        Ok(())
    }

    /// The first UID that no session has been told of as recent.
    pub fn first_recent(&self) -> Uid {
        self.first_recent.load(Ordering::Relaxed)
    }

    /// The same, and from now on none below `until` is (RFC 3501 section 2.3.2).
    pub fn take_recent(&self, until: Uid) -> Uid {
        self.first_recent.fetch_max(until, Ordering::Relaxed)
    }

    /// The UIDs that changed, came or went after `since`.
    pub fn affected_since(&self, since: ModSeq) -> Affected {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if since < recent.complete_since {
            return Affected::Unknown;
        }
        Affected::These(recent.rows.iter().rev().filter(|(modseq, _)| *modseq > since).map(|(_, uid)| *uid).collect())
    }
}

impl Recent {
    fn push(&mut self, modseq: ModSeq, uid: Uid) {
        self.rows.push_back((modseq, uid));
    }

    fn trim(&mut self) {
        while self.rows.len() > REMEMBERED {
            if let Some((modseq, _)) = self.rows.pop_front() {
                self.complete_since = self.complete_since.max(modseq);
            }
        }
    }
}

/// The text of a neighbour if it is the same, so that equal sets of keywords are kept once.
fn shared_text(messages: &Vector<Entry>, text: &str) -> Arc<str> {
    match messages.last() {
        Some(last) if *last.keywords == *text => last.keywords.clone(),
        _ => Arc::from(text),
    }
}

async fn load(
    store: &Store,
    mailbox: MailboxId,
    folder: FolderId,
    person: Option<MailboxId>,
) -> Result<Option<(Snapshot, Uid)>, StoreError> {
    // The log position is read first: what changes while the pages are read is applied again, which is harmless.
    let first = store.read(move |tx| Ok((changes::current(tx, mailbox)?, folders::get(tx, mailbox, folder)?)));
    let (modseq, Some(facts)) = first.await? else { return Ok(None) };
    let (mut messages, mut tally) = (Vector::<Entry>::new(), Tally::default());
    loop {
        let after = messages.last().map_or(0, |entry| entry.uid);
        let page = store.read(move |tx| placements::page(tx, mailbox, folder, person, after, PAGE)).await?;
        let full = page.len() == PAGE as usize;
        for placement in page {
            let keywords = shared_text(&messages, &placement.keywords);
            let entry = Entry::of(placement, keywords);
            tally.add(&entry);
            messages.push_back(entry);
        }
        if !full {
            break;
        }
    }
    let uidnext = messages.last().map_or(facts.uidnext, |entry| facts.uidnext.max(entry.uid + 1));
    Ok(Some((Snapshot { uidvalidity: facts.uidvalidity, uidnext, modseq, messages, tally }, facts.first_recent)))
}
