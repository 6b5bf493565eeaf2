//! What can go wrong in the database. The private half is for the log only.

/// The database did not do what it was asked to. Shown to people as one plain sentence; the cause is logged.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the database reported an error")]
    Sqlite(#[from] rusqlite::Error),
    #[error("the database reported an error")]
    Postgresql(#[from] postgres::Error),
    /// A value in the database is none that this version writes.
    #[error("the database holds an unexpected value in {0}")]
    Corrupt(&'static str),
    #[error("the content store reported an error")]
    Object(#[from] std::io::Error),
    #[error("the database is shutting down")]
    Closed,
    #[error("the database thread failed")]
    Panicked,
    #[error("the transaction could not be committed: {0}")]
    NotCommitted(String),
    /// Another transaction came first; running it again may succeed.
    #[error("another change came first")]
    Conflict,
    /// Something that the caller was shown has gone meanwhile.
    #[error("{0} does not exist any more")]
    Gone(&'static str),
}

impl StoreError {
    /// The cause in full, for the log.
    pub fn detail(&self) -> String {
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            text.push_str(": ");
            text.push_str(&cause.to_string());
            source = cause.source();
        }
        text
    }

    /// Whether the same transaction may succeed when run again (PostgreSQL: serialisation failure, deadlock).
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Postgresql(error) => {
                error.code().is_some_and(|code| matches!(code.code(), "40001" | "40P01")) || error.is_closed()
            }
            Self::Conflict => true,
            _ => false,
        }
    }

    /// Whether a unique constraint refused a row.
    pub fn is_unique_violation(&self) -> bool {
        match self {
            Self::Postgresql(error) => error.code().is_some_and(|code| code.code() == "23505"),
            Self::Sqlite(rusqlite::Error::SqliteFailure(failure, _)) => matches!(
                failure.extended_code,
                rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE | rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY
            ),
            _ => false,
        }
    }
}
