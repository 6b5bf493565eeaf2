//! Folders of a mailbox: listing, opening, making, renaming, deleting, subscribing.

mod change;
mod list;
mod open;
mod subscribe;
mod tree;
mod trees;

pub use list::FolderInfo;
pub use open::OpenFolder;
pub(crate) use tree::Tree;
pub(crate) use trees::Trees;
