//! Folders of a mailbox: listing, opening, making, renaming, deleting, subscribing.

mod change;
mod list;
mod open;
mod set;
mod subscribe;
mod tree;

pub use list::FolderInfo;
pub use open::OpenFolder;
pub(crate) use open::in_folder;
pub use set::{FolderChange, FolderSetError, FoldersSet, Named, NewFolder, SetFolders};
pub(crate) use tree::Tree;
