//! The tables of the index, and how it is made anew. It holds nothing that the mail does not hold: it has no
//! migrations; an index in another format, or one that belongs to another database, is dropped and filled again.
//!
//! A random name in both databases says that they belong together. Start reading at [`match_up`].

use crate::db::error::StoreError;
use crate::db::migrate::in_dialect;
use crate::db::queue::{Queue, Scope, task};
use crate::db::tx::Tx;
use crate::{content, params};
use aws_lc_rs::rand;
use std::path::Path;

/// Raised when words are cut or stored in another way.
const FORMAT: &str = "1";

const TABLES: &str = "
CREATE TABLE search_segment (
    id @ID@,
    mailbox BIGINT NOT NULL,
    -- How many emails it holds, and which; octets of its blocks.
    emails BIGINT NOT NULL,
    octets BIGINT NOT NULL,
    ids @BYTES@ NOT NULL
);
CREATE INDEX search_segment_of ON search_segment (mailbox, id);
CREATE TABLE search_block (
    mailbox BIGINT NOT NULL,
    segment BIGINT NOT NULL,
    part BIGINT NOT NULL,
    -- The parts of messages that its words are from, one bit each.
    columns BIGINT NOT NULL,
    terms @BYTES@ NOT NULL,
    postings @BYTES@ NOT NULL,
    PRIMARY KEY (mailbox, segment, part)
);";

/// Makes the tables, or makes them anew when they are in another format.
pub(crate) fn run(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    tx.batch("CREATE TABLE IF NOT EXISTS search_fact (name TEXT PRIMARY KEY, value TEXT NOT NULL)")?;
    if fact(tx, "format")?.as_deref() == Some(FORMAT) {
        return Ok(());
    }
    tx.batch("DROP TABLE IF EXISTS search_segment; DROP TABLE IF EXISTS search_block")?;
    tx.batch(&tables(tx.is_postgresql()))?;
    tx.execute("DELETE FROM search_fact", &[])?;
    set_fact(tx, "format", FORMAT)
}

fn tables(postgresql: bool) -> String {
    let tables = in_dialect(TABLES, postgresql);
    if postgresql {
        // Read as they are, in part: compressing them again would only cost time.
        let plain = "ALTER TABLE search_block ALTER COLUMN terms SET STORAGE EXTERNAL, ALTER COLUMN postings SET STORAGE EXTERNAL";
        format!("{tables}{plain};")
    } else {
        // The cache knows blocks by the ids of their segments: an id must never come again.
        tables.replace("INTEGER PRIMARY KEY", "INTEGER PRIMARY KEY AUTOINCREMENT")
    }
}

fn fact(tx: &mut Tx<'_>, name: &str) -> Result<Option<String>, StoreError> {
    tx.row("SELECT value FROM search_fact WHERE name = ?1", params![name], |row| Ok(row.text(0)?.to_owned()))
}

fn set_fact(tx: &mut Tx<'_>, name: &str, value: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO search_fact (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2";
    tx.execute(sql, params![name, value])?;
    Ok(())
}

/// Whether a file is no index that can be used, as after a fault of the disk.
pub(crate) fn is_damaged(error: &StoreError) -> bool {
    use rusqlite::ErrorCode::{DatabaseCorrupt, NotADatabase};
    match error {
        StoreError::Sqlite(error) => matches!(error.sqlite_error_code(), Some(DatabaseCorrupt | NotADatabase)),
        _ => false,
    }
}

pub(crate) fn remove_file(path: &Path) -> Result<(), std::io::Error> {
    for end in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        match std::fs::remove_file(name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Empties an index that does not belong to this database and lets every email wait. When it is interrupted, the
/// names differ still and it happens again.
pub(crate) fn match_up(index: &Queue, mail: &Queue) -> Result<(), StoreError> {
    let in_mail = "SELECT value FROM setting WHERE name = 'search_index'";
    let wanted = run_on(mail, move |tx| tx.row(in_mail, &[], |row| Ok(row.text(0)?.to_owned())))?;
    let found = run_on(index, |tx| fact(tx, "belongs"))?;
    if wanted.is_some() && wanted == found {
        return Ok(());
    }
    let mut fresh = [0u8; 16];
    rand::fill(&mut fresh).map_err(|_| StoreError::Corrupt("random numbers"))?;
    let name = content::hex(&fresh);
    run_on(index, |tx| {
        tx.execute("DELETE FROM search_block", &[])?;
        tx.execute("DELETE FROM search_segment", &[])
    })?;
    let belongs = name.clone();
    let waiting = run_on(mail, move |tx| {
        tx.execute("DELETE FROM to_index", &[])?;
        let put =
            "INSERT INTO setting (name, value) VALUES ('search_index', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1";
        tx.execute(put, params![&name])?;
        tx.execute("INSERT INTO to_index (mailbox, email) SELECT mailbox, id FROM email ORDER BY mailbox, id", &[])
    })?;
    if waiting > 0 {
        tracing::info!(emails = waiting, "the search index is filled again");
    }
    run_on(index, move |tx| set_fact(tx, "belongs", &belongs))
}

fn run_on<T, F>(queue: &Queue, work: F) -> Result<T, StoreError>
where
    T: Send + 'static,
    F: FnMut(&mut Tx<'_>) -> Result<T, StoreError> + Send + 'static,
{
    let (job, answer) = task(work);
    queue.push(Scope::Free, job);
    answer.blocking_recv().unwrap_or(Err(StoreError::Closed))
}
