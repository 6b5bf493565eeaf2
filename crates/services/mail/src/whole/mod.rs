//! A mailbox seen as a whole: every email once, with the folders that it stands in, and its conversations.
//!
//! One immutable [`Whole`] per mailbox is shared by all who look at it and moves forward along the change log, like
//! the picture of a folder does. What a person may see of it is a [`View`]; start reading there.

mod changes;
mod live;
mod picture;
mod query;
mod state;
mod view;

pub use changes::{Changes, ChangesError, FolderChanges, ObjectKind, QueryChanges};
pub use picture::{Folding, Message, Order, Spot, Whole};
pub use query::{Condition, Filter, Found, Mark, QueryError, Sort, SortBy};
pub use state::State;
pub use view::{Account, Shown, View};

pub(crate) use live::Wholes;
