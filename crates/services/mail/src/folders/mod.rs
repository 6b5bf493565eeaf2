//! Folders of a mailbox: listing, opening, making, renaming, deleting, subscribing.

mod change;
mod happened;
mod list;
mod open;
mod subscribe;
mod tree;

pub use happened::{Happened, Stirred};
pub use list::FolderInfo;
pub use open::OpenFolder;
pub(crate) use tree::Tree;
