//! The search index: which emails of a mailbox contain which words, in which part of the message.
//!
//! It is kept outside the delivery transaction: delivery leaves a row in `to_index` ([`waiting`]), an indexer later
//! hands the text to [`Search::index`]. The index is rebuilt from the mail when it is lost ([`schema`]).
//! A mailbox has several immutable segments ([`segment`]), each a sorted dictionary of the words of some emails
//! with the emails that hold them; small ones are merged into larger ones ([`merge`]). Dictionaries are plain text,
//! so that a search runs over them as over any text and finds words by any part of them ([`block`]).
//! Invariant: an email is waiting, or indexed, or both; never neither. Start reading at [`Search::candidates`].

mod block;
mod cache;
mod column;
mod emailset;
mod merge;
mod needle;
mod schema;
mod segment;
mod statements;
pub mod waiting;
mod words;

use crate::db::error::StoreError;
use crate::db::queue::{Queue, Scope, task};
use crate::db::sqlite::Threads;
use crate::db::tx::Tx;
use crate::db::{postgresql, sqlite};
use crate::feed::Feed;
use crate::{Database, OpenError};
use cache::Caches;
use needle::Needle;
use postroom_model::{EmailId, MailboxId};
use segment::Segment;
use std::sync::Arc;

pub use column::{Column, Columns};
pub use emailset::EmailSet;

#[cfg(test)]
mod tests;

/// The text of an email, each part normalised (see the message crate) by the caller.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    parts: [String; Column::COUNT],
}

impl Texts {
    pub fn set(&mut self, column: Column, text: String) {
        self.parts[column.index()] = text;
    }

    pub fn part(&self, column: Column) -> &str {
        &self.parts[column.index()]
    }
}

/// An email for the index.
#[derive(Clone, Debug)]
pub struct Entry {
    pub mailbox: MailboxId,
    pub email: EmailId,
    /// None: the email has gone meanwhile; only its row in `to_index` is removed.
    pub texts: Option<Texts>,
}

/// What the index says about a text that is looked for. Emails that wait to be indexed are not in it, emails that
/// have gone may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Candidates {
    /// These contain it, and no others.
    Exactly(EmailSet),
    /// Others do not contain it; these may.
    Possibly(EmailSet),
    /// The text holds no word: the index cannot tell.
    Anything,
}

/// The open index. Cheap to clone.
#[derive(Clone)]
pub struct Search {
    inner: Arc<Inner>,
}

struct Inner {
    /// Of the index.
    writes: Arc<Queue>,
    reads: Arc<Queue>,
    /// Of the main database, which holds `to_index` and says which emails there are.
    mail_writes: Arc<Queue>,
    mail_reads: Arc<Queue>,
    caches: Caches,
    /// One change of the index at a time.
    changing: tokio::sync::Mutex<()>,
}

const READERS: usize = 2;

/// Opens the index that belongs to the main database: a file beside it, or tables in it. What is damaged or from
/// another database is made anew, and every email waits to be indexed again.
pub(crate) fn open(
    database: &Database,
    mail_writes: &Arc<Queue>,
    mail_reads: &Arc<Queue>,
) -> Result<(Search, Threads), OpenError> {
    let (writes, reads) = (Arc::new(Queue::new()), Arc::new(Queue::new()));
    let (queues, feed) = ((&writes, &reads), Feed::new());
    let threads = match database {
        Database::Sqlite(path) => {
            let path = path.with_file_name("search.db");
            let opened = sqlite::open(&path, schema::run, READERS, queues, &feed);
            match opened {
                Err(error) if schema::is_damaged(&error) => {
                    tracing::warn!(error = error.detail(), "the search index is damaged and is made anew");
                    schema::remove_file(&path).map_err(StoreError::from)?;
                    sqlite::open(&path, schema::run, READERS, queues, &feed)?
                }
                opened => opened?,
            }
        }
        Database::Postgresql(url) => postgresql::open(url, schema::run, (1, READERS), queues, &feed)?,
    };
    schema::match_up(&writes, mail_writes)?;
    let inner = Inner {
        writes,
        reads,
        mail_writes: mail_writes.clone(),
        mail_reads: mail_reads.clone(),
        caches: Caches::default(),
        changing: tokio::sync::Mutex::new(()),
    };
    Ok((Search { inner: Arc::new(inner) }, threads))
}

impl Search {
    /// The emails of a mailbox that contain `needle`, which is normalised like the texts, in one of `columns`.
    pub async fn candidates(
        &self,
        mailbox: MailboxId,
        columns: Columns,
        needle: &str,
    ) -> Result<Candidates, StoreError> {
        let Some(needle) = Needle::of(needle) else { return Ok(Candidates::Anything) };
        let inner = self.inner.clone();
        let exact = needle.is_exact();
        let found =
            ask(&self.inner.reads, move |tx| statements::find(tx, &inner.caches, mailbox, columns, needle.patterns()));
        let found = found.await?;
        Ok(if exact { Candidates::Exactly(found) } else { Candidates::Possibly(found) })
    }

    /// Takes emails into the index, and only then removes their rows from `to_index`. When it is interrupted in
    /// between, the emails are indexed once more, which changes no answer.
    pub async fn index(&self, entries: Vec<Entry>) -> Result<(), StoreError> {
        let _alone = self.inner.changing.lock().await;
        let reached: Vec<_> = entries.iter().map(|entry| (entry.mailbox, entry.email)).collect();
        let built = tokio::task::spawn_blocking(move || segment::build(entries)).await;
        let segments = Arc::new(built.map_err(|_| StoreError::Panicked)?);
        let mailboxes: Vec<MailboxId> = segments.iter().map(Segment::mailbox).collect();
        ask(&self.inner.writes, move |tx| segments.iter().try_for_each(|segment| statements::insert(tx, segment)))
            .await?;
        ask(&self.inner.mail_writes, move |tx| waiting::done(tx, &reached)).await?;
        for mailbox in mailboxes {
            while let Some(group) = ask(&self.inner.reads, move |tx| merge::due(tx, mailbox)).await? {
                self.rewrite(mailbox, group).await?;
            }
        }
        Ok(())
    }

    /// Takes emails that have gone out of the segments of which they make up `percent` or more.
    pub async fn tidy(&self, mailbox: MailboxId, percent: u64) -> Result<(), StoreError> {
        let _alone = self.inner.changing.lock().await;
        for segment in ask(&self.inner.reads, move |tx| statements::segments(tx, mailbox)).await? {
            let id = segment.id;
            let held = ask(&self.inner.reads, move |tx| statements::emails_of(tx, id)).await?;
            let live = self.live(mailbox, &held).await?;
            let gone = held.len() - live.len();
            if gone > 0 && gone * 100 >= held.len() * percent {
                self.rewrite(mailbox, vec![id]).await?;
            }
        }
        Ok(())
    }

    /// Takes a mailbox that has gone out of the index.
    pub async fn forget(&self, mailbox: MailboxId) -> Result<(), StoreError> {
        let _alone = self.inner.changing.lock().await;
        ask(&self.inner.writes, move |tx| statements::remove_mailbox(tx, mailbox)).await
    }

    /// Makes one segment of several, without the emails that have gone.
    async fn rewrite(&self, mailbox: MailboxId, group: Vec<i64>) -> Result<(), StoreError> {
        let ids = group.clone();
        let (held, blocks) = ask(&self.inner.reads, move |tx| {
            let mut held = EmailSet::default();
            for id in &ids {
                held.union(&statements::emails_of(tx, *id)?);
            }
            Ok((held, statements::blocks(tx, mailbox, &ids)?))
        })
        .await?;
        let live = self.live(mailbox, &held).await?;
        let merged = tokio::task::spawn_blocking(move || merge::merge(mailbox, &blocks, live)).await;
        let merged = Arc::new(merged.map_err(|_| StoreError::Panicked)??);
        self.inner.caches.forget(&group);
        let replaced = ask(&self.inner.writes, move |tx| {
            statements::remove(tx, mailbox, &group)?;
            if merged.is_empty() { Ok(()) } else { statements::insert(tx, &merged) }
        });
        match replaced.await {
            // Another node came first.
            Err(StoreError::Gone(_)) => Ok(()),
            replaced => replaced,
        }
    }

    /// Those of `held` that have not gone.
    async fn live(&self, mailbox: MailboxId, held: &EmailSet) -> Result<EmailSet, StoreError> {
        let mut live = EmailSet::default();
        let (mut after, last) = (held.first().map_or(0, |id| id.0) - 1, held.last().map_or(-1, |id| id.0));
        while after < last {
            let page = ask(&self.inner.mail_reads, move |tx| waiting::emails_after(tx, mailbox, EmailId(after), 5_000))
                .await?;
            after = page.last().map_or(i64::MAX, |id| id.0);
            live.extend(page);
        }
        live.intersect(held);
        Ok(live)
    }

    pub(crate) fn close(&self) {
        self.inner.writes.close();
        self.inner.reads.close();
    }
}

async fn ask<T, F>(queue: &Queue, work: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
{
    let (job, answer) = task(work);
    queue.push(Scope::Free, job);
    answer.await.unwrap_or(Err(StoreError::Closed))
}
