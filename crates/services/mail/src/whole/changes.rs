//! What has changed since a state, exactly, from the change log. Start reading at [`Account::email_changes`].
//!
//! Whether an email showed at an earlier moment follows from how it stands now and the rows of the log since then. A
//! long answer is told in pieces; a piece ends at a modseq, or within one that changed more than one answer may hold.

use super::live::concerns;
use super::picture::{Folding, Message};
use super::query::{Condition, Filter, QueryError, Sort, SortBy};
use super::state::State;
use super::view::{Account, View};
use postroom_access::AccessError;
use postroom_model::folder::MAX_DEPTH;
use postroom_model::{Change, ChangeKind, EmailId, FolderId, ModSeq, Right, RightSet, ThreadId};
use postroom_store::{StoreError, changes};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// What came, changed and went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes<I> {
    pub created: Vec<I>,
    pub updated: Vec<I>,
    pub destroyed: Vec<I>,
    /// Where the client stands now.
    pub until: State,
    /// There is more to tell after that.
    pub more: bool,
}

/// Changes of folders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderChanges {
    pub changes: Changes<FolderId>,
    /// Of the updated ones nothing but counts of emails changed.
    pub only_counts: bool,
}

/// How the answer to a query changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueryChanges {
    pub removed: Vec<EmailId>,
    /// With their places in the new answer, in order.
    pub added: Vec<(usize, EmailId)>,
    pub total: usize,
}

#[derive(Debug, thiserror::Error)]
pub enum ChangesError {
    /// The state is none of ours, older than the log, or was given under other rights.
    #[error("what changed since that state cannot be told; read everything again")]
    CannotCalculate,
    #[error("more changed than the client wants to be told")]
    TooMany,
    #[error(transparent)]
    Access(#[from] AccessError),
}

impl From<StoreError> for ChangesError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

impl From<QueryError> for ChangesError {
    fn from(error: QueryError) -> Self {
        match error {
            QueryError::Access(error) => Self::Access(error),
        }
    }
}

/// What each person has of their own in a mailbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectKind {
    Identity,
    Submission,
}

impl ObjectKind {
    fn rows(self) -> (ChangeKind, ChangeKind, ChangeKind) {
        match self {
            Self::Identity => (ChangeKind::IdentityCreated, ChangeKind::IdentityChanged, ChangeKind::IdentityRemoved),
            Self::Submission => {
                (ChangeKind::SubmissionCreated, ChangeKind::SubmissionChanged, ChangeKind::SubmissionRemoved)
            }
        }
    }
}

/// Rows read in one transaction.
const PAGE: u32 = 10_000;

impl Account {
    /// The rows of the log between a state and a view.
    pub(crate) async fn rows(&self, view: &View, since: State) -> Result<Vec<Change>, ChangesError> {
        let now = view.state;
        if since.epoch != now.epoch || since.rights != now.rights || since.modseq > now.modseq {
            return Err(ChangesError::CannotCalculate);
        }
        let (mailbox, mut after, mut found) = (self.mailbox(), since.modseq, Vec::new());
        while after < now.modseq {
            let page = self.mail.store().read(move |tx| {
                let whole = changes::reaches(tx, mailbox, after)?;
                Ok(if whole { Some(changes::since(tx, mailbox, after, PAGE)?) } else { None })
            });
            let page = page.await?.ok_or(ChangesError::CannotCalculate)?;
            let Some(last) = page.last().map(|row| row.modseq) else { break };
            after = last;
            found.extend(page.into_iter().filter(|row| row.modseq <= now.modseq));
        }
        // Who sees some folders only may see others after one was moved.
        let moved = |row: &Change| row.kind == ChangeKind::FolderChanged && row.value == Some(1);
        if !view.effective.narrowed.is_empty() && found.iter().any(moved) {
            return Err(ChangesError::CannotCalculate);
        }
        Ok(found)
    }

    /// The emails that came, changed and went.
    pub async fn email_changes(
        &self,
        view: &View,
        since: State,
        most: usize,
    ) -> Result<Changes<EmailId>, ChangesError> {
        let rows = self.rows(view, since).await?;
        let gone = Gone::of(view, &rows);
        let rows: Vec<&Change> = rows.iter().filter(|row| concerns(row, self.person)).collect();
        let piece = Piece::cut(rows.iter().filter_map(|row| Some((row.modseq, row.email?))), since, view, most);
        let history = History::new(view, gone, &rows);
        let showed = |email: EmailId, at: ModSeq| history.showed(email, at);
        Ok(piece.sorted(|email| (showed(email, since.modseq), showed(email, piece.end)), |_| true))
    }

    /// The conversations that came, changed and went: which emails belong to them, nothing else.
    pub async fn thread_changes(
        &self,
        view: &View,
        since: State,
        most: usize,
    ) -> Result<Changes<ThreadId>, ChangesError> {
        let rows = self.rows(view, since).await?;
        let gone = Gone::of(view, &rows);
        let rows: Vec<&Change> =
            rows.iter().filter(|row| concerns(row, None) && row.kind != ChangeKind::Keywords).collect();
        let history = History::new(view, gone, &rows);
        let touched = rows.iter().filter_map(|row| Some((row.modseq, history.thread_of(row.email?)?)));
        let piece = Piece::cut(touched, since, view, most);
        let members = |thread: ThreadId, at: ModSeq| history.members(thread, at);
        Ok(piece.sorted(
            |thread| (!members(thread, since.modseq).is_empty(), !members(thread, piece.end).is_empty()),
            |thread| members(thread, since.modseq) != members(thread, piece.end),
        ))
    }

    /// The folders that came, changed and went; a change of their counts is one.
    pub async fn folder_changes(&self, view: &View, since: State, most: usize) -> Result<FolderChanges, ChangesError> {
        let rows = self.rows(view, since).await?;
        let person = self.opened.actor().person_id();
        let gone = Gone::of(view, &rows);
        let touched =
            rows.iter().flat_map(|row| self.folders_touched(&gone, row, person).into_iter().map(|id| (row.modseq, id)));
        let piece = Piece::cut(touched, since, view, most);
        let existed = |folder: FolderId, at: ModSeq| {
            let first = rows.iter().find(|row| row.modseq > at && row.folder == Some(folder) && is_life(row.kind));
            match first.map(|row| row.kind) {
                Some(ChangeKind::FolderCreated) => false,
                Some(_) => true,
                None => view.folder(folder).is_some(),
            }
        };
        let changes = piece.sorted(|folder| (existed(folder, since.modseq), existed(folder, piece.end)), |_| true);
        let itself = |row: &&Change| {
            row.modseq <= piece.end
                && row.folder.is_some_and(|folder| changes.updated.contains(&folder))
                && matches!(row.kind, ChangeKind::FolderChanged | ChangeKind::FolderCreated | ChangeKind::Subscribed)
        };
        let only_counts = !changes.updated.is_empty() && rows.iter().find(itself).is_none();
        Ok(FolderChanges { changes, only_counts })
    }

    /// The folders that look different after a row.
    fn folders_touched(
        &self,
        gone: &Gone<'_>,
        row: &Change,
        person: Option<postroom_model::MailboxId>,
    ) -> BTreeSet<FolderId> {
        let (view, mut touched) = (gone.view, BTreeSet::new());
        let own = row.kind == ChangeKind::Subscribed && row.person == person;
        if own || is_life(row.kind) || row.kind == ChangeKind::FolderChanged {
            touched.extend(row.folder);
        }
        if concerns(row, self.person) {
            touched.extend(row.folder);
            let now = row.email.and_then(|email| view.whole.message(email)).map(|message| message.thread);
            if let Some(thread) = row.thread.or(now) {
                // Whether a conversation is unread counts wherever one of its emails stands.
                touched.extend(view.whole.thread(thread).flat_map(|message| message.folders().collect::<Vec<_>>()));
            }
        }
        touched.retain(|folder| gone.shows(*folder));
        touched
    }

    /// What came, changed and went of something that is neither email nor folder. `exists`: whether one does now.
    pub async fn object_changes(
        &self,
        view: &View,
        since: State,
        most: usize,
        kind: ObjectKind,
        exists: impl Fn(i64) -> bool,
    ) -> Result<Changes<i64>, ChangesError> {
        let (created, changed, removed) = kind.rows();
        let rows = self.rows(view, since).await?;
        let person = self.opened.actor().person_id();
        let rows: Vec<&Change> =
            rows.iter().filter(|row| row.person == person && [created, changed, removed].contains(&row.kind)).collect();
        let piece = Piece::cut(rows.iter().filter_map(|row| Some((row.modseq, row.value?))), since, view, most);
        let existed = |id: i64, at: ModSeq| {
            let lives = |row: &&&Change| row.modseq > at && row.value == Some(id) && row.kind != changed;
            rows.iter().find(lives).map_or_else(|| exists(id), |row| row.kind == removed)
        };
        Ok(piece.sorted(|id| (existed(id, since.modseq), existed(id, piece.end)), |_| true))
    }

    /// Whether the automatic reply of the mailbox has changed.
    pub async fn vacation_changed(&self, view: &View, since: State) -> Result<bool, ChangesError> {
        Ok(self.rows(view, since).await?.iter().any(|row| row.kind == ChangeKind::VacationChanged))
    }

    /// How the answer to a query has changed since a state.
    pub async fn query_changes(
        &self,
        view: &View,
        (filter, sort, folding): (Option<&Filter>, &[Sort], Folding),
        since: State,
        most: usize,
    ) -> Result<QueryChanges, ChangesError> {
        if since.told > 0 {
            return Err(ChangesError::CannotCalculate);
        }
        let rows = self.rows(view, since).await?;
        let found = self.query(view, filter, sort, folding).await?;
        let marks = filter.is_some_and(looks_at_marks) || sort.iter().any(|sort| sort_looks_at_marks(&sort.by));
        let gone = Gone::of(view, &rows);
        let moves = |row: &&Change| marks || !matches!(row.kind, ChangeKind::Keywords | ChangeKind::Seen);
        let rows: Vec<&Change> = rows.iter().filter(|row| concerns(row, self.person)).filter(moves).collect();
        let history = History::new(view, gone, &rows);
        let mut touched: HashSet<EmailId> = rows.iter().filter_map(|row| row.email).collect();
        if marks || folding == Folding::Threads {
            // Another email of the conversation may stand for it now, or match by what the others bear.
            let threads: HashSet<ThreadId> = touched.iter().filter_map(|email| history.thread_of(*email)).collect();
            touched.extend(threads.iter().flat_map(|thread| view.whole.thread(*thread)).map(|message| message.email));
        }
        let added = found.positions(view, &touched);
        let mut removed: Vec<EmailId> =
            touched.into_iter().filter(|email| history.showed(*email, since.modseq)).collect();
        removed.sort_unstable();
        if removed.len() + added.len() > most {
            return Err(ChangesError::TooMany);
        }
        Ok(QueryChanges { removed, added, total: found.len() })
    }
}

fn is_life(kind: ChangeKind) -> bool {
    matches!(kind, ChangeKind::FolderCreated | ChangeKind::FolderRemoved)
}

fn looks_at_marks(filter: &Filter) -> bool {
    match filter {
        Filter::All(filters) | Filter::Any(filters) | Filter::None(filters) => filters.iter().any(looks_at_marks),
        Filter::Is(condition) => {
            matches!(condition, Condition::Has(_) | Condition::AllInThread(_) | Condition::SomeInThread(_))
        }
    }
}

fn sort_looks_at_marks(by: &SortBy) -> bool {
    matches!(by, SortBy::Has(_) | SortBy::AllInThread(_) | SortBy::SomeInThread(_))
}

/// Folders that are gone, and what they were below.
struct Gone<'a> {
    view: &'a View,
    parents: HashMap<FolderId, FolderId>,
}

impl<'a> Gone<'a> {
    fn of(view: &'a View, rows: &[Change]) -> Self {
        let removed = rows.iter().filter(|row| row.kind == ChangeKind::FolderRemoved);
        let parents = removed.filter_map(|row| Some((row.folder?, FolderId(row.value.unwrap_or(0)))));
        Self { view, parents: parents.collect() }
    }

    /// The rights in a folder, or those that there were in one that is gone.
    fn rights(&self, folder: FolderId) -> RightSet {
        let (mut path, mut at) = (Vec::new(), folder);
        while let Some(parent) = self.parents.get(&at).filter(|_| path.len() <= MAX_DEPTH) {
            path.push(at);
            at = *parent;
        }
        path.extend(self.view.whole.tree.ancestry(at));
        self.view.effective.on(&path)
    }

    fn shows(&self, folder: FolderId) -> bool {
        self.rights(folder).has(Right::FolderView)
    }

    fn is_readable(&self, folder: FolderId) -> bool {
        self.shows(folder) && self.rights(folder).has(Right::MessageRead)
    }
}

/// How things stood earlier.
struct History<'a> {
    view: &'a View,
    gone: Gone<'a>,
    /// Rows about each email, in order.
    of: HashMap<EmailId, Vec<&'a Change>>,
    threads: HashMap<EmailId, ThreadId>,
    /// Emails that were touched, by their conversation.
    touched: HashMap<ThreadId, BTreeSet<EmailId>>,
}

impl<'a> History<'a> {
    fn new(view: &'a View, gone: Gone<'a>, rows: &[&'a Change]) -> Self {
        let mut history = Self { view, gone, of: HashMap::new(), threads: HashMap::new(), touched: HashMap::new() };
        for row in rows {
            let Some(email) = row.email else { continue };
            history.of.entry(email).or_default().push(row);
            let now = || view.whole.message(email).map(|message| message.thread);
            if let Some(thread) = row.thread.or_else(now) {
                history.threads.insert(email, thread);
                history.touched.entry(thread).or_default().insert(email);
            }
        }
        history
    }

    fn thread_of(&self, email: EmailId) -> Option<ThreadId> {
        self.threads.get(&email).copied()
    }

    /// Whether an email showed at a moment.
    fn showed(&self, email: EmailId, at: ModSeq) -> bool {
        let mut first: BTreeMap<(FolderId, u32), &Change> = BTreeMap::new();
        for row in self.of.get(&email).into_iter().flatten().filter(|row| row.modseq > at) {
            if let (Some(folder), Some(uid)) = (row.folder, row.uid) {
                first.entry((folder, uid)).or_insert(row);
            }
        }
        let readable = |folder: FolderId| self.gone.is_readable(folder);
        let stood = first.iter().any(|((folder, _), row)| readable(*folder) && stood_unhidden(row));
        let untouched = |message: &Message| {
            message
                .spots
                .iter()
                .any(|spot| !spot.deleted && readable(spot.folder) && !first.contains_key(&(spot.folder, spot.uid)))
        };
        stood || self.view.whole.message(email).is_some_and(|message| untouched(message))
    }

    /// The emails of a conversation that showed at a moment.
    fn members(&self, thread: ThreadId, at: ModSeq) -> BTreeSet<EmailId> {
        let now = self.view.whole.thread(thread).map(|message| message.email);
        let all: BTreeSet<EmailId> = now.chain(self.touched.get(&thread).into_iter().flatten().copied()).collect();
        all.into_iter().filter(|email| self.showed(*email, at)).collect()
    }
}

/// Whether a placement stood unhidden before the first row about it.
fn stood_unhidden(first: &Change) -> bool {
    match first.kind {
        ChangeKind::Placed => false,
        // Rows from before the log said so: removed messages were most often shown.
        ChangeKind::Removed => first.value != Some(1),
        ChangeKind::Deleted => first.value != Some(0),
        _ => true,
    }
}

/// As much of what changed as one answer may hold.
struct Piece<I> {
    ids: BTreeSet<I>,
    /// The moment that the piece reaches.
    end: ModSeq,
    until: State,
    more: bool,
}

impl<I: Ord + Copy> Piece<I> {
    fn cut(touched: impl Iterator<Item = (ModSeq, I)>, since: State, view: &View, most: usize) -> Self {
        let mut groups: BTreeMap<ModSeq, BTreeSet<I>> = BTreeMap::new();
        for (modseq, id) in touched {
            groups.entry(modseq).or_default().insert(id);
        }
        let most = most.max(1);
        let now = view.state;
        let Some((first, group)) = groups.first_key_value() else {
            return Self { ids: BTreeSet::new(), end: now.modseq, until: now, more: false };
        };
        if since.told > 0 || group.len() > most {
            let ids: BTreeSet<I> = group.iter().skip(since.told).take(most).copied().collect();
            let told = since.told + ids.len();
            let rest = told < group.len();
            let until = match (rest, groups.len()) {
                (true, _) => now.at(since.modseq, told),
                (false, 1) => now,
                (false, _) => now.at(*first, 0),
            };
            return Self { ids, end: *first, more: until != now, until };
        }
        let (mut ids, mut end) = (BTreeSet::new(), since.modseq);
        for (modseq, group) in &groups {
            if ids.union(group).count() > most {
                return Self { ids, end, until: now.at(end, 0), more: true };
            }
            ids.extend(group.iter().copied());
            end = *modseq;
        }
        Self { ids, end: now.modseq, until: now, more: false }
    }

    /// Sorts the ids by whether they existed before and after; `differs` decides about those that did both.
    fn sorted(&self, existed: impl Fn(I) -> (bool, bool), differs: impl Fn(I) -> bool) -> Changes<I> {
        let (mut created, mut updated, mut destroyed) = (Vec::new(), Vec::new(), Vec::new());
        for id in self.ids.iter().copied() {
            match existed(id) {
                (false, true) => created.push(id),
                (true, false) => destroyed.push(id),
                (true, true) if differs(id) => updated.push(id),
                _ => {}
            }
        }
        Changes { created, updated, destroyed, until: self.until, more: self.more }
    }
}
