//! Finding messages by a search program.
//!
//! What needs the text of messages is asked of the mail service first, one set of emails per condition; then every
//! message of the view is held against the program in memory. Start reading at [`find`].

mod dates;
mod frozen;
mod results;
mod texts;

pub(crate) use frozen::frozen;
pub(crate) use results::{answer, part, save};

use crate::commands::{Result, object_id, view};
use crate::session::Session;
use crate::view::View;
use dates::SentDays;
use postroom_mail::Entry;
use postroom_model::{Flags, Time};
use postroom_wire_imap::command::search::SearchKey;
use postroom_wire_imap::{Date, Flag, MessageSet};
use texts::Texts;

/// What was found, in step; in the order of the folder unless it is sorted.
#[derive(Default)]
pub(crate) struct Found {
    pub(crate) numbers: Vec<u32>,
    pub(crate) uids: Vec<u32>,
    /// The program asked for MODSEQ.
    pub(crate) by_modseq: bool,
    pub(crate) modseqs: Vec<u64>,
    /// How well each fits, from 1 to 100 (RFC 6203).
    pub(crate) relevancy: Vec<u8>,
}

impl Found {
    /// The same in another order: the place of each in this one.
    pub(crate) fn in_order(&self, places: &[usize]) -> Self {
        Self {
            numbers: places.iter().map(|at| self.numbers[*at]).collect(),
            uids: places.iter().map(|at| self.uids[*at]).collect(),
            by_modseq: self.by_modseq,
            modseqs: places.iter().map(|at| self.modseqs[*at]).collect(),
            relevancy: places.iter().map(|at| self.relevancy[*at]).collect(),
        }
    }
}

pub(crate) async fn find(session: &Session, program: &SearchKey) -> Result<Found> {
    let (view, now) = (view(session)?, session.imap.mail.access().clock().now());
    view.folder.snapshot()?;
    let all: Vec<(usize, &Entry)> = view.messages.iter().enumerate().collect();
    matching(view, program, &all, now).await
}

/// Which of some messages of the view, given with their places, fit.
pub(crate) async fn matching(
    view: &View,
    program: &SearchKey,
    messages: &[(usize, &Entry)],
    now: Time,
) -> Result<Found> {
    let texts = Texts::gather(view, program, messages).await?;
    let by_sent = mentions(program, is_sent_date);
    let sent = if by_sent { SentDays::gather(view, messages).await? } else { SentDays::default() };
    let matcher = Matcher { view, texts, sent, now };
    let by_modseq = mentions(program, |key| matches!(key, SearchKey::ModSeq { .. }));
    let mut found = Found { by_modseq, ..Found::default() };
    for &(at, entry) in messages {
        let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
        if !view.is_gone(entry.uid) && matcher.fits(program, number, entry, &mut 0) {
            found.numbers.push(number);
            found.uids.push(entry.uid);
            found.modseqs.push(u64::try_from(entry.modseq.0).unwrap_or(0));
            found.relevancy.push(matcher.texts.relevancy(entry.email));
        }
    }
    Ok(found)
}

/// Whether a key of the kind stands anywhere in the program.
fn mentions(key: &SearchKey, wanted: fn(&SearchKey) -> bool) -> bool {
    wanted(key)
        || match key {
            SearchKey::And(keys) | SearchKey::Or(keys) => keys.iter().any(|key| mentions(key, wanted)),
            SearchKey::Not(key) | SearchKey::Fuzzy(key) => mentions(key, wanted),
            _ => false,
        }
}

fn is_sent_date(key: &SearchKey) -> bool {
    matches!(key, SearchKey::SentBefore(_) | SearchKey::SentOn(_) | SearchKey::SentSince(_))
}

struct Matcher<'v> {
    view: &'v View,
    texts: Texts,
    sent: SentDays,
    now: Time,
}

impl Matcher<'_> {
    /// `text`: how many text conditions stand before this key in the program; they are counted in the same order as
    /// [`Texts::gather`] counts them, so every branch is walked even when the outcome is clear.
    fn fits(&self, key: &SearchKey, number: u32, entry: &Entry, text: &mut usize) -> bool {
        match key {
            SearchKey::And(keys) => {
                let mut all = true;
                for key in keys {
                    all &= self.fits(key, number, entry, text);
                }
                all
            }
            SearchKey::Or(keys) => {
                let mut any = false;
                for key in keys {
                    any |= self.fits(key, number, entry, text);
                }
                any
            }
            SearchKey::Not(key) => !self.fits(key, number, entry, text),
            SearchKey::Fuzzy(key) => self.fits(key, number, entry, text),
            key if texts::query(key).is_some() => {
                *text += 1;
                self.texts.holds(*text - 1, entry.email)
            }
            key => self.fits_simply(key, number, entry),
        }
    }

    fn fits_simply(&self, key: &SearchKey, number: u32, entry: &Entry) -> bool {
        match key {
            SearchKey::All | SearchKey::SaveDateSupported => true,
            SearchKey::HasFlag(flag) => self.bears(entry, flag),
            SearchKey::LacksFlag(flag) => !self.bears(entry, flag),
            SearchKey::Numbers(set) => self.in_set(set, false, number, entry),
            SearchKey::Uids(set) => self.in_set(set, true, number, entry),
            SearchKey::Larger(size) => u64::from(entry.size) > *size,
            SearchKey::Smaller(size) => u64::from(entry.size) < *size,
            SearchKey::ModSeq { mod_seq, .. } => u64::try_from(entry.modseq.0).unwrap_or(0) >= *mod_seq,
            SearchKey::EmailId(id) => *id == object_id::email(self.view.folder.mailbox(), entry.email),
            SearchKey::ThreadId(id) => *id == object_id::thread(self.view.folder.mailbox(), entry.thread),
            key => self.fits_date(key, entry),
        }
    }

    fn fits_date(&self, key: &SearchKey, entry: &Entry) -> bool {
        let day = |time: Time| time.seconds().div_euclid(86_400);
        let (received, saved) = (day(entry.received_at), day(entry.saved_at));
        let sent = || self.sent.day(entry).unwrap_or(received);
        let age = (self.now.seconds() - entry.received_at.seconds()).max(0);
        match key {
            SearchKey::Before(date) => received < days(*date),
            SearchKey::On(date) => received == days(*date),
            SearchKey::Since(date) => received >= days(*date),
            SearchKey::SavedBefore(date) => saved < days(*date),
            SearchKey::SavedOn(date) => saved == days(*date),
            SearchKey::SavedSince(date) => saved >= days(*date),
            SearchKey::SentBefore(date) => sent() < days(*date),
            SearchKey::SentOn(date) => sent() == days(*date),
            SearchKey::SentSince(date) => sent() >= days(*date),
            SearchKey::Older(seconds) => age >= i64::from(*seconds),
            SearchKey::Younger(seconds) => age <= i64::from(*seconds),
            _ => false,
        }
    }

    fn bears(&self, entry: &Entry, flag: &Flag) -> bool {
        match (flag, Flags::from_imap(flag.as_str())) {
            (Flag::Recent, _) => self.view.is_recent(entry.uid),
            (_, Some(bit)) => entry.flags.contains(bit),
            (flag, None) => entry.own_keywords().any(|keyword| keyword.eq_ignore_ascii_case(flag.as_str())),
        }
    }

    fn in_set(&self, set: &MessageSet, uid: bool, number: u32, entry: &Entry) -> bool {
        match set {
            MessageSet::Saved => self.view.saved.binary_search(&entry.uid).is_ok(),
            MessageSet::Set(set) if uid => set.contains(entry.uid, self.view.last_uid()),
            MessageSet::Set(set) => set.contains(number, self.view.len()),
        }
    }
}

fn days(date: Date) -> i64 {
    date.days_since_epoch()
}
