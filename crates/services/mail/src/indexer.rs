//! Takes filed mail into the search index, when there is time for it: searches are complete without it, only slower.
//!
//! Start reading at [`Indexer::run_once`] for what it does and at [`Pace`] for when.

use crate::search::{load, texts_of};
use postroom_model::{Clock, EmailId, Time};
use postroom_store::search::{Entry, waiting};
use postroom_store::{ContentId, Store, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Emails taken at a time, and how much text at most (an email is always taken whole).
const BATCH: u32 = 256;
const BATCH_OCTETS: u64 = 8 * 1024 * 1024;
/// Without any news the indexer looks this often: mail may wait that another node left behind.
const IDLE: Duration = Duration::from_secs(60);
/// How much waits is counted no more often than this, in milliseconds: each delivery is news.
const COUNT_AGAIN: i64 = 250;
/// After an error.
const PAUSE: Duration = Duration::from_secs(5);

/// When indexing gives way to delivery.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// So long nothing must have been filed or changed.
    pub quiet: Duration,
    /// Mail waits no longer than this for a quiet moment.
    pub patience: Duration,
    /// Nor does it when this many wait.
    pub many: u32,
}

impl Default for Pace {
    fn default() -> Self {
        Self { quiet: Duration::from_millis(100), patience: Duration::from_secs(3), many: 10_000 }
    }
}

impl Pace {
    /// Whether to go on though mail keeps coming.
    pub(crate) fn is_urgent(&self, since: Time, now: Time, backlog: u32) -> bool {
        let patience = i64::try_from(self.patience.as_millis()).unwrap_or(i64::MAX);
        backlog >= self.many || now.0.saturating_sub(since.0) >= patience
    }
}

/// The job that keeps the index up. One per node is enough.
pub struct Indexer {
    store: Store,
    clock: Arc<dyn Clock>,
    pace: Pace,
}

impl Indexer {
    pub fn new(store: Store, clock: Arc<dyn Clock>, pace: Pace) -> Self {
        Self { store, clock, pace }
    }

    /// Runs until `stop` turns true.
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut news = self.store.watch_mail();
        tokio::select! {
            () = self.keep_up(&mut news) => {}
            _ = stop.wait_for(|stop| *stop) => {}
        }
    }

    /// Stopping between any two steps leaves nothing undone that is not done again.
    async fn keep_up(&self, news: &mut watch::Receiver<u64>) {
        loop {
            match self.catch_up(news).await {
                // The sender goes with the store, which this job holds.
                Ok(()) => _ = tokio::time::timeout(IDLE, news.changed()).await,
                Err(StoreError::Closed) => return,
                Err(error) => {
                    tracing::error!(error = error.detail(), "mail could not be indexed; it is tried again");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    }

    /// Until nothing waits.
    async fn catch_up(&self, news: &mut watch::Receiver<u64>) -> Result<(), StoreError> {
        while self.backlog().await? > 0 {
            self.wait_for_quiet(news).await?;
            while self.run_once().await? > 0 && !news.has_changed().unwrap_or(true) {}
        }
        Ok(())
    }

    async fn backlog(&self) -> Result<u32, StoreError> {
        let many = self.pace.many;
        self.store.read(move |tx| waiting::count(tx, many)).await
    }

    async fn wait_for_quiet(&self, news: &mut watch::Receiver<u64>) -> Result<(), StoreError> {
        let since = self.clock.now();
        let mut counted = Time(0);
        news.mark_unchanged();
        while let Ok(Ok(())) = tokio::time::timeout(self.pace.quiet, news.changed()).await {
            let now = self.clock.now();
            let mut backlog = 0;
            if now.0.saturating_sub(counted.0) >= COUNT_AGAIN {
                counted = now;
                backlog = self.backlog().await?;
            }
            if self.pace.is_urgent(since, now, backlog) {
                break;
            }
        }
        Ok(())
    }

    /// Indexes the emails that have waited longest. Gives how many; 0: nothing waits.
    pub async fn run_once(&self) -> Result<usize, StoreError> {
        let mut batch = self.store.read(|tx| waiting::oldest(tx, BATCH)).await?;
        let mut octets = 0;
        let fitting = batch.iter().take_while(|email| {
            let fits = octets == 0 || octets + email.size <= BATCH_OCTETS;
            octets += email.size;
            fits
        });
        batch.truncate(fitting.count().max(1));
        let contents: Vec<(EmailId, ContentId)> =
            batch.iter().filter_map(|email| Some((email.email, email.content?))).collect();
        let mut texts = Vec::with_capacity(contents.len());
        while texts.len() < contents.len() {
            let loaded = load(&self.store, &contents[texts.len()..]).await?;
            let taken = tokio::task::spawn_blocking(move || loaded.iter().map(texts_of).collect::<Vec<_>>()).await;
            texts.extend(taken.map_err(|_| StoreError::Panicked)?);
        }
        let mut texts = texts.into_iter();
        let entries = batch.iter().map(|email| Entry {
            mailbox: email.mailbox,
            email: email.email,
            texts: email.content.and_then(|_| texts.next()),
        });
        let count = batch.len();
        self.store.search().index(entries.collect()).await?;
        Ok(count)
    }
}
