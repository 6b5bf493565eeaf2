//! One way to run SQL on SQLite and on PostgreSQL.
//!
//! Statements are written once, in the dialect both understand, with `?1` placeholders. A transaction is one
//! closure over a [`Tx`], run on a database thread in one hop. Start reading at [`tx`], then [`queue`].

pub(crate) mod error;
pub(crate) mod migrate;
pub(crate) mod postgresql;
pub(crate) mod queue;
pub(crate) mod sqlite;
pub(crate) mod tx;
pub(crate) mod value;
