//! What every watcher of a folder sees: one immutable snapshot, shared, moved forward once per change.
//!
//! A [`Live`] folder holds the newest [`Snapshot`] and a short memory of which UIDs changed when. [`Live::refresh`]
//! reads the change log from where the snapshot stands; whoever comes first does the work for all.

mod notices;
mod refresh;
mod snapshot;
mod tally;
mod views;

pub use notices::Notices;
pub use refresh::{Affected, Live};
pub use snapshot::{Entry, Snapshot};
pub use tally::Tally;
pub(crate) use views::Views;
