//! Commands as types, and the parser from one framed command to them.
//!
//! Both versions of the protocol are always accepted, RFC 3501 and RFC 9051; which commands and items a session may use
//! in its state is the session's business. Start reading at [`parse`]; each area of the grammar has its file.

pub mod acl;
pub mod append;
pub mod fetch;
pub mod folder;
pub mod list;
pub mod messages;
pub mod metadata;
pub mod notify;
pub mod quota;
pub mod search;
pub mod section;
pub mod session;
pub mod sort;
pub mod status;
#[cfg(test)]
mod tests;

use bytes::Bytes;

use crate::cursor::{Cursor, Expected, Parsed};
use crate::folder_name::FolderName;
use crate::secret::Secret;
use crate::tag::Tag;

/// How a command is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ParseOptions {
    /// Whether the session has enabled IMAP4rev2 or UTF8=ACCEPT, so that folder names are UTF-8, not modified UTF-7.
    pub utf8: bool,
    /// Ranges in one sequence set.
    pub ranges: usize,
    /// Search keys inside search keys. A chain `OR a OR b OR c …` counts as one level.
    pub nesting: usize,
    /// Search keys in one command.
    pub search_keys: usize,
}

impl Default for ParseOptions {
    /// IMAP4rev1 names; every sequence set that fits into the default line.
    fn default() -> Self {
        Self { utf8: false, ranges: 32 * 1024, nesting: 32, search_keys: 2_000 }
    }
}

/// A command and the tag its answer carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tagged {
    /// What the answer starts with.
    pub tag: Tag,
    /// What to do.
    pub command: Command,
}

/// A command that does not follow the grammar, answered with `tag BAD message`, or `* BAD message` without a tag.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct BadCommand {
    /// The command's tag, if at least that could be read.
    pub tag: Option<Tag>,
    /// What was expected and where; printable ASCII without anything the client sent.
    pub message: String,
}

/// Every command of RFC 3501 and RFC 9051 and of the extensions that are read.
///
/// `uid: true` is the `UID …` form, whose numbers are UIDs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Capability,
    Noop,
    Logout,
    StartTls,
    Login {
        user: String,
        password: Secret,
    },
    Authenticate {
        mechanism: String,
        initial_response: Option<Secret>,
    },
    Unauthenticate,
    /// RFC 9698
    GetJmapAccess,
    Enable(Vec<String>),
    Id(Vec<(String, Option<String>)>),
    Compress {
        algorithm: String,
    },
    Select(folder::Select),
    Examine(folder::Select),
    Create(folder::Create),
    Delete(FolderName),
    Rename {
        from: FolderName,
        to: FolderName,
    },
    Subscribe(FolderName),
    Unsubscribe(FolderName),
    List(list::List),
    Lsub {
        reference: String,
        pattern: String,
    },
    Namespace,
    Status {
        folder: FolderName,
        items: Vec<status::StatusItem>,
    },
    Append(append::Append),
    Replace(Box<append::Replace>),
    Idle,
    Check,
    Close,
    Unselect,
    Expunge,
    UidExpunge(crate::sequence::MessageSet),
    Search(search::Search),
    /// `CANCELUPDATE`: the tags of the commands whose results are to be told no more (RFC 5267 §4.3.5).
    CancelUpdate(Vec<String>),
    Fetch(fetch::Fetch),
    Store(messages::Store),
    Copy(messages::Transfer),
    Move(messages::Transfer),
    Sort(sort::Sort),
    Thread(sort::Thread),
    Notify(notify::Notify),
    GetAcl(FolderName),
    SetAcl(acl::SetAcl),
    DeleteAcl {
        folder: FolderName,
        identifier: String,
    },
    ListRights {
        folder: FolderName,
        identifier: String,
    },
    MyRights(FolderName),
    GetQuota {
        root: String,
    },
    GetQuotaRoot(FolderName),
    SetQuota {
        root: String,
        limits: Vec<(quota::QuotaResource, u64)>,
    },
    GetMetadata(metadata::GetMetadata),
    SetMetadata(metadata::SetMetadata),
}

/// Parses what [`crate::Frame::Command`] holds. Messages of APPEND share its bytes, all else is copied.
///
/// RFC 9051 §9: `command = tag SP (command-any / command-auth / command-nonauth / command-select) CRLF`
pub fn parse(frame: &Bytes, options: &ParseOptions) -> Result<Tagged, BadCommand> {
    let mut cursor = Cursor::new(frame, options);
    let Some(tag) = Tag::leading(frame) else {
        return Err(BadCommand { tag: None, message: "expected a tag at the start of the line".to_owned() });
    };
    cursor.eat_text(tag.as_str().as_bytes());
    let named = cursor.after_space(|cursor| Ok((cursor.at(), cursor.word())));
    let (start, name) = match named {
        Ok(named) => named,
        Err(expected) => return Err(bad(tag, "", expected)),
    };
    let parsed = arguments(&mut cursor, name.as_bytes(), start).and_then(|command| {
        cursor.finish()?;
        Ok(command)
    });
    match parsed {
        Ok(command) => Ok(Tagged { tag, command }),
        Err(expected) => Err(bad(tag, &String::from_utf8_lossy(name.as_bytes()), expected)),
    }
}

fn bad(tag: Tag, name: &str, Expected { what, at }: Expected) -> BadCommand {
    let (name, colon) = if what == COMMAND { ("", "") } else { (name, ": ") };
    let colon = if name.is_empty() { "" } else { colon };
    BadCommand { tag: Some(tag), message: format!("{name}{colon}expected {what} at octet {}", at + 1) }
}

const COMMAND: &str = "a command that this server knows";

fn arguments(cursor: &mut Cursor<'_>, name: &[u8], start: usize) -> Parsed<Command> {
    Ok(match name {
        b"CAPABILITY" => Command::Capability,
        b"NOOP" => Command::Noop,
        b"LOGOUT" => Command::Logout,
        b"STARTTLS" => Command::StartTls,
        b"UNAUTHENTICATE" => Command::Unauthenticate,
        b"NAMESPACE" => Command::Namespace,
        b"GETJMAPACCESS" => Command::GetJmapAccess,
        b"IDLE" => Command::Idle,
        b"CHECK" => Command::Check,
        b"CLOSE" => Command::Close,
        b"UNSELECT" => Command::Unselect,
        b"EXPUNGE" => Command::Expunge,
        b"UID" => cursor.after_space(uid)?,
        b"FETCH" => cursor.after_space(|cursor| fetch::fetch(cursor, false))?,
        b"SEARCH" => cursor.after_space(|cursor| search::search(cursor, false))?,
        b"STORE" => cursor.after_space(|cursor| messages::store(cursor, false))?,
        b"COPY" => cursor.after_space(|cursor| messages::copy(cursor, false))?,
        b"MOVE" => cursor.after_space(|cursor| messages::r#move(cursor, false))?,
        b"REPLACE" => cursor.after_space(|cursor| append::replace(cursor, false))?,
        b"SORT" => cursor.after_space(|cursor| sort::sort(cursor, false))?,
        b"THREAD" => cursor.after_space(|cursor| sort::thread(cursor, false))?,
        _ => other_arguments(cursor, name, start)?,
    })
}

/// The commands that are not about messages.
fn other_arguments(cursor: &mut Cursor<'_>, name: &[u8], start: usize) -> Parsed<Command> {
    let parser: fn(&mut Cursor<'_>) -> Parsed<Command> = match name {
        b"LOGIN" => session::login,
        b"CANCELUPDATE" => search::cancel_update,
        b"AUTHENTICATE" => session::authenticate,
        b"ENABLE" => session::enable,
        b"ID" => session::id,
        b"COMPRESS" => session::compress,
        b"SELECT" => folder::select,
        b"EXAMINE" => folder::examine,
        b"CREATE" => folder::create,
        b"DELETE" => folder::delete,
        b"RENAME" => folder::rename,
        b"SUBSCRIBE" => folder::subscribe,
        b"UNSUBSCRIBE" => folder::unsubscribe,
        b"LIST" => list::list,
        b"LSUB" => list::lsub,
        b"STATUS" => status::status,
        b"NOTIFY" => notify::notify,
        b"APPEND" => append::append,
        b"GETACL" => acl::get_acl,
        b"SETACL" => acl::set_acl,
        b"DELETEACL" => acl::delete_acl,
        b"LISTRIGHTS" => acl::list_rights,
        b"MYRIGHTS" => acl::my_rights,
        b"GETQUOTA" => quota::get_quota,
        b"GETQUOTAROOT" => quota::get_quota_root,
        b"SETQUOTA" => quota::set_quota,
        b"GETMETADATA" => metadata::get,
        b"SETMETADATA" => metadata::set,
        _ => return Err(Expected { what: COMMAND, at: start }),
    };
    cursor.after_space(parser)
}

/// RFC 9051 §9: `uid = "UID" SP (copy / move / fetch / search / store / uid-expunge)`, SORT and THREAD of RFC 5256, REPLACE of RFC 8508
fn uid(cursor: &mut Cursor<'_>) -> Parsed<Command> {
    let at = cursor.at();
    let parser: fn(&mut Cursor<'_>) -> Parsed<Command> = match cursor.word().as_bytes() {
        b"FETCH" => |cursor| fetch::fetch(cursor, true),
        b"SEARCH" => |cursor| search::search(cursor, true),
        b"STORE" => |cursor| messages::store(cursor, true),
        b"COPY" => |cursor| messages::copy(cursor, true),
        b"MOVE" => |cursor| messages::r#move(cursor, true),
        b"REPLACE" => |cursor| append::replace(cursor, true),
        b"SORT" => |cursor| sort::sort(cursor, true),
        b"THREAD" => |cursor| sort::thread(cursor, true),
        b"EXPUNGE" => messages::uid_expunge,
        _ => return Err(Expected { what: "FETCH, SEARCH, STORE, COPY, MOVE, REPLACE, SORT, THREAD or EXPUNGE", at }),
    };
    cursor.after_space(parser)
}
