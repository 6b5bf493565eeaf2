//! A segment: the words of some emails of one mailbox. Start reading at [`build`].

use super::block::{Block, Builder, put_number, take_number};
use super::column::Column;
use super::emailset::EmailSet;
use super::words::each_term;
use super::{Entry, Texts};
use crate::db::error::StoreError;
use postroom_model::{EmailId, MailboxId};
use std::collections::{BTreeMap, HashMap};

#[derive(Debug)]
pub(crate) struct Segment {
    mailbox: MailboxId,
    pub(crate) emails: EmailSet,
    pub(crate) blocks: Vec<Block>,
}

impl Segment {
    pub(crate) fn new(mailbox: MailboxId, emails: EmailSet, blocks: Vec<Block>) -> Self {
        Self { mailbox, emails, blocks }
    }

    pub(crate) fn mailbox(&self) -> MailboxId {
        self.mailbox
    }

    /// Whether it holds no word at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    pub(crate) fn octets(&self) -> usize {
        self.blocks.iter().map(|block| block.terms.len() + block.postings.len()).sum()
    }
}

/// Makes one segment for each mailbox that has a word.
pub(crate) fn build(entries: Vec<Entry>) -> Vec<Segment> {
    let mut mailboxes: BTreeMap<MailboxId, BTreeMap<EmailId, Texts>> = BTreeMap::new();
    for entry in entries {
        if let Some(texts) = entry.texts {
            mailboxes.entry(entry.mailbox).or_default().insert(entry.email, texts);
        }
    }
    let segments = mailboxes.into_iter().map(|(mailbox, emails)| of_mailbox(mailbox, &emails));
    segments.filter(|segment| !segment.is_empty()).collect()
}

/// The emails that hold a word: the last, and the list so far.
struct Posting {
    last: i64,
    list: Vec<u8>,
}

fn of_mailbox(mailbox: MailboxId, emails: &BTreeMap<EmailId, Texts>) -> Segment {
    let base = emails.keys().next().copied().unwrap_or(EmailId(0));
    let mut builder = Builder::new(base);
    for column in Column::ALL {
        let mut words: HashMap<&str, Posting> = HashMap::new();
        for (email, texts) in emails {
            each_term(texts.part(column), |word| add(&mut words, word, base, *email));
        }
        let mut words: Vec<(&str, Posting)> = words.into_iter().collect();
        words.sort_unstable_by_key(|(word, _)| *word);
        for (word, posting) in words {
            builder.push(column, word.as_bytes(), &posting.list);
        }
    }
    Segment::new(mailbox, emails.keys().copied().collect(), builder.finish())
}

fn add<'t>(words: &mut HashMap<&'t str, Posting>, word: &'t str, base: EmailId, email: EmailId) {
    let posting = words.entry(word).or_insert(Posting { last: -1, list: Vec::new() });
    if posting.last != email.0 {
        let before = if posting.last < 0 { base.0 } else { posting.last };
        put_number(&mut posting.list, email.0.abs_diff(before));
        posting.last = email.0;
    }
}

/// A set of emails as it is stored: distances, from 0.
pub(crate) fn encode_emails(emails: &EmailSet) -> Vec<u8> {
    let (mut bytes, mut before) = (Vec::new(), 0);
    for email in emails.iter() {
        put_number(&mut bytes, email.0.abs_diff(before));
        before = email.0;
    }
    bytes
}

pub(crate) fn decode_emails(mut bytes: &[u8]) -> Result<EmailSet, StoreError> {
    let (mut emails, mut at) = (EmailSet::default(), 0i64);
    while !bytes.is_empty() {
        let distance = i64::try_from(take_number(&mut bytes)?).unwrap_or(i64::MAX);
        at = at.saturating_add(distance);
        if at > 1 << 32 {
            return Err(StoreError::Corrupt("search_segment.ids"));
        }
        emails.insert(EmailId(at));
    }
    Ok(emails)
}
