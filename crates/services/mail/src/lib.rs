//! Mail in a mailbox: folders, messages, keywords, search. Knows no protocol.
//!
//! A door opens a mailbox ([`postroom_access::Access::open`]), then a folder ([`Mail::open_folder`]); the verbs are
//! methods of [`OpenFolder`] and ask for the rights themselves. What all watchers of a folder see is one shared,
//! immutable [`Snapshot`]. Start reading at [`live`] for how it is kept up to date.

pub mod annotations;
pub mod error;
pub mod folders;
pub mod indexer;
pub mod live;
pub mod messages;
mod prepare;
pub mod search;
mod usage;

pub use annotations::{Annotated, Scope};
pub use error::{AnnotateError, AppendError, FolderError, SubscribeError};
pub use folders::{FolderInfo, OpenFolder};
pub use live::{Affected, Entry, Notices, Snapshot, Tally};
pub use messages::{Append, Appended, Body, Copied, FlagChange, FlagMode, FlagsChanged, body_into, header_into};
pub use postroom_store::placements::Counts;
pub use postroom_store::search::EmailSet;
pub use postroom_store::subscribed_names::SubscribedName;
pub use postroom_store::{ContentId, Page, Retry, StoreError, StoredRef, StoredSummary, SummaryRef, Wanted};
pub use prepare::{Prepared, prepare, reference_hash, summary_of};
pub use search::{TextField, TextQuery};
pub use usage::Usage;

use folders::Trees;
use live::Views;
use postroom_access::Access;
use postroom_store::Store;
use std::sync::Arc;

/// The mail of all mailboxes. Cheap to clone.
#[derive(Clone)]
pub struct Mail {
    pub(crate) access: Access,
    pub(crate) views: Arc<Views>,
    pub(crate) trees: Arc<Trees>,
}

impl Mail {
    pub fn new(access: Access) -> Self {
        Self { access, views: Arc::default(), trees: Arc::default() }
    }

    pub fn access(&self) -> &Access {
        &self.access
    }

    /// Makes a message ready to be filed; see [`prepare()`].
    pub async fn prepare(&self, raw: Vec<u8>) -> Result<Prepared, StoreError> {
        prepare(self.store(), raw).await
    }

    pub(crate) fn store(&self) -> &Store {
        self.access.store()
    }
}

#[cfg(test)]
mod tests;
