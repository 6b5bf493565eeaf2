//! The emails and conversations of a mailbox at one moment. Start reading at [`Whole::replace`].

use crate::folders::Tree;
use imbl::{OrdMap, Vector};
use postroom_model::{EmailId, Flags, FolderId, ModSeq, ThreadId, Time, Uid};
use postroom_store::ContentId;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex};

/// An email with all the places that it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    pub email: EmailId,
    pub thread: ThreadId,
    pub content: ContentId,
    pub size: u32,
    pub received_at: Time,
    pub flags: Flags,
    /// Keywords of people's own, sorted, separated by blanks.
    pub keywords: Arc<str>,
    pub has_attachment: bool,
    pub spots: Box<[Spot]>,
}

/// A place that an email stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spot {
    pub folder: FolderId,
    pub uid: Uid,
    /// Marked `\Deleted`: hidden from those who look at the mailbox as a whole.
    pub deleted: bool,
}

impl Message {
    pub(crate) fn key(&self) -> Key {
        (self.received_at, self.email)
    }

    /// Neither read nor a draft.
    pub fn is_unread(&self) -> bool {
        self.flags.0 & (Flags::SEEN.0 | Flags::DRAFT.0) == 0
    }

    /// The folders that it stands in unhidden; one may come twice.
    pub fn folders(&self) -> impl Iterator<Item = FolderId> + '_ {
        self.spots.iter().filter(|spot| !spot.deleted).map(|spot| spot.folder)
    }

    /// The keywords of people's own, one by one.
    pub fn own_keywords(&self) -> impl Iterator<Item = &str> {
        self.keywords.split(' ').filter(|keyword| !keyword.is_empty())
    }
}

/// What emails are ordered by: when they were received, then their id.
pub(crate) type Key = (Time, EmailId);

/// Whether all emails are listed or of each conversation only the newest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folding {
    Emails,
    Threads,
}

/// The emails of one folder, or of all together, oldest first.
#[derive(Clone, Debug, Default)]
pub struct Order {
    emails: Vector<Key>,
    /// Of each conversation the newest email here.
    leaders: Vector<Key>,
    pub unread: u32,
    pub unread_threads: u32,
}

impl Order {
    pub fn emails(&self) -> usize {
        self.emails.len()
    }

    pub fn threads(&self) -> usize {
        self.leaders.len()
    }

    pub(crate) fn keys(&self, folding: Folding) -> &Vector<Key> {
        match folding {
            Folding::Emails => &self.emails,
            Folding::Threads => &self.leaders,
        }
    }

    fn add(&mut self, part: &Part, unread_thread: bool) {
        part.keys.iter().for_each(|key| insert(&mut self.emails, *key));
        insert(&mut self.leaders, part.leader);
        self.unread += part.unread;
        self.unread_threads += u32::from(unread_thread);
    }

    fn take(&mut self, part: &Part, unread_thread: bool) {
        part.keys.iter().for_each(|key| remove(&mut self.emails, key));
        remove(&mut self.leaders, &part.leader);
        self.unread -= part.unread.min(self.unread);
        self.unread_threads -= u32::from(unread_thread).min(self.unread_threads);
    }
}

fn insert(keys: &mut Vector<Key>, key: Key) {
    if keys.last().is_none_or(|last| *last < key) {
        keys.push_back(key);
    } else if let Err(at) = keys.binary_search(&key) {
        keys.insert(at, key);
    }
}

fn remove(keys: &mut Vector<Key>, key: &Key) {
    if let Ok(at) = keys.binary_search(key) {
        keys.remove(at);
    }
}

/// What one conversation adds to one folder.
struct Part {
    keys: Vec<Key>,
    leader: Key,
    unread: u32,
}

/// A mailbox at one moment. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Whole {
    /// How far the change log had come.
    pub modseq: ModSeq,
    pub(crate) tree: Arc<Tree>,
    messages: OrdMap<EmailId, Arc<Message>>,
    /// Oldest first.
    threads: OrdMap<ThreadId, Arc<[EmailId]>>,
    /// None: all folders together.
    orders: OrdMap<Option<FolderId>, Order>,
    /// Answers to queries about this very picture.
    pub(crate) answers: Answers,
}

/// Emails, leaders, unread emails and unread conversations of a folder.
type Gathered = (Vec<Key>, Vec<Key>, u32, u32);

/// The last answers, newest first, under the words of their queries.
pub(crate) type Answers = Arc<Mutex<VecDeque<(String, Arc<[EmailId]>)>>>;

impl Whole {
    /// The picture of these emails. An email that stands nowhere unhidden is kept, but in no order.
    pub(crate) fn new(modseq: ModSeq, tree: Tree, messages: Vec<Message>) -> Self {
        let mut whole = Self {
            modseq,
            tree: Arc::new(tree),
            messages: OrdMap::new(),
            threads: OrdMap::new(),
            orders: OrdMap::new(),
            answers: Answers::default(),
        };
        let mut threads: BTreeMap<ThreadId, Vec<Arc<Message>>> = BTreeMap::new();
        for message in messages {
            threads.entry(message.thread).or_default().push(Arc::new(message));
        }
        let mut gathered: BTreeMap<Option<FolderId>, Gathered> = BTreeMap::new();
        for (thread, mut members) in threads {
            members.sort_unstable_by_key(|message| message.key());
            let unread = is_unread(&members);
            for (folder, part) in parts(&members) {
                let (emails, leaders, unread_emails, unread_threads) = gathered.entry(folder).or_default();
                emails.extend(&part.keys);
                leaders.push(part.leader);
                *unread_emails += part.unread;
                *unread_threads += u32::from(unread);
            }
            whole.threads.insert(thread, members.iter().map(|message| message.email).collect());
            members.into_iter().for_each(|message| drop(whole.messages.insert(message.email, message)));
        }
        for (folder, (mut emails, mut leaders, unread, unread_threads)) in gathered {
            emails.sort_unstable();
            leaders.sort_unstable();
            let order = Order { emails: emails.into(), leaders: leaders.into(), unread, unread_threads };
            whole.orders.insert(folder, order);
        }
        whole
    }

    /// Moves on: each email of `touched` is now what `messages` says, or gone.
    pub(crate) fn replace(&mut self, touched: &[EmailId], messages: Vec<Message>) {
        let mut now: HashMap<EmailId, Arc<Message>> =
            messages.into_iter().map(|message| (message.email, Arc::new(message))).collect();
        let before = touched.iter().filter_map(|email| self.messages.get(email)).map(|message| message.thread);
        let threads: HashSet<ThreadId> = before.chain(now.values().map(|message| message.thread)).collect();
        for thread in threads {
            let old = self.members(thread);
            let mut new: Vec<Arc<Message>> =
                old.iter().filter(|message| !touched.contains(&message.email)).cloned().collect();
            new.extend(now.values().filter(|message| message.thread == thread).cloned());
            new.sort_unstable_by_key(|message| message.key());
            self.exchange(&old, &new);
            if new.is_empty() {
                self.threads.remove(&thread);
            } else {
                self.threads.insert(thread, new.iter().map(|message| message.email).collect());
            }
        }
        for email in touched {
            match now.remove(email) {
                Some(message) => drop(self.messages.insert(*email, message)),
                None => drop(self.messages.remove(email)),
            }
        }
        self.answers = Answers::default();
    }

    /// Takes one state of a conversation out of the orders, and puts another in.
    fn exchange(&mut self, old: &[Arc<Message>], new: &[Arc<Message>]) {
        let unread = is_unread(old);
        for (folder, part) in parts(old) {
            if let Some(order) = self.orders.get_mut(&folder) {
                order.take(&part, unread);
            }
        }
        let unread = is_unread(new);
        for (folder, part) in parts(new) {
            self.orders.entry(folder).or_default().add(&part, unread);
        }
    }

    fn members(&self, thread: ThreadId) -> Vec<Arc<Message>> {
        self.thread(thread).cloned().collect()
    }

    pub fn message(&self, email: EmailId) -> Option<&Arc<Message>> {
        self.messages.get(&email)
    }

    pub fn messages(&self) -> impl Iterator<Item = &Arc<Message>> {
        self.messages.values()
    }

    pub fn len(&self) -> usize {
        self.messages.len()
    }

    pub fn is_empty(&self) -> bool {
        self.messages.is_empty()
    }

    /// The emails of a conversation, oldest first.
    pub fn thread(&self, thread: ThreadId) -> impl Iterator<Item = &Arc<Message>> {
        self.threads.get(&thread).into_iter().flat_map(|emails| emails.iter()).filter_map(|id| self.messages.get(id))
    }

    /// The emails of a folder in order; None: of all folders.
    pub fn order(&self, folder: Option<FolderId>) -> Option<&Order> {
        self.orders.get(&folder)
    }
}

/// Whether some email of a conversation that stands somewhere is unread.
fn is_unread(members: &[Arc<Message>]) -> bool {
    members.iter().any(|message| message.is_unread() && message.folders().next().is_some())
}

/// What a conversation, oldest first, adds to each folder, and to all together.
fn parts(members: &[Arc<Message>]) -> BTreeMap<Option<FolderId>, Part> {
    let mut parts: BTreeMap<Option<FolderId>, Part> = BTreeMap::new();
    for message in members {
        let anywhere = message.folders().next().map(|_| None);
        let mut seen: Vec<Option<FolderId>> = anywhere.into_iter().chain(message.folders().map(Some)).collect();
        seen.sort_unstable();
        seen.dedup();
        for folder in seen {
            let key = message.key();
            let part = parts.entry(folder).or_insert(Part { keys: Vec::new(), leader: key, unread: 0 });
            part.keys.push(key);
            part.leader = key;
            part.unread += u32::from(message.is_unread());
        }
    }
    parts
}

#[cfg(test)]
mod tests;
