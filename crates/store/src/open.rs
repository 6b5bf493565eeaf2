//! Opening the store, and handing it work.

use crate::content::page::{Page, Wanted};
use crate::content::{self, ContentId, NewContent, NewSummary, Stored};
use crate::db::error::StoreError;
use crate::db::queue::{Queue, Retry, Scope, task};
use crate::db::tx::Tx;
use crate::db::{migrate, postgresql, sqlite};
use crate::feed::Feed;
use crate::objects::Objects;
use crate::params;
use crate::search::{self, Search};
use aws_lc_rs::{hmac, rand};
use postroom_model::{MailboxId, ModSeq, Time};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::watch;

/// Writer threads on PostgreSQL; SQLite has one.
const WRITERS: usize = 4;
const READERS: usize = 4;

/// Where things are kept. On SQLite the search index is the file `search.db` beside the database.
#[derive(Clone, Debug)]
pub struct StoreConfig {
    pub database: Database,
    /// Folder for large content.
    pub blobs: PathBuf,
}

#[derive(Clone, Debug)]
pub enum Database {
    Sqlite(PathBuf),
    /// A `postgres://…` address or a connection string.
    Postgresql(String),
}

#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("the folder {0} cannot be made: {1}")]
    Folder(PathBuf, #[source] std::io::Error),
    #[error("the database cannot be opened: {}", .0.detail())]
    Database(#[from] StoreError),
}

/// The open store. Cheap to clone; the last one to go waits for what was accepted.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    writes: Arc<Queue>,
    reads: Arc<Queue>,
    feed: Feed,
    objects: Objects,
    search: Search,
    content_key: hmac::Key,
    threads: Mutex<Vec<std::thread::JoinHandle<()>>>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.close();
    }
}

impl Inner {
    fn close(&self) {
        self.writes.close();
        self.reads.close();
        self.search.close();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // The last handle may be dropped by a closure that runs on one of the threads.
            if thread.thread().id() != std::thread::current().id() {
                let _ = thread.join();
            }
        }
    }
}

impl Store {
    /// Opens or creates the database and the folder for large content, and brings the schema up. Blocks.
    pub fn open(config: &StoreConfig) -> Result<Self, OpenError> {
        let objects = Objects::open(&config.blobs).map_err(|error| OpenError::Folder(config.blobs.clone(), error))?;
        let (writes, reads, feed) = (Arc::new(Queue::new()), Arc::new(Queue::new()), Feed::new());
        let queues = (&writes, &reads);
        let mut threads = match &config.database {
            Database::Sqlite(path) => {
                if let Some(folder) = path.parent() {
                    std::fs::create_dir_all(folder).map_err(|error| OpenError::Folder(folder.to_owned(), error))?;
                }
                sqlite::open(path, migrate::run, READERS, queues, &feed)?
            }
            Database::Postgresql(url) => postgresql::open(url, migrate::run, (WRITERS, READERS), queues, &feed)?,
        };
        let content_key = content_key(&writes)?;
        let (search, its_threads) = search::open(&config.database, &writes, &reads)?;
        threads.handles.extend(its_threads.handles);
        let threads = Mutex::new(threads.handles);
        Ok(Self { inner: Arc::new(Inner { writes, reads, feed, objects, search, content_key, threads }) })
    }

    /// Runs `work` in a read transaction: it sees one state of the database. Keep it to one page of results.
    pub async fn read<T, F>(&self, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let (job, answer) = task(work);
        self.inner.reads.push(Scope::Free, job);
        answer.await.unwrap_or(Err(StoreError::Closed))
    }

    /// Runs `work` in a write transaction and answers after the commit. An error takes back all it did.
    ///
    /// On PostgreSQL `work` may be run again when transactions collide, so it must not have side effects.
    pub async fn write<T, E, F>(&self, scope: Scope, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: Send + From<StoreError> + Retry + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let scope = match scope {
            Scope::Mailboxes(mut ids) => {
                ids.sort_unstable();
                ids.dedup();
                if ids.is_empty() { Scope::Free } else { Scope::Mailboxes(ids) }
            }
            other => other,
        };
        let (job, answer) = task(work);
        self.inner.writes.push(scope, job);
        answer.await.unwrap_or(Err(StoreError::Closed.into()))
    }

    /// Hashes and compresses a message before it is filed. Blocks when the content is large; see
    /// [`Store::is_large`].
    pub fn prepare(&self, raw: &[u8], summary: NewSummary) -> Result<NewContent, StoreError> {
        content::prepare(&self.inner.content_key, &self.inner.objects, raw, summary)
    }

    /// Whether [`Store::prepare`] may take long: then call it where blocking is allowed.
    pub fn is_large(raw: &[u8]) -> bool {
        raw.len() > 128 * 1024
    }

    /// The contents of `ids` in the given order, until `limit` octets as kept have been read; at least one.
    pub async fn contents(&self, ids: Vec<ContentId>, limit: usize) -> Result<Vec<Stored>, StoreError> {
        let objects = self.inner.objects.clone();
        let ids: Vec<i64> = ids.into_iter().map(|id| id.0).collect();
        self.read(move |tx| content::load(tx, &objects, &ids, limit)).await
    }

    /// What is wanted of a page of contents. What has gone meanwhile is missing in it.
    pub async fn page(&self, ids: Vec<ContentId>, wanted: Wanted) -> Result<Page, StoreError> {
        let objects = self.inner.objects.clone();
        self.read(move |tx| Page::read(tx, &objects, &ids, wanted)).await
    }

    /// Removes content that nothing has referred to since `before`. Gives how many pieces went.
    pub async fn collect(&self, before: Time, limit: u32) -> Result<usize, StoreError> {
        let (gone, objects) = self.write(Scope::Free, move |tx| content::collect(tx, before, limit)).await?;
        for name in objects {
            self.inner.objects.remove(&name)?;
        }
        Ok(gone)
    }

    /// Fires after each commit that changed the mailbox.
    pub fn watch_mailbox(&self, mailbox: MailboxId) -> watch::Receiver<ModSeq> {
        self.inner.feed.watch_mailbox(mailbox)
    }

    /// How often the folders of a mailbox have changed since the store was opened, messages aside. As long as it is the
    /// same, so is the list of folders. Costs nothing.
    pub fn folder_changes(&self, mailbox: MailboxId) -> u64 {
        self.inner.feed.folder_changes(mailbox)
    }

    /// Fires after each commit that changed any mailbox; counts them.
    pub fn watch_mail(&self) -> watch::Receiver<u64> {
        self.inner.feed.watch_mail()
    }

    /// The index of words.
    pub fn search(&self) -> &Search {
        &self.inner.search
    }

    /// Fires after each commit that changed mailboxes, addresses, roles or grants.
    pub fn watch_organisation(&self) -> watch::Receiver<u64> {
        self.inner.feed.watch_organisation()
    }

    /// Finishes what was accepted and closes the database. What is asked afterwards is refused. Blocks.
    pub fn close(&self) {
        self.inner.close();
    }
}

/// The key of content hashes, made once per installation.
fn content_key(writes: &Queue) -> Result<hmac::Key, StoreError> {
    let (job, answer) = task::<String, StoreError, _>(|tx| {
        let found = "SELECT value FROM setting WHERE name = 'content_key'";
        if let Some(key) = tx.row(found, &[], |row| Ok(row.text(0)?.to_owned()))? {
            return Ok(key);
        }
        let mut fresh = [0u8; 32];
        rand::fill(&mut fresh).map_err(|_| StoreError::Corrupt("random numbers"))?;
        let key = content::hex(&fresh);
        tx.execute("INSERT INTO setting (name, value) VALUES ('content_key', ?1)", params![&key])?;
        Ok(key)
    });
    writes.push(Scope::Organisation, job);
    let key = answer.blocking_recv().unwrap_or(Err(StoreError::Closed))?;
    Ok(hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes()))
}
