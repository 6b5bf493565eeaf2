//! What a session has told its client about the selected folder, and what has changed since.
//!
//! Sequence numbers are the client's: a message keeps its number until EXPUNGE or VANISHED has been sent for it, so a
//! view may hold messages that are gone. Start reading at [`View::sync`].

use crate::reply::{Code, Failure};
use imbl::Vector;
use postroom_mail::{Affected, Entry, OpenFolder, Snapshot};
use postroom_model::{Flags, ModSeq, Right, RightSet, Uid};
use postroom_wire_imap::MessageSet;
use std::collections::BTreeSet;
use std::ops::Range;

/// The selected folder as the client knows it.
pub(crate) struct View {
    pub(crate) folder: OpenFolder,
    /// Opened with EXAMINE: nothing is changed, whatever the rights.
    pub(crate) examined: bool,
    pub(crate) uidvalidity: u32,
    pub(crate) messages: Vector<Entry>,
    /// How far the change log had come when the view was last brought up to date.
    pub(crate) modseq: ModSeq,
    pub(crate) uidnext: Uid,
    /// UIDs that are `\Recent` for this session: it was the first that was told of them.
    recent: Vec<Range<Uid>>,
    /// Gone, but the client has not been told yet.
    gone: BTreeSet<Uid>,
    /// Keywords of people's own that the client has been told of.
    pub(crate) keywords: BTreeSet<String>,
    /// What FLAGS and PERMANENTFLAGS were made from.
    pub(crate) rights: RightSet,
    /// The last saved search result, as UIDs (RFC 9051 section 6.4.4.1).
    pub(crate) saved: Vec<Uid>,
}

/// What changed, in the order in which the client is to be told.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct News {
    /// Sequence numbers, highest first, with their UIDs.
    pub(crate) expunged: Vec<(u32, Uid)>,
    /// The new number of messages, if any were added.
    pub(crate) exists: Option<u32>,
    /// Sequence numbers of messages whose flags changed, ascending.
    pub(crate) changed: Vec<u32>,
    /// A keyword turned up that the client has not been told of.
    pub(crate) new_keywords: bool,
}

/// What came of [`View::absorb`].
pub(crate) struct Absorbed {
    pub(crate) new_keywords: bool,
    /// Ascending.
    pub(crate) unexpected: Vec<Uid>,
}

impl View {
    pub(crate) fn new(folder: OpenFolder, snapshot: &Snapshot, examined: bool) -> Self {
        let rights = folder.rights();
        let mut view = Self {
            folder,
            examined,
            uidvalidity: snapshot.uidvalidity,
            messages: snapshot.messages.clone(),
            modseq: snapshot.modseq,
            uidnext: snapshot.uidnext,
            recent: Vec::new(),
            gone: BTreeSet::new(),
            keywords: snapshot.tally.keywords().map(str::to_owned).collect(),
            rights,
            saved: Vec::new(),
        };
        view.take_recent();
        view
    }

    pub(crate) fn len(&self) -> u32 {
        u32::try_from(self.messages.len()).unwrap_or(u32::MAX)
    }

    /// The highest UID in the folder, 0 if it is empty: what `*` means.
    pub(crate) fn last_uid(&self) -> Uid {
        self.messages.last().map_or(0, |entry| entry.uid)
    }

    pub(crate) fn position(&self, uid: Uid) -> Result<usize, usize> {
        self.messages.binary_search_by(|entry| entry.uid.cmp(&uid))
    }

    /// The UIDs of the messages in a set, ascending; those that are not there are left out.
    pub(crate) fn uids_of(&self, set: &MessageSet, uid: bool) -> Vec<Uid> {
        self.places(set, uid).map(|at| self.messages[at].uid).collect()
    }

    /// Like [`View::uids_of`], for commands in which a message number beyond the last is the client's error.
    pub(crate) fn chosen(&self, set: &MessageSet, uid: bool) -> Result<Vec<Uid>, Failure> {
        self.check_numbers(set, uid)?;
        Ok(self.uids_of(set, uid))
    }

    pub(crate) fn check_numbers(&self, set: &MessageSet, uid: bool) -> Result<(), Failure> {
        match set {
            // `1:*` of an empty folder is what many clients ask for; it means nothing, and is no error.
            MessageSet::Set(numbers) if !uid && !numbers.has_last() && numbers.highest() > self.len() => {
                Err(Failure::bad(format!("there is no message {}; there are {}", numbers.highest(), self.len())))
            }
            MessageSet::Set(_) | MessageSet::Saved => Ok(()),
        }
    }

    /// Positions of the messages in a set, ascending, counted from 0.
    pub(crate) fn places(&self, set: &MessageSet, uid: bool) -> impl Iterator<Item = usize> + use<> {
        let mut ranges: Vec<std::ops::Range<usize>> = Vec::new();
        match set {
            MessageSet::Saved => {
                ranges.extend(self.saved.iter().filter_map(|uid| self.position(*uid).ok()).map(|at| at..at + 1))
            }
            MessageSet::Set(numbers) if uid => {
                for range in numbers.resolve(self.last_uid()) {
                    let from = self.position(*range.start()).unwrap_or_else(|at| at);
                    let to = self.position(*range.end()).map_or_else(|at| at, |at| at + 1);
                    ranges.push(from..to);
                }
            }
            MessageSet::Set(numbers) => {
                for range in numbers.resolve(self.len()) {
                    ranges.push(*range.start() as usize - 1..(*range.end() as usize).min(self.messages.len()));
                }
            }
        }
        ranges.into_iter().flatten()
    }

    /// Whether the message is gone and the client does not know.
    pub(crate) fn is_gone(&self, uid: Uid) -> bool {
        self.gone.contains(&uid)
    }

    pub(crate) fn has_gone(&self) -> bool {
        !self.gone.is_empty()
    }

    /// HIGHESTMODSEQ, which is never 0 (RFC 7162 section 3.1.2.1).
    pub(crate) fn highest_modseq(&self) -> u64 {
        u64::try_from(self.modseq.0).unwrap_or(0).max(1)
    }

    /// How many messages are `\Recent`.
    pub(crate) fn recent(&self) -> u32 {
        let from = |uid| self.position(uid).unwrap_or_else(|at| at);
        let count: usize = self.recent.iter().map(|range| from(range.end) - from(range.start)).sum();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    pub(crate) fn is_recent(&self, uid: Uid) -> bool {
        self.recent.iter().any(|range| range.contains(&uid))
    }

    /// What came since the last look is recent here, unless another session was told first. Only looking, as with
    /// EXAMINE or without a right to change anything, takes nothing from others (RFC 3501 section 6.3.2).
    fn take_recent(&mut self) {
        let until = self.uidnext;
        let only_looks = self.is_read_only();
        let first = if only_looks { self.folder.first_recent() } else { self.folder.take_recent(until) };
        let first = first.max(self.recent.last().map_or(0, |range| range.end));
        match self.recent.last_mut() {
            _ if first >= until => {}
            Some(last) if last.end == first => last.end = until,
            _ => self.recent.push(first..until),
        }
    }

    pub(crate) fn has_taken_recent(&self) -> bool {
        !self.recent.is_empty() && !self.is_read_only()
    }

    /// Whether the session opened the folder to change something; the rights are another question.
    pub(crate) fn writable(&self) -> Result<(), Failure> {
        if self.examined { Err(Failure::no(Code::Cannot, "the folder is open for reading only")) } else { Ok(()) }
    }

    /// Whether this session can change nothing in the folder (RFC 4314 section 5.2).
    pub(crate) fn is_read_only(&self) -> bool {
        let changing = [
            Right::MessageSeen,
            Right::MessageFlag,
            Right::MessageAdd,
            Right::MessageEdit,
            Right::MessageDelete,
            Right::MessagePurge,
        ];
        self.examined || !changing.into_iter().any(|right| self.rights.has(right))
    }

    /// Brings the view up to date. `expunge`: the client may be told of removed messages now (RFC 9051 section 7.5.1).
    /// `modseqs`: it wants to know of changed MODSEQs too.
    pub(crate) fn sync(&mut self, now: &Snapshot, expunge: bool, modseqs: bool) -> News {
        let mut news = News::default();
        if now.modseq <= self.modseq && !(expunge && self.has_gone()) {
            return news;
        }
        if now.modseq > self.modseq {
            let affected = match self.folder.affected_since(self.modseq) {
                Affected::These(uids) => uids,
                Affected::Unknown => self.messages.iter().chain(&now.messages).map(|entry| entry.uid).collect(),
            };
            self.modseq = now.modseq;
            self.uidnext = now.uidnext;
            let fresh = self.take_in(now, affected, modseqs, &mut news);
            if expunge {
                self.tell_gone(&mut news);
            }
            let kept = self.messages.len();
            self.put(fresh, now);
            if self.messages.len() > kept {
                news.exists = Some(self.len());
                self.take_recent();
            }
        } else if expunge {
            self.tell_gone(&mut news);
        }
        self.number(&mut news);
        news
    }

    /// Notes what is gone and gives what has changed or is new. `news.changed` holds UIDs until they are numbered.
    fn take_in(&mut self, now: &Snapshot, affected: BTreeSet<Uid>, modseqs: bool, news: &mut News) -> Vec<Entry> {
        let mut fresh = Vec::new();
        for uid in affected {
            match (self.position(uid), now.by_uid(uid)) {
                (Ok(_), None) => {
                    self.gone.insert(uid);
                }
                (Ok(at), Some(entry)) => {
                    let differs = |old: &Entry| differs(old, entry) || (modseqs && old.modseq != entry.modseq);
                    let differs = self.messages.get(at).is_some_and(differs);
                    self.learn(entry, news);
                    fresh.push(entry.clone());
                    if differs {
                        news.changed.push(uid);
                    }
                }
                // UIDs only grow: what is behind the last one known is new, anything else came and went.
                (Err(at), Some(entry)) if at == self.messages.len() => {
                    self.learn(entry, news);
                    fresh.push(entry.clone());
                }
                (Err(_), _) => {}
            }
        }
        fresh
    }

    /// Takes in what has changed or is new, in order of UID. A client that has been told of all that is gone sees what
    /// everybody sees, so the view shares the snapshot instead of growing apart from it.
    fn put(&mut self, fresh: Vec<Entry>, now: &Snapshot) {
        if !self.has_gone() {
            self.messages = now.messages.clone();
            return;
        }
        for entry in fresh {
            match self.position(entry.uid) {
                Ok(at) => drop(self.messages.set(at, entry)),
                Err(_) => self.messages.push_back(entry),
            }
        }
    }

    fn learn(&mut self, entry: &Entry, news: &mut News) {
        for keyword in entry.own_keywords() {
            if !self.keywords.contains(keyword) {
                self.keywords.insert(keyword.to_owned());
                news.new_keywords = true;
            }
        }
    }

    fn tell_gone(&mut self, news: &mut News) {
        for uid in std::mem::take(&mut self.gone).into_iter().rev() {
            if let Ok(at) = self.position(uid) {
                self.messages.remove(at);
                news.expunged.push((u32::try_from(at + 1).unwrap_or(u32::MAX), uid));
            }
        }
    }

    /// Turns the UIDs in `changed` into sequence numbers, now that removed messages are out.
    fn number(&self, news: &mut News) {
        let numbers = news.changed.iter().filter_map(|uid| self.position(*uid).ok());
        news.changed = numbers.map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX)).collect();
    }

    /// Takes flags that a command changed into the view: it tells the client itself. Gives the UIDs whose flags are
    /// other than `expected` says, given what they were: others changed them too, or the rights did not reach.
    pub(crate) fn absorb(
        &mut self,
        now: &Snapshot,
        uids: &[Uid],
        expected: impl Fn(&Entry) -> (Flags, String),
    ) -> Absorbed {
        let (mut news, mut unexpected) = (News::default(), Vec::new());
        for uid in uids {
            if let (Ok(at), Some(entry)) = (self.position(*uid), now.by_uid(*uid)) {
                let (flags, keywords) = expected(&self.messages[at]);
                if entry.flags != flags || *entry.keywords != *keywords {
                    unexpected.push(*uid);
                }
                self.learn(entry, &mut news);
                self.messages.set(at, entry.clone());
            }
        }
        Absorbed { new_keywords: news.new_keywords, unexpected }
    }
}

/// Whether the client would see a difference in FLAGS.
fn differs(old: &Entry, new: &Entry) -> bool {
    old.flags != new.flags || old.keywords != new.keywords
}

/// Every flag a message can bear that is not a keyword of people's own.
pub(crate) fn system_flags() -> impl Iterator<Item = (Flags, &'static str)> {
    Flags::NAMED.into_iter()
}
