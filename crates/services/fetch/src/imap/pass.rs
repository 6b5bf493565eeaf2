//! One pass over the remote Inbox: everything that is there comes here, and what is here goes there, until a listing
//! shows nothing to do.
//!
//! Start reading at [`Pass::run`].

use super::inbox::{Listing, Waiting, list};
use super::remove::remove;
use super::session::{Session, malformed};
use super::take::take;
use crate::desk::Desk;
use crate::error::FetchError;
use crate::known::Known;
use postroom_model::AfterFetch;
use std::collections::BTreeSet;

pub(crate) struct Pass<'a> {
    pub(crate) session: &'a mut Session,
    pub(crate) desk: &'a mut Desk,
    pub(crate) known: &'a mut Known,
    pub(crate) after: &'a AfterFetch,
    /// One message at a time: the server once sent more than it said.
    pub(crate) careful: &'a mut bool,
    /// Listed are the messages from this UID on; 1: all of them.
    pub(crate) first: u32,
}

/// What this pass asked for already, so that a server that does nothing is not asked for ever.
#[derive(Default)]
struct Asked {
    taken: BTreeSet<u32>,
    removed: BTreeSet<u32>,
    notes: Vec<String>,
}

impl Pass<'_> {
    /// Gives what people should know, if something stays there.
    pub(crate) async fn run(mut self) -> Result<String, FetchError> {
        let mut asked = Asked::default();
        loop {
            let listing = self.list(&asked).await?;
            let removed = self.remove(&listing.filed, &mut asked).await?;
            let taken = self.take(&listing, &mut asked).await?;
            if !taken && !removed {
                return self.end(&listing, asked).await;
            }
        }
    }

    /// Lists, and forgets what is gone: numbers are never given twice. Where something is not listed that nobody here
    /// asked to remove, the list is asked for again and must say the same.
    async fn list(&mut self, asked: &Asked) -> Result<Listing, FetchError> {
        let listing = list(self.session, self.known, self.first).await?;
        let Some(all) = &listing.all else { return Ok(listing) };
        if self.known.missing(all).any(|uid| !asked.removed.contains(&uid)) {
            // Opened anew, so that the count of messages is told again, too.
            let validity = self.session.select().await?.uidvalidity;
            if validity.is_some_and(|value| value.to_string() != self.known.scope) {
                return Err(malformed("it numbers its messages anew within one session"));
            }
            let again = list(self.session, self.known, self.first).await?;
            if again.all.as_ref() != Some(all) && !self.session.news {
                return Err(malformed("it lists different messages each time"));
            }
            if again.all.as_ref() != Some(all) {
                return Ok(Listing { all: None, ..again });
            }
        }
        let gone = self.known.forget_gone(all);
        self.desk.forget(gone.iter().map(u32::to_string).collect()).await?;
        Ok(listing)
    }

    /// Whether there was anything to remove that was not asked for before.
    async fn remove(&mut self, filed: &[u32], asked: &mut Asked) -> Result<bool, FetchError> {
        if *self.after == AfterFetch::Keep {
            return Ok(false);
        }
        let uids: Vec<u32> = filed.iter().copied().filter(|uid| asked.removed.insert(*uid)).collect();
        if uids.is_empty() {
            return Ok(false);
        }
        // All that is known to be here, so that marks of an earlier try count as ours.
        asked.notes.extend(remove(self.session, self.after, filed, self.known).await?);
        Ok(true)
    }

    async fn take(&mut self, listing: &Listing, asked: &mut Asked) -> Result<bool, FetchError> {
        let wanted = |waiting: &&Waiting| !waiting.deleted || self.known.renumbered;
        let waiting: Vec<Waiting> = listing.waiting.iter().filter(wanted).copied().collect();
        let (fresh, again): (Vec<Waiting>, Vec<Waiting>) =
            waiting.into_iter().partition(|waiting| asked.taken.insert(waiting.uid));
        for one in again.into_iter().filter(|one| !one.deleted) {
            let note = "the server lists it and does not give it".to_owned();
            self.desk.refuse(one.uid.to_string(), one.size, note).await?;
            self.known.refused(one.uid);
        }
        // What came is removed before more is fetched, so that an end in the middle leaves little to do again.
        for some in fresh.chunks(400) {
            let here = take(self.session, self.desk, self.known, some, self.careful).await?;
            let mut here: Vec<u32> = here.into_iter().filter(|uid| asked.removed.insert(*uid)).collect();
            here.sort_unstable();
            if !here.is_empty() {
                asked.notes.extend(remove(self.session, self.after, &here, self.known).await?);
            }
        }
        Ok(!fresh.is_empty())
    }

    async fn end(self, listing: &Listing, mut asked: Asked) -> Result<String, FetchError> {
        if self.known.renumbered && listing.all.is_some() {
            self.desk.forget_elsewhere().await?;
            self.known.renumbered = false;
        }
        let left = listing.waiting.iter().filter(|waiting| waiting.deleted).count();
        if left > 0 {
            asked.notes.push(format!("{left} messages stay there: somebody marked them as deleted"));
        }
        if listing.refused > 0 {
            asked
                .notes
                .push(format!("{} messages cannot be taken; `postroom inbound show` lists them", listing.refused));
        }
        if *self.after != AfterFetch::Keep && !listing.filed.is_empty() && asked.notes.is_empty() {
            asked.notes.push(format!("the server keeps {} messages that it was asked to remove", listing.filed.len()));
        }
        asked.notes.dedup();
        Ok(asked.notes.join("; "))
    }
}
