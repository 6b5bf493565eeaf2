//! PostgreSQL: a few writer and reader threads, each with a connection of its own.
//!
//! A write locks the clock rows of its mailboxes first, in ascending order; writes that wait for one mailbox
//! share a transaction. Start reading at [`open`].

use super::error::StoreError;
use super::queue::{Most, Queue, Scope, Transactions};
use super::sqlite::Threads;
use super::tx::Tx;
use super::value::Value;
use crate::feed::Feed;
use postgres::types::ToSql;
use postgres::{Client, NoTls, Statement};
use std::collections::HashMap;
use std::sync::Arc;

/// Advisory lock that serialises changes of the organisation.
const ORGANISATION_LOCK: i64 = 0x706f_7374;

/// A connection and the statements prepared on it.
pub(crate) struct PgConnection {
    url: String,
    client: Client,
    prepared: HashMap<String, Statement>,
}

/// Connects, brings the schema up with `schema` and starts the threads, which end when the queues are closed.
pub(crate) fn open(
    url: &str,
    schema: fn(&mut Tx<'_>) -> Result<(), StoreError>,
    (writers, readers): (usize, usize),
    (writes, reads): (&Arc<Queue>, &Arc<Queue>),
    feed: &Feed,
) -> Result<Threads, StoreError> {
    let mut first = PgConnection::connect(url)?;
    first.batch("BEGIN")?;
    first.batch(&format!("SELECT pg_advisory_xact_lock({ORGANISATION_LOCK})"))?;
    schema(&mut Tx::postgresql(&mut first))?;
    first.batch("COMMIT")?;
    let mut handles = Vec::new();
    for _ in 0..writers {
        let (mut connection, queue, feed) = (PgConnection::connect(url)?, writes.clone(), feed.clone());
        handles.push(std::thread::Builder::new().name("store-writer".into()).spawn(move || {
            while let Some(batch) = queue.take(Most::Batch, true) {
                batch.run(&mut connection, &feed);
            }
        })?);
    }
    for _ in 0..readers {
        let (connection, queue, feed) = (PgConnection::connect(url)?, reads.clone(), feed.clone());
        handles.push(std::thread::Builder::new().name("store-reader".into()).spawn(move || {
            let mut reading = Reading(connection);
            while let Some(batch) = queue.take(Most::One, false) {
                batch.run(&mut reading, &feed);
            }
        })?);
    }
    Ok(Threads { handles })
}

impl PgConnection {
    fn connect(url: &str) -> Result<Self, StoreError> {
        Ok(Self { url: url.to_owned(), client: Client::connect(url, NoTls)?, prepared: HashMap::new() })
    }

    /// A new connection where the old one was cut.
    fn revive(&mut self) -> Result<(), StoreError> {
        if self.client.is_closed() {
            tracing::warn!("the connection to the database was lost; connecting again");
            *self = Self::connect(&self.url)?;
        }
        Ok(())
    }

    fn prepare(&mut self, sql: &str) -> Result<Statement, StoreError> {
        if let Some(statement) = self.prepared.get(sql) {
            return Ok(statement.clone());
        }
        let statement = self.client.prepare(&sql.replace('?', "$"))?;
        self.prepared.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, StoreError> {
        let statement = self.prepare(sql)?;
        Ok(self.client.execute(&statement, &as_sql(params))?)
    }

    pub(crate) fn query(&mut self, sql: &str, params: &[Value<'_>]) -> Result<Vec<postgres::Row>, StoreError> {
        let statement = self.prepare(sql)?;
        Ok(self.client.query(&statement, &as_sql(params))?)
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        Ok(self.client.batch_execute(sql)?)
    }
}

fn as_sql<'a>(params: &'a [Value<'_>]) -> Vec<&'a (dyn ToSql + Sync)> {
    params.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

impl Transactions for PgConnection {
    fn tx(&mut self) -> Tx<'_> {
        Tx::postgresql(self)
    }

    fn begin(&mut self, scope: &Scope) -> Result<(), StoreError> {
        self.revive()?;
        self.batch("BEGIN")?;
        match scope {
            Scope::Free => Ok(()),
            Scope::Organisation => self.batch(&format!("SELECT pg_advisory_xact_lock({ORGANISATION_LOCK})")),
            Scope::Mailboxes(ids) => {
                let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
                let list = ids.join(",");
                self.batch(&format!("SELECT 1 FROM clock WHERE mailbox IN ({list}) ORDER BY mailbox FOR UPDATE"))
            }
        }
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.batch("COMMIT")
    }

    fn roll_back(&mut self) {
        let _ = self.batch("ROLLBACK");
    }
}

struct Reading(PgConnection);

impl Transactions for Reading {
    fn tx(&mut self) -> Tx<'_> {
        Tx::postgresql(&mut self.0)
    }

    fn begin(&mut self, _: &Scope) -> Result<(), StoreError> {
        self.0.revive()?;
        self.0.batch("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.0.batch("COMMIT")
    }

    fn roll_back(&mut self) {
        self.0.roll_back();
    }
}
