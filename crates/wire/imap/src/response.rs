//! Writers of answers: each appends one line, or one item of a line, to a `Vec<u8>` or `BytesMut`.
//!
//! Strings become quoted or literal as their bytes demand, so that nothing a message or a person brings can end a line
//! early. `utf8: bool` is the session's mode as in [`crate::ParseOptions`]. Start reading at [`status`] and [`fetch`].

pub mod acl;
pub mod code;
pub mod fetch;
pub mod folder;
pub mod metadata;
pub mod quota;
pub mod search;
pub mod section;
pub mod session;
pub mod status;
pub mod strings;
#[cfg(test)]
mod tests;

pub use acl::{acl, list_rights, my_rights};
pub use code::Code;
pub use fetch::{FetchLine, Paused};
pub use folder::{FolderAttribute, ListLine, StatusValue, folder_status, list, lsub};
pub use metadata::metadata;
pub use quota::{QuotaLine, quota, quota_root};
pub use search::{Esearch, esearch, search, sort, uid_set};
pub use session::{capability, enabled, exists, expunge, flags, id, namespace, recent, vanished};
pub use status::{Status, continuation, refused, tagged, untagged};
pub use strings::{
    astring, capitals, flag_list, folder_name, internal_date, literal, literal_header, nstring, number, quoted, string,
};
