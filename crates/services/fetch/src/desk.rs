//! Where fetched messages come in: each is prepared as it arrives, and a batch is filed in one transaction with what
//! its messages are known by there.
//!
//! Start reading at [`Desk::put`].

use crate::error::FetchError;
use crate::received::{Received, Whole};
use postroom_inbound::{FetchedError, FetchedMail, Filing, Inbound, Took};
use postroom_mail::{Prepared, prepare};
use postroom_model::{Flags, Keyword, Time};
use postroom_store::inbound_keys::{self, KeyRow, KeyState, Of, RemoteKey};
use postroom_store::{Scope, Store, StoreError, Tx};
use std::sync::Arc;
use tokio::sync::Semaphore;

/// A batch is filed when it holds so many octets, as they are kept, or so many messages.
const BATCH_OCTETS: u64 = 4 * 1024 * 1024;
const BATCH: usize = 200;

/// What a server says of a message beside its content.
#[derive(Clone, Debug, Default)]
pub(crate) struct Marks {
    pub(crate) flags: Flags,
    pub(crate) keywords: String,
    pub(crate) received_at: Option<Time>,
    pub(crate) deleted: bool,
}

pub(crate) struct Desk {
    pub(crate) inbound: Inbound,
    pub(crate) store: Store,
    pub(crate) filing: Filing,
    /// The largest message that is taken.
    pub(crate) limit: u64,
    /// One large message at a time is in memory, of all services together.
    pub(crate) large: Arc<Semaphore>,
    waiting: Vec<FetchedMail>,
    octets: u64,
    /// The scope in which messages are numbered now.
    pub(crate) scope: String,
    pub(crate) renumbered: bool,
}

impl Desk {
    pub(crate) fn new(inbound: Inbound, store: Store, filing: Filing, limit: u64, large: Arc<Semaphore>) -> Self {
        let (waiting, octets, scope, renumbered) = (Vec::new(), 0, String::new(), false);
        Self { inbound, store, filing, limit, large, waiting, octets, scope, renumbered }
    }

    pub(crate) fn of(&self) -> Of {
        Of { mailbox: self.filing.mailbox, service: self.filing.service }
    }

    pub(crate) fn key(&self, key: String) -> RemoteKey {
        RemoteKey { scope: self.scope.clone(), key }
    }

    /// Takes a message; gives what became of the batch if that was full now.
    pub(crate) async fn put(
        &mut self,
        key: String,
        received: Received,
        marks: Marks,
    ) -> Result<Vec<(String, Took)>, FetchError> {
        let (whole, hash) = received.finish();
        let message = self.prepare(whole).await?;
        self.octets += message.content.size().min(BATCH_OCTETS);
        let Marks { flags, keywords, received_at, deleted } = marks;
        let (key, renumbered) = (self.key(key), self.renumbered);
        self.waiting.push(FetchedMail {
            message,
            key,
            hash,
            flags,
            keywords,
            received_at,
            renumbered,
            deleted_there: deleted,
        });
        if self.octets >= BATCH_OCTETS || self.waiting.len() >= BATCH { self.file().await } else { Ok(Vec::new()) }
    }

    async fn prepare(&self, whole: Whole) -> Result<Prepared, FetchError> {
        if !whole.is_on_disk() {
            let raw = whole.load().map_err(FetchError::Spool)?;
            return Ok(prepare(&self.store, raw).await?);
        }
        // The semaphore is never closed.
        let _turn = self.large.acquire().await;
        let loaded = tokio::task::spawn_blocking(move || whole.load()).await;
        let raw = loaded.map_err(|_| StoreError::Panicked)?.map_err(FetchError::Spool)?;
        Ok(prepare(&self.store, raw).await?)
    }

    /// Files what waits; gives what became of it, by key. Where the mailbox is full, all that fits is filed first.
    pub(crate) async fn file(&mut self) -> Result<Vec<(String, Took)>, FetchError> {
        self.octets = 0;
        let batch = std::mem::take(&mut self.waiting);
        if batch.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<String> = batch.iter().map(|mail| mail.key.key.clone()).collect();
        match self.inbound.file_fetched(self.filing.clone(), batch.clone()).await {
            Ok(took) => return Ok(keys.into_iter().zip(took).collect()),
            Err(FetchedError::Full { .. }) if batch.len() > 1 => {}
            Err(error) => return Err(error.into()),
        }
        for mail in batch {
            self.inbound.file_fetched(self.filing.clone(), vec![mail]).await?;
        }
        Err(FetchError::Lost("the mailbox was full and has room again".to_owned()))
    }

    /// Drops what waits: it is fetched again.
    pub(crate) fn clear(&mut self) {
        self.waiting.clear();
        self.octets = 0;
    }

    /// Remembers, for people to see, that a message cannot be taken.
    pub(crate) async fn refuse(&self, key: String, size: u64, note: String) -> Result<(), FetchError> {
        let (of, at) = (self.of(), self.now());
        let row = KeyRow { key: self.key(key), hash: [0; 16], state: KeyState::Refused, size, note, at };
        tracing::warn!(service = self.filing.service.0, size, reason = row.note, "a message stays where it is");
        let work = move |tx: &mut Tx<'_>| match inbound_keys::state(tx, of, &row.key)? {
            Some(KeyState::Filed) => Ok(()),
            _ => inbound_keys::put(tx, of, &row),
        };
        Ok(self.store.write::<_, StoreError, _>(Scope::mailbox(of.mailbox), work).await?)
    }

    /// Forgets messages that are gone there.
    pub(crate) async fn forget(&self, keys: Vec<String>) -> Result<(), FetchError> {
        let of = self.of();
        for keys in keys.chunks(1000) {
            let keys: Vec<RemoteKey> = keys.iter().map(|key| self.key(key.clone())).collect();
            let work = move |tx: &mut Tx<'_>| inbound_keys::remove(tx, of, &keys);
            self.store.write::<_, StoreError, _>(Scope::mailbox(of.mailbox), work).await?;
        }
        Ok(())
    }

    /// Sets aside messages that are not listed any more: what is new is compared with them.
    pub(crate) async fn set_aside(&self, keys: Vec<String>) -> Result<(), FetchError> {
        let of = self.of();
        let keys: Vec<RemoteKey> = keys.into_iter().map(|key| self.key(key)).collect();
        let work = move |tx: &mut Tx<'_>| inbound_keys::set_aside(tx, of, &keys);
        Ok(self.store.write::<_, StoreError, _>(Scope::mailbox(of.mailbox), work).await?)
    }

    /// Forgets all other numberings: every message that is there is known under this one.
    pub(crate) async fn forget_elsewhere(&mut self) -> Result<(), FetchError> {
        let (of, scope) = (self.of(), self.scope.clone());
        let work = move |tx: &mut Tx<'_>| inbound_keys::forget_elsewhere(tx, of, &scope);
        self.store.write::<_, StoreError, _>(Scope::mailbox(of.mailbox), work).await?;
        self.renumbered = false;
        Ok(())
    }

    pub(crate) fn now(&self) -> Time {
        self.inbound.now()
    }
}

/// Flags and keywords as they are kept here. `\Deleted` and `\Recent` mean something there only.
pub(crate) fn marks(flags: &[String], received_at: Option<i64>) -> Marks {
    let mut marks = Marks { received_at: received_at.map(Time::from_seconds), ..Marks::default() };
    let mut keywords = Vec::new();
    for flag in flags {
        if let Some(known) = Flags::from_imap(flag) {
            marks.flags = marks.flags.union(known);
        } else if let Ok(keyword) = Keyword::parse(flag)
            && !flag.starts_with('\\')
        {
            keywords.push(keyword.as_str().to_owned());
        }
    }
    marks.deleted = marks.flags.contains(Flags::DELETED);
    marks.flags = marks.flags.without(Flags::DELETED);
    keywords.sort_unstable();
    keywords.dedup();
    keywords.truncate(postroom_model::keyword::MAX_KEYWORDS);
    marks.keywords = keywords.join(" ");
    marks
}
