//! SQLite: one writer thread, several readers, and a thread for checkpoints.
//!
//! WAL with synchronous=FULL: a commit is on the disk when it returns. Start reading at [`open`].

use super::error::StoreError;
use super::queue::{Most, Queue, Scope, Transactions};
use super::tx::Tx;
use crate::feed::Feed;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use std::path::{Path, PathBuf};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

/// A checkpoint is asked for when the log has grown by this many pages since the last.
const CHECKPOINT_PAGES: i64 = 2_000;
/// Beyond this the writer itself waits for the log to be copied back, so that it cannot grow without bound.
const LOG_LIMIT_PAGES: i64 = 16_000;

/// The threads of an open database.
pub(crate) struct Threads {
    pub(crate) handles: Vec<JoinHandle<()>>,
}

/// Opens or creates the database, brings its schema up with `schema` and starts its threads, which end when the
/// queues are closed.
pub(crate) fn open(
    path: &Path,
    schema: fn(&mut Tx<'_>) -> Result<(), StoreError>,
    readers: usize,
    (writes, reads): (&Arc<Queue>, &Arc<Queue>),
    feed: &Feed,
) -> Result<Threads, StoreError> {
    let writer = connect(path, 16_000)?;
    schema(&mut Tx::sqlite(&writer))?;
    let (ask, asked) = mpsc::sync_channel::<()>(1);
    let mut handles = vec![spawn("store-checkpoint", {
        let path = path.to_owned();
        move || checkpoint_when_asked(&path, &asked)
    })?];
    for _ in 0..readers {
        let (connection, queue, feed) = (connect(path, 4_000)?, reads.clone(), feed.clone());
        handles.push(spawn("store-reader", move || read_until_closed(connection, &queue, &feed))?);
    }
    let (queue, feed, log) = (writes.clone(), feed.clone(), log_path(path));
    handles.push(spawn("store-writer", move || write_until_closed(writer, &queue, &feed, &log, &ask))?);
    Ok(Threads { handles })
}

fn connect(path: &Path, cache_kib: i64) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    connection.set_prepared_statement_cache_capacity(256);
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    // Otherwise a statement whose plan might depend on a value is prepared anew for each value.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;
         PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -{cache_kib}; PRAGMA journal_size_limit = 67108864;"
    ))?;
    Ok(connection)
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    Ok(std::thread::Builder::new().name(name.to_owned()).spawn(work)?)
}

fn log_path(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

fn write_until_closed(mut connection: Connection, queue: &Queue, feed: &Feed, log: &Path, ask: &mpsc::SyncSender<()>) {
    let mut at_last_checkpoint = 0;
    while let Some(batch) = queue.take(Most::Batch, false) {
        batch.run(&mut Session { connection: &mut connection, begin: "BEGIN IMMEDIATE" }, feed);
        let pages = log.metadata().map_or(0, |file| i64::try_from(file.len()).unwrap_or(0) / 4096);
        if pages > LOG_LIMIT_PAGES {
            checkpoint(&connection);
        }
        // The file does not shrink when the log starts over, so its growth alone says little below the limit.
        at_last_checkpoint += 1;
        if pages > CHECKPOINT_PAGES && at_last_checkpoint >= 16 && ask.try_send(()).is_ok() {
            at_last_checkpoint = 0;
        }
    }
    checkpoint(&connection);
}

fn checkpoint_when_asked(path: &Path, asked: &mpsc::Receiver<()>) {
    let connection = match connect(path, 1_000) {
        Ok(connection) => connection,
        Err(error) => return tracing::error!(error = error.detail(), "no connection for checkpoints"),
    };
    while asked.recv().is_ok() {
        checkpoint(&connection);
    }
}

fn checkpoint(connection: &Connection) {
    let done = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    if let Err(error) = done {
        tracing::warn!(%error, "a checkpoint failed; it is tried again later");
    }
}

fn read_until_closed(mut connection: Connection, queue: &Queue, feed: &Feed) {
    while let Some(batch) = queue.take(Most::One, false) {
        batch.run(&mut Session { connection: &mut connection, begin: "BEGIN DEFERRED" }, feed);
    }
}

/// `begin` is IMMEDIATE for the writer, DEFERRED for readers, which then see one state of the database from
/// their first statement to their last.
struct Session<'c> {
    connection: &'c mut Connection,
    begin: &'static str,
}

impl Transactions for Session<'_> {
    fn tx(&mut self) -> Tx<'_> {
        Tx::sqlite(self.connection)
    }

    fn begin(&mut self, _: &Scope) -> Result<(), StoreError> {
        Ok(self.connection.prepare_cached(self.begin)?.execute([]).map(|_| ())?)
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        Ok(self.connection.prepare_cached("COMMIT")?.execute([]).map(|_| ())?)
    }

    fn roll_back(&mut self) {
        if !self.connection.is_autocommit() {
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }
}
