//! A transaction: the only thing that statements run on.

use super::error::StoreError;
use super::postgresql::PgConnection;
use super::value::{Row, Value};
use crate::feed::Touched;
use postroom_model::{MailboxId, ModSeq};

/// A transaction in progress on either database, and what it will announce once it is committed.
pub struct Tx<'c> {
    connection: Connection<'c>,
    pub(crate) touched: Touched,
}

pub(crate) enum Connection<'c> {
    Sqlite(&'c rusqlite::Connection),
    Postgresql(&'c mut PgConnection),
}

impl<'c> Tx<'c> {
    pub(crate) fn sqlite(connection: &'c rusqlite::Connection) -> Self {
        Self { connection: Connection::Sqlite(connection), touched: Touched::default() }
    }

    pub(crate) fn postgresql(connection: &'c mut PgConnection) -> Self {
        Self { connection: Connection::Postgresql(connection), touched: Touched::default() }
    }

    /// Whether the statements run on PostgreSQL. For the few places where the dialects differ.
    pub(crate) fn is_postgresql(&self) -> bool {
        matches!(self.connection, Connection::Postgresql(_))
    }

    /// Runs a statement that answers no rows; gives the number of rows it changed.
    pub(crate) fn execute(&mut self, sql: &str, params: &[Value<'_>]) -> Result<u64, StoreError> {
        match &mut self.connection {
            Connection::Sqlite(connection) => {
                let changed = connection.prepare_cached(sql)?.execute(rusqlite::params_from_iter(params))?;
                Ok(changed as u64)
            }
            Connection::Postgresql(connection) => connection.execute(sql, params),
        }
    }

    /// Runs a query and hands each row to `each`.
    pub(crate) fn for_each(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut each: impl FnMut(&Row<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        match &mut self.connection {
            Connection::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql)?;
                let mut rows = statement.query(rusqlite::params_from_iter(params))?;
                while let Some(row) = rows.next()? {
                    each(&Row::Sqlite(row))?;
                }
                Ok(())
            }
            Connection::Postgresql(connection) => {
                connection.query(sql, params)?.iter().try_for_each(|row| each(&Row::Postgresql(row)))
            }
        }
    }

    /// All rows of a query.
    pub(crate) fn rows<T>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        let mut found = Vec::new();
        self.for_each(sql, params, |row| {
            found.push(map(row)?);
            Ok(())
        })?;
        Ok(found)
    }

    /// The first row of a query, if there is one. Also for `INSERT … RETURNING`.
    pub(crate) fn row<T>(
        &mut self,
        sql: &str,
        params: &[Value<'_>],
        map: impl FnMut(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        Ok(self.rows(sql, params, map)?.into_iter().next())
    }

    /// Statements without parameters, run for their effect.
    pub(crate) fn batch(&mut self, sql: &str) -> Result<(), StoreError> {
        match &mut self.connection {
            Connection::Sqlite(connection) => Ok(connection.execute_batch(sql)?),
            Connection::Postgresql(connection) => connection.batch(sql),
        }
    }

    /// Remembers that a mailbox changed; watchers are told after the commit.
    pub(crate) fn touch(&mut self, mailbox: MailboxId, modseq: ModSeq) {
        self.touched.mailboxes.push((mailbox, modseq));
    }

    /// Remembers that the list of folders of a mailbox changed.
    pub(crate) fn touch_folders(&mut self, mailbox: MailboxId) {
        self.touched.folders.push(mailbox);
    }

    /// Remembers that facts of the organisation changed (mailboxes, addresses, roles, grants).
    pub(crate) fn touch_organisation(&mut self) {
        self.touched.organisation = true;
    }
}

/// `?2, ?3, ?4` for the `count` values that follow `before` others. Pads to 1, 8, 64 or 256, so that few
/// different statements are ever prepared: repeat the last value to fill up.
pub(crate) fn in_list(before: usize, count: usize) -> String {
    (before + 1..=before + count).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", ")
}

/// Splits ids into chunks of the sizes that [`in_list`] is made for, filled up by repeating the last.
pub(crate) fn padded_chunks(ids: &[i64]) -> impl Iterator<Item = Vec<i64>> + '_ {
    ids.chunks(256).map(|chunk| {
        let size = [1, 8, 64, 256].into_iter().find(|size| *size >= chunk.len()).unwrap_or(256);
        let last = chunk.last().copied().unwrap_or_default();
        chunk.iter().copied().chain(std::iter::repeat(last)).take(size).collect()
    })
}
