//! Which emails of a mailbox match, and in what order. Start reading at [`Account::query`].
//!
//! The usual lists (one folder, or all, newest first) stand ready in the picture; other answers are worked out once for
//! each picture and kept with it, so that the next page is a slice.

use super::picture::{Folding, Key, Message};
use super::view::{Account, Readable, View};
use crate::search::{TextQuery, text_search};
use imbl::Vector;
use postroom_access::AccessError;
use postroom_model::{EmailId, Flags, FolderId, Right, Time};
use postroom_store::search::EmailSet;
use postroom_store::{ContentId, StoreError};
use postroom_wire_message::{EnvelopeRef, decode_header, normalise};
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, PoisonError};

/// What emails to list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    All(Vec<Self>),
    Any(Vec<Self>),
    /// None of them matches.
    None(Vec<Self>),
    Is(Condition),
}

/// One condition on an email.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    InFolder(FolderId),
    /// In some folder that is none of these.
    NotOnlyIn(Vec<FolderId>),
    Before(Time),
    /// At this moment or later.
    Since(Time),
    AtLeast(u32),
    SmallerThan(u32),
    Has(Mark),
    AllInThread(Mark),
    SomeInThread(Mark),
    Attachment(bool),
    Text(TextQuery),
    /// What cannot be: a folder that does not show.
    Never,
}

/// A well-known flag, or a keyword of people's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    Flag(Flags),
    Keyword(String),
}

impl Mark {
    pub fn is_on(&self, message: &Message) -> bool {
        match self {
            Self::Flag(flag) => message.flags.contains(*flag),
            Self::Keyword(keyword) => message.own_keywords().any(|own| own == keyword),
        }
    }
}

/// One criterion of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    pub by: SortBy,
    pub ascending: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SortBy {
    ReceivedAt,
    SentAt,
    Size,
    From,
    To,
    Subject,
    Has(Mark),
    AllInThread(Mark),
    SomeInThread(Mark),
}

#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    #[error(transparent)]
    Access(#[from] AccessError),
}

impl From<StoreError> for QueryError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

/// The answer to a query, in order. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Found {
    /// Oldest first.
    Oldest(Vector<Key>),
    Newest(Vector<Key>),
    Listed(Arc<[EmailId]>),
}

impl Found {
    pub fn len(&self) -> usize {
        match self {
            Self::Oldest(keys) | Self::Newest(keys) => keys.len(),
            Self::Listed(ids) => ids.len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// A page of it.
    pub fn page(&self, from: usize, count: usize) -> Vec<EmailId> {
        let to = from.saturating_add(count).min(self.len());
        let from = from.min(to);
        match self {
            Self::Oldest(keys) => keys.focus().narrow(from..to).into_iter().map(|(_, email)| *email).collect(),
            Self::Newest(keys) => {
                let (start, end) = (keys.len() - to, keys.len() - from);
                let mut page: Vec<EmailId> =
                    keys.focus().narrow(start..end).into_iter().map(|(_, email)| *email).collect();
                page.reverse();
                page
            }
            Self::Listed(ids) => ids.get(from..to).unwrap_or_default().to_vec(),
        }
    }

    /// Where an email stands in it.
    pub fn position(&self, view: &View, email: EmailId) -> Option<usize> {
        let key = || view.whole.message(email).map(|message| message.key());
        match self {
            Self::Oldest(keys) => keys.binary_search(&key()?).ok(),
            Self::Newest(keys) => keys.binary_search(&key()?).ok().map(|at| keys.len() - 1 - at),
            Self::Listed(ids) => ids.iter().position(|id| *id == email),
        }
    }

    /// Where each of some emails stands, for many of them.
    pub fn positions(&self, view: &View, emails: &HashSet<EmailId>) -> Vec<(usize, EmailId)> {
        let mut found: Vec<(usize, EmailId)> = match self {
            Self::Listed(ids) => {
                ids.iter().enumerate().filter(|(_, id)| emails.contains(id)).map(|(at, id)| (at, *id)).collect()
            }
            Self::Oldest(_) | Self::Newest(_) => {
                emails.iter().filter_map(|email| Some((self.position(view, *email)?, *email))).collect()
            }
        };
        found.sort_unstable();
        found
    }
}

/// Answers that are kept with one picture.
const KEPT_ANSWERS: usize = 16;

impl Account {
    /// The emails that match, in order; without an order the newest first. Looking at text needs `message.search`.
    pub async fn query(
        &self,
        view: &View,
        filter: Option<&Filter>,
        sort: &[Sort],
        folding: Folding,
    ) -> Result<Found, QueryError> {
        if let Some(filter) = filter {
            self.may_search(view, filter)?;
        }
        if let Some(found) = ready(view, filter, sort, folding) {
            return Ok(found);
        }
        let words = format!("{:?} {filter:?} {sort:?} {folding:?}", view.readable);
        if let Some(kept) = kept(view, &words) {
            return Ok(Found::Listed(kept));
        }
        let texts = self.texts(view, filter).await?;
        let mut matching = matching(view, filter, &texts);
        self.put_in_order(view, sort, &mut matching).await?;
        if folding == Folding::Threads {
            let mut seen = HashSet::with_capacity(matching.len());
            matching.retain(|message| seen.insert(message.thread));
        }
        let ids: Arc<[EmailId]> = matching.iter().map(|message| message.email).collect();
        let mut answers = view.whole.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.push_front((words, ids.clone()));
        answers.truncate(KEPT_ANSWERS);
        Ok(Found::Listed(ids))
    }

    /// Without the right to search anywhere it looks, a query for text is refused, never answered with nothing.
    pub fn may_search(&self, view: &View, filter: &Filter) -> Result<(), AccessError> {
        if texts_in(filter).is_empty() {
            return Ok(());
        }
        let denied = || self.opened.access().denied(Right::MessageSearch, self.mailbox());
        match only_folder(filter) {
            Some(folder) if !view.rights(folder).has(Right::MessageSearch) => Err(denied()),
            Some(_) => Ok(()),
            None if searchable(view).is_empty() => Err(denied()),
            None => Ok(()),
        }
    }

    /// For each text that is looked for: the emails that contain it.
    async fn texts(&self, view: &View, filter: Option<&Filter>) -> Result<Vec<(TextQuery, EmailSet)>, StoreError> {
        let mut found: Vec<(TextQuery, EmailSet)> = Vec::new();
        let searchable = searchable(view);
        for query in filter.map(texts_in).unwrap_or_default() {
            if found.iter().any(|(known, _)| known == query) {
                continue;
            }
            let within = (searchable != Readable::All).then(|| {
                let messages = view.whole.messages();
                let visible = messages.filter(|message| message.folders().any(|folder| searchable.has(folder)));
                visible.map(|message| message.email).collect::<EmailSet>()
            });
            let emails = text_search(self.mail.store(), self.mailbox(), within.as_ref(), query).await?;
            found.push((query.clone(), emails));
        }
        Ok(found)
    }

    async fn put_in_order(&self, view: &View, sort: &[Sort], found: &mut [Arc<Message>]) -> Result<(), StoreError> {
        let newest = [Sort { by: SortBy::ReceivedAt, ascending: false }];
        let sort = if sort.is_empty() { &newest } else { sort };
        let heads =
            if sort.iter().any(|sort| sort.by.needs_head()) { self.heads(found).await? } else { HashMap::new() };
        let none = Head::default();
        let head = |message: &Message| heads.get(&message.content).unwrap_or(&none);
        found.sort_by(|a, b| {
            let by = |sort: &Sort| {
                let order = sort.by.compare(view, (a, head(a)), (b, head(b)));
                if sort.ascending { order } else { order.reverse() }
            };
            let order = sort.iter().map(by).find(|order| order.is_ne());
            order.unwrap_or_else(|| b.email.cmp(&a.email))
        });
        Ok(())
    }

    /// What is compared of messages beyond what the picture holds; a page at a time.
    async fn heads(&self, messages: &[Arc<Message>]) -> Result<HashMap<ContentId, Head>, StoreError> {
        let mut heads = HashMap::with_capacity(messages.len());
        for page in messages.chunks(1_000) {
            let contents: Vec<ContentId> = page.iter().map(|message| message.content).collect();
            let read = self.mail.store().read(move |tx| {
                let mut found = Vec::with_capacity(contents.len());
                postroom_store::summaries(tx, &contents, |summary| {
                    let (from, to) = people(&summary.envelope);
                    let subject = normalise(&summary.base_subject);
                    found.push((summary.content, Head { from, to, subject, sent_at: summary.sent_at }));
                })?;
                Ok(found)
            });
            heads.extend(read.await?);
        }
        Ok(heads)
    }
}

/// What is compared of a message.
#[derive(Clone, Debug, Default)]
struct Head {
    from: String,
    to: String,
    subject: String,
    sent_at: Option<i64>,
}

/// The first name, or address where there is none, in From and in To.
fn people(envelope: &[u8]) -> (String, String) {
    let Ok(envelope) = EnvelopeRef::decode(envelope) else { return Default::default() };
    let first = |list: postroom_wire_message::AddressesRef<'_>| {
        let address = list.iter().find(|entry| entry.domain.is_some());
        let name = address.and_then(|entry| entry.name).map(decode_header).filter(|name| !name.trim().is_empty());
        let spelt = || {
            let (local, domain) = (address?.local.unwrap_or_default(), address?.domain.unwrap_or_default());
            Some(format!("{}@{}", String::from_utf8_lossy(local), String::from_utf8_lossy(domain)))
        };
        normalise(&name.or_else(spelt).unwrap_or_default())
    };
    (first(envelope.from), first(envelope.to))
}

impl SortBy {
    fn needs_head(&self) -> bool {
        matches!(self, Self::From | Self::To | Self::Subject | Self::SentAt)
    }

    fn compare(&self, view: &View, (a, head_a): (&Message, &Head), (b, head_b): (&Message, &Head)) -> Ordering {
        let in_thread = |message: &Message, holds: fn(&Mark, &View, &Message) -> bool, mark| holds(mark, view, message);
        match self {
            Self::ReceivedAt => a.received_at.cmp(&b.received_at),
            Self::SentAt => {
                let sent =
                    |message: &Message, head: &Head| head.sent_at.unwrap_or_else(|| message.received_at.seconds());
                sent(a, head_a).cmp(&sent(b, head_b))
            }
            Self::Size => a.size.cmp(&b.size),
            Self::From => head_a.from.cmp(&head_b.from),
            Self::To => head_a.to.cmp(&head_b.to),
            Self::Subject => head_a.subject.cmp(&head_b.subject),
            Self::Has(mark) => mark.is_on(a).cmp(&mark.is_on(b)),
            Self::AllInThread(mark) => in_thread(a, all_in_thread, mark).cmp(&in_thread(b, all_in_thread, mark)),
            Self::SomeInThread(mark) => in_thread(a, some_in_thread, mark).cmp(&in_thread(b, some_in_thread, mark)),
        }
    }
}

fn all_in_thread(mark: &Mark, view: &View, message: &Message) -> bool {
    view.whole.thread(message.thread).filter(|other| view.is_visible(other)).all(|other| mark.is_on(other))
}

fn some_in_thread(mark: &Mark, view: &View, message: &Message) -> bool {
    view.whole.thread(message.thread).filter(|other| view.is_visible(other)).any(|other| mark.is_on(other))
}

/// The lists that stand ready in the picture.
fn ready(view: &View, filter: Option<&Filter>, sort: &[Sort], folding: Folding) -> Option<Found> {
    let ascending = match sort {
        [] | [Sort { by: SortBy::ReceivedAt, ascending: false }] => false,
        [Sort { by: SortBy::ReceivedAt, ascending: true }] if folding == Folding::Emails => true,
        _ => return None,
    };
    let folder = match filter {
        None if view.readable == Readable::All => None,
        Some(Filter::Is(Condition::InFolder(folder))) if view.readable.has(*folder) => Some(*folder),
        Some(Filter::Is(Condition::InFolder(_))) => return Some(Found::Listed(Arc::from([]))),
        _ => return None,
    };
    let keys = view.whole.order(folder).map(|order| order.keys(folding).clone()).unwrap_or_default();
    Some(if ascending { Found::Oldest(keys) } else { Found::Newest(keys) })
}

fn kept(view: &View, words: &str) -> Option<Arc<[EmailId]>> {
    let answers = view.whole.answers.lock().unwrap_or_else(PoisonError::into_inner);
    answers.iter().find(|(known, _)| known == words).map(|(_, ids)| ids.clone())
}

fn searchable(view: &View) -> Readable {
    let rights = [Right::FolderView, Right::MessageRead, Right::MessageSearch];
    Readable::with(&view.whole, &view.effective, &rights)
}

/// The folder that every match stands in, if the filter says so.
fn only_folder(filter: &Filter) -> Option<FolderId> {
    match filter {
        Filter::Is(Condition::InFolder(folder)) => Some(*folder),
        Filter::All(filters) => filters.iter().find_map(only_folder),
        Filter::Any(_) | Filter::None(_) | Filter::Is(_) => None,
    }
}

fn texts_in(filter: &Filter) -> Vec<&TextQuery> {
    match filter {
        Filter::All(filters) | Filter::Any(filters) | Filter::None(filters) => {
            filters.iter().flat_map(texts_in).collect()
        }
        Filter::Is(Condition::Text(query)) => vec![query],
        Filter::Is(_) => Vec::new(),
    }
}

fn matching(view: &View, filter: Option<&Filter>, texts: &[(TextQuery, EmailSet)]) -> Vec<Arc<Message>> {
    let takes = |message: &&Arc<Message>| {
        view.is_visible(message) && filter.is_none_or(|filter| matches(view, filter, message, texts))
    };
    match filter.and_then(only_folder) {
        Some(folder) => {
            let keys = view.whole.order(Some(folder)).map(|order| order.keys(Folding::Emails).clone());
            let ids = keys.unwrap_or_default();
            ids.iter().filter_map(|(_, email)| view.whole.message(*email)).filter(takes).cloned().collect()
        }
        None => view.whole.messages().filter(takes).cloned().collect(),
    }
}

fn matches(view: &View, filter: &Filter, message: &Message, texts: &[(TextQuery, EmailSet)]) -> bool {
    let matches = |filter: &Filter| matches(view, filter, message, texts);
    match filter {
        Filter::All(filters) => filters.iter().all(matches),
        Filter::Any(filters) => filters.iter().any(matches),
        Filter::None(filters) => !filters.iter().any(matches),
        Filter::Is(condition) => holds(view, condition, message, texts),
    }
}

fn holds(view: &View, condition: &Condition, message: &Message, texts: &[(TextQuery, EmailSet)]) -> bool {
    let mut folders = message.folders().filter(|folder| view.readable.has(*folder));
    match condition {
        Condition::InFolder(folder) => folders.any(|other| other == *folder),
        Condition::NotOnlyIn(others) => folders.any(|folder| !others.contains(&folder)),
        Condition::Before(moment) => message.received_at < *moment,
        Condition::Since(moment) => message.received_at >= *moment,
        Condition::AtLeast(size) => message.size >= *size,
        Condition::SmallerThan(size) => message.size < *size,
        Condition::Has(mark) => mark.is_on(message),
        Condition::AllInThread(mark) => all_in_thread(mark, view, message),
        Condition::SomeInThread(mark) => some_in_thread(mark, view, message),
        Condition::Attachment(wanted) => message.has_attachment == *wanted,
        Condition::Text(query) => texts.iter().any(|(known, emails)| known == query && emails.contains(message.email)),
        Condition::Never => false,
    }
}
