//! Loading the picture of a whole mailbox, and moving it forward along the change log. Start reading at
//! [`LiveWhole::refresh`].

use super::picture::{Message, Spot, Whole};
use crate::folders::Tree;
use arc_swap::ArcSwap;
use postroom_model::{Change, ChangeKind, EmailId, MailboxId, ModSeq};
use postroom_store::whole::{Brief, Place};
use postroom_store::{Store, StoreError, Tx, changes, folders, whole};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// A mailbox that somebody looks at as a whole.
pub(crate) struct LiveWhole {
    mailbox: MailboxId,
    /// Whose `\Seen` is shown, in mailboxes where that is personal.
    person: Option<MailboxId>,
    picture: ArcSwap<Whole>,
    refreshing: tokio::sync::Mutex<()>,
    notices: watch::Receiver<ModSeq>,
}

/// How many emails are read in one transaction when a mailbox is loaded.
const PAGE: u32 = 5_000;
/// Beyond this many rows of the log a mailbox is loaded anew.
const MOST_ROWS: u32 = 20_000;

impl LiveWhole {
    async fn load(store: &Store, mailbox: MailboxId, person: Option<MailboxId>) -> Result<Self, StoreError> {
        // Watching begins before reading, so that no change falls between.
        let notices = store.watch_mailbox(mailbox);
        let picture = load(store, mailbox, person).await?;
        let refreshing = tokio::sync::Mutex::new(());
        Ok(Self { mailbox, person, picture: ArcSwap::from_pointee(picture), refreshing, notices })
    }

    pub(crate) fn picture(&self) -> Arc<Whole> {
        self.picture.load_full()
    }

    /// The mailbox as it is now: every change committed before the call is in it.
    pub(crate) async fn refresh(&self, store: &Store) -> Result<Arc<Whole>, StoreError> {
        if self.is_current() {
            return Ok(self.picture());
        }
        let _first_comer_works_for_all = self.refreshing.lock().await;
        while !self.is_current() {
            self.advance(store).await?;
        }
        Ok(self.picture())
    }

    fn is_current(&self) -> bool {
        self.picture.load().modseq >= *self.notices.borrow()
    }

    async fn advance(&self, store: &Store) -> Result<(), StoreError> {
        let old = self.picture();
        let (mailbox, person, since) = (self.mailbox, self.person, old.modseq);
        let step = store.read(move |tx| read_step(tx, mailbox, person, since)).await?;
        let new = match step {
            Some(step) => {
                let mut new = (*old).clone();
                new.modseq = step.modseq;
                if let Some(tree) = step.tree {
                    new.tree = Arc::new(tree);
                }
                new.replace(&step.touched, step.messages);
                new
            }
            None => load(store, mailbox, person).await?,
        };
        self.picture.store(Arc::new(new));
        Ok(())
    }
}

/// What has changed since a moment, and how it is now.
struct Step {
    modseq: ModSeq,
    touched: Vec<EmailId>,
    messages: Vec<Message>,
    tree: Option<Tree>,
}

/// None: too much has changed, or the log does not say any more.
fn read_step(
    tx: &mut Tx<'_>,
    mailbox: MailboxId,
    person: Option<MailboxId>,
    since: ModSeq,
) -> Result<Option<Step>, StoreError> {
    if !changes::reaches(tx, mailbox, since)? {
        return Ok(None);
    }
    let rows = changes::since(tx, mailbox, since, MOST_ROWS)?;
    let Some(modseq) = rows.last().map(|row| row.modseq) else { return Ok(None) };
    if rows.len() >= MOST_ROWS as usize {
        return Ok(None);
    }
    let mut touched: Vec<EmailId> =
        rows.iter().filter(|row| concerns(row, person)).filter_map(|row| row.email).collect();
    touched.sort_unstable();
    touched.dedup();
    let (briefs, places) = if touched.is_empty() {
        (Vec::new(), Vec::new())
    } else {
        (whole::emails(tx, mailbox, person, &touched)?, whole::places_of(tx, mailbox, &touched)?)
    };
    let folders_changed = rows.iter().any(|row| {
        matches!(row.kind, ChangeKind::FolderCreated | ChangeKind::FolderChanged | ChangeKind::FolderRemoved)
    });
    let tree = if folders_changed { Some(Tree::new(folders::all(tx, mailbox)?)) } else { None };
    Ok(Some(Step { modseq, touched, messages: joined(briefs, places), tree }))
}

/// Whether a row says that an email looks different to this viewer.
pub(super) fn concerns(row: &Change, person: Option<MailboxId>) -> bool {
    match row.kind {
        ChangeKind::Placed | ChangeKind::Removed | ChangeKind::Keywords | ChangeKind::Deleted => true,
        ChangeKind::Seen => person.is_some() && row.person == person,
        _ => false,
    }
}

async fn load(store: &Store, mailbox: MailboxId, person: Option<MailboxId>) -> Result<Whole, StoreError> {
    // The log position is read first: what changes while the pages are read is applied again, which is harmless.
    let first = store.read(move |tx| Ok((changes::current(tx, mailbox)?, Tree::new(folders::all(tx, mailbox)?))));
    let (modseq, tree) = first.await?;
    let (mut messages, mut after) = (Vec::new(), EmailId(0));
    loop {
        let (briefs, places) = store
            .read(move |tx| {
                let briefs = whole::page(tx, mailbox, person, after, PAGE)?;
                let last = briefs.last().map_or(after, |brief| brief.email);
                Ok((briefs, whole::places(tx, mailbox, after, last)?))
            })
            .await?;
        let full = briefs.len() == PAGE as usize;
        after = briefs.last().map_or(after, |brief| brief.email);
        messages.extend(joined(briefs, places));
        if !full {
            return Ok(Whole::new(modseq, tree, messages));
        }
    }
}

/// Emails with their places. Sets of keywords that are alike are kept once.
fn joined(briefs: Vec<Brief>, places: Vec<Place>) -> Vec<Message> {
    let mut spots: HashMap<EmailId, Vec<Spot>> = HashMap::with_capacity(briefs.len());
    for place in places {
        let spot = Spot { folder: place.folder, uid: place.uid, deleted: place.deleted };
        spots.entry(place.email).or_default().push(spot);
    }
    let mut last: Arc<str> = Arc::from("");
    let mut messages: Vec<Message> = Vec::with_capacity(briefs.len());
    for brief in briefs {
        if *last != *brief.keywords {
            last = Arc::from(brief.keywords.as_str());
        }
        messages.push(Message {
            email: brief.email,
            thread: brief.thread,
            content: brief.content,
            size: u32::try_from(brief.size).unwrap_or(u32::MAX),
            received_at: brief.received_at,
            flags: brief.flags,
            keywords: last.clone(),
            has_attachment: brief.has_attachment,
            spots: spots.remove(&brief.email).unwrap_or_default().into(),
        });
    }
    // The same email may have been asked for twice, to fill up a statement.
    messages.sort_by_key(|message| message.email);
    messages.dedup_by_key(|message| message.email);
    messages
}

/// The whole mailboxes of this node that were looked at last.
#[derive(Default)]
pub(crate) struct Wholes {
    /// The last used at the end.
    kept: Mutex<Vec<(Key, Arc<LiveWhole>)>>,
}

/// With a person where `\Seen` is each person's own.
type Key = (MailboxId, Option<MailboxId>);

/// Mailboxes are kept while they hold fewer emails than this together.
const KEPT_EMAILS: usize = 400_000;

impl Wholes {
    pub(crate) async fn get(
        &self,
        store: &Store,
        mailbox: MailboxId,
        person: Option<MailboxId>,
    ) -> Result<Arc<LiveWhole>, StoreError> {
        let key = (mailbox, person);
        if let Some(live) = self.known(key) {
            return Ok(live);
        }
        // Two that come at once both load; one of the two is kept. That is rare and harmless.
        let loaded = Arc::new(LiveWhole::load(store, mailbox, person).await?);
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, live)) = kept.iter().find(|(other, _)| *other == key) {
            return Ok(live.clone());
        }
        kept.push((key, loaded.clone()));
        let mut total: usize = kept.iter().map(|(_, live)| live.picture.load().len()).sum();
        while total > KEPT_EMAILS && kept.len() > 1 {
            total -= kept.remove(0).1.picture.load().len();
        }
        Ok(loaded)
    }

    fn known(&self, key: Key) -> Option<Arc<LiveWhole>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let at = kept.iter().rposition(|(other, _)| *other == key)?;
        let found = kept.remove(at);
        let live = found.1.clone();
        kept.push(found);
        Some(live)
    }
}
