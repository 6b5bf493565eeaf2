//! All SQL, the content store, and the feed of changes. Nothing else in the house speaks SQL.
//!
//! A caller hands a closure to [`Store::read`] or [`Store::write`]; inside, the functions of the statement
//! modules ([`emails`], [`folders`], …) run on its [`Tx`]. A write is answered after a durable commit.
//! Invariant: a change and its row in the change log are written by the same transaction.

mod content;
mod db;
mod feed;
mod objects;
mod open;

pub mod addresses;
pub mod annotations;
pub mod audit;
pub mod changes;
pub mod credentials;
pub mod dkim_keys;
pub mod domains;
pub mod emails;
pub mod folders;
pub mod grants;
pub mod identities;
pub mod mailboxes;
pub mod oauth;
pub mod organisation;
pub mod placements;
pub mod queue;
pub mod roles;
pub mod routes;
pub mod search;
pub mod second_factors;
pub mod sent_copies;
pub mod settings;
pub mod submissions;
pub mod subscribed_names;
pub mod threads;
pub mod uploads;
pub mod vacations;
pub mod web_sessions;
pub mod whole;

pub use content::page::{Page, StoredRef, SummaryRef, Wanted};
pub use content::{ContentId, NewContent, NewSummary, Stored, StoredSummary, summaries};
pub use db::error::StoreError;
pub use db::queue::{Retry, Scope};
pub use db::tx::Tx;
pub use db::value::{Row, Value};
pub use open::{Database, OpenError, Store, StoreConfig};

#[cfg(any(test, feature = "testing"))]
pub mod testing;

#[cfg(test)]
mod tests;
