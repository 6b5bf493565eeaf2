//! One file per command. The dispatcher is only a list.

mod acl;
mod append;
mod authenticate;
mod cancel_update;
pub(crate) mod capability;
mod catenate;
mod compress;
mod create;
mod delete;
mod enable;
mod expunge;
mod fetch;
mod id;
mod idle;
mod jmap_access;
mod leave;
mod list;
mod login;
mod logout;
mod lsub;
mod metadata;
mod namespace;
mod notify;
mod quota;
mod rename;
mod replace;
mod search;
mod select;
mod sort;
mod start_tls;
mod status;
mod store;
mod subscribe;
mod thread;
mod transfer;

pub(crate) use fetch::tell as tell_items;
pub(crate) use list::{Node, attributes, nodes};
pub(crate) use status::tell as tell_status;

use crate::reply::{Code, Failure};
use crate::session::Session;
use crate::user::User;
use crate::view::View;
use postroom_wire_imap::response::Status;
use postroom_wire_imap::{Command, Tag};
use std::borrow::Cow;

/// The tagged answer to a command that was done.
pub(crate) struct Done {
    pub(crate) status: Status,
    pub(crate) code: Option<DoneCode>,
    pub(crate) text: Cow<'static, str>,
}

/// Response codes of tagged OK, with what they hold.
pub(crate) enum DoneCode {
    AppendUid(u32, Vec<u32>),
    BadUrl(String),
    CopyUid(u32, Vec<u32>, Vec<u32>),
    MetadataLongEntries(u64),
    Modified(Vec<u32>),
    ExpungeIssued,
    /// With QRESYNC, when messages were removed; the number is put in once the client has been told all news.
    HighestModSeq(u64),
    MailboxId(String),
    Capability(String),
    ReadOnly,
    ReadWrite,
}

impl DoneCode {
    pub(crate) fn as_wire(&self) -> Code<'_> {
        match self {
            Self::AppendUid(uid_validity, uids) => Code::AppendUid { uid_validity: *uid_validity, uids },
            Self::CopyUid(uid_validity, source, target) => {
                Code::CopyUid { uid_validity: *uid_validity, from: source, to: target }
            }
            Self::BadUrl(url) => Code::BadUrl(url),
            Self::MetadataLongEntries(size) => Code::MetadataLongEntries(*size),
            Self::Modified(numbers) => Code::Modified(numbers),
            Self::ExpungeIssued => Code::ExpungeIssued,
            Self::HighestModSeq(modseq) => Code::HighestModSeq(*modseq),
            Self::MailboxId(id) => Code::MailboxId(id),
            Self::Capability(list) => Code::Capability(list),
            Self::ReadOnly => Code::ReadOnly,
            Self::ReadWrite => Code::ReadWrite,
        }
    }
}

impl Done {
    pub(crate) fn ok(text: impl Into<Cow<'static, str>>) -> Self {
        Self { status: Status::Ok, code: None, text: text.into() }
    }

    pub(crate) fn with(code: DoneCode, text: impl Into<Cow<'static, str>>) -> Self {
        Self { status: Status::Ok, code: Some(code), text: text.into() }
    }

    /// Done with removing `count` messages: with QRESYNC the client is told the newest change (RFC 7162 section 3.2.7).
    pub(crate) fn removed(session: &Session, count: usize, text: &'static str) -> Self {
        if session.enabled.qresync && count > 0 {
            return Self::with(DoneCode::HighestModSeq(0), text);
        }
        Self::ok(text)
    }
}

pub(crate) type Result<T = Done> = std::result::Result<T, Failure>;

pub(crate) async fn run(session: &mut Session, tag: &Tag, command: Command) -> Result {
    match command {
        Command::Capability => capability::run(session),
        Command::Noop | Command::Check => Ok(Done::ok("done")),
        Command::Logout => logout::run(session),
        Command::Id(fields) => id::run(session, &fields),
        Command::StartTls => start_tls::run(session),
        Command::Login { user, password } => login::run(session, &user, &password).await,
        Command::Authenticate { mechanism, initial_response } => {
            authenticate::run(session, &mechanism, initial_response).await
        }
        command => signed_in(session, tag, command).await,
    }
}

async fn signed_in(session: &mut Session, tag: &Tag, command: Command) -> Result {
    if session.user.is_none() {
        return Err(Failure::bad("sign in first, with LOGIN or AUTHENTICATE"));
    }
    match command {
        Command::Enable(wanted) => enable::run(session, &wanted),
        Command::Namespace => namespace::run(session),
        Command::GetJmapAccess => jmap_access::run(session),
        Command::Compress { algorithm } => compress::run(session, &algorithm),
        Command::Select(wanted) => select::run(session, wanted, false).await,
        Command::Examine(wanted) => select::run(session, wanted, true).await,
        Command::Create(wanted) => create::run(session, wanted).await,
        Command::Delete(folder) => delete::run(session, &folder).await,
        Command::Rename { from, to } => rename::run(session, &from, &to).await,
        Command::Subscribe(folder) => subscribe::run(session, &folder, true).await,
        Command::Unsubscribe(folder) => subscribe::run(session, &folder, false).await,
        Command::List(wanted) => list::run(session, wanted).await,
        Command::Lsub { reference, pattern } => lsub::run(session, &reference, &pattern).await,
        Command::Status { folder, items } => status::run(session, &folder, &items).await,
        Command::Append(wanted) => append::run(session, wanted).await,
        Command::Notify(wanted) => notify::run(session, wanted).await,
        Command::Idle => idle::run(session).await,
        Command::GetAcl(folder) => acl::get(session, &folder).await,
        Command::SetAcl(wanted) => acl::set(session, &wanted).await,
        Command::DeleteAcl { folder, identifier } => acl::delete(session, &folder, &identifier).await,
        Command::ListRights { folder, identifier } => acl::list_rights(session, &folder, &identifier).await,
        Command::MyRights(folder) => acl::my_rights(session, &folder).await,
        Command::GetQuota { root } => quota::get(session, &root).await,
        Command::GetQuotaRoot(folder) => quota::get_root(session, &folder).await,
        Command::SetQuota { root, limits } => quota::set(session, &root, &limits).await,
        Command::GetMetadata(wanted) => metadata::get(session, &wanted).await,
        Command::SetMetadata(wanted) => metadata::set(session, wanted).await,
        command => selected(session, tag, command).await,
    }
}

async fn selected(session: &mut Session, tag: &Tag, command: Command) -> Result {
    if let Command::Unauthenticate = command {
        return Err(not_offered("the extension that the command belongs to"));
    }
    if session.view.is_none() {
        return Err(Failure::bad("select a folder first"));
    }
    match command {
        Command::Close => leave::close(session).await,
        Command::Unselect => leave::unselect(session).await,
        Command::Expunge => expunge::run(session, None).await,
        Command::UidExpunge(uids) => expunge::run(session, Some(&uids)).await,
        Command::Search(wanted) => search::run(session, tag, wanted).await,
        Command::CancelUpdate(tags) => cancel_update::run(session, &tags),
        Command::Sort(wanted) => sort::run(session, tag, wanted).await,
        Command::Thread(wanted) => thread::run(session, wanted).await,
        Command::Fetch(wanted) => fetch::run(session, wanted).await,
        Command::Store(wanted) => store::run(session, wanted).await,
        Command::Copy(wanted) => transfer::copy(session, wanted).await,
        Command::Move(wanted) => transfer::r#move(session, wanted).await,
        Command::Replace(wanted) => replace::run(session, *wanted).await,
        _ => Err(Failure::bad("the command does not fit here")),
    }
}

/// Another session has removed messages, which this client has not been told yet (RFC 5530 section 3).
pub(crate) const EXPUNGED: &str = "some of the messages have been removed by somebody else";

/// What the grammar knows and the server does not announce is answered like a word that nobody knows.
pub(crate) fn not_offered(what: &str) -> Failure {
    Failure::bad(format!("this server does not offer {what}"))
}

/// The person signed in. Commands that come here have one.
pub(crate) fn user(session: &mut Session) -> Result<&mut User> {
    session.user.as_mut().ok_or_else(|| Failure::bad("sign in first"))
}

/// The selected folder. Commands that come here have one.
pub(crate) fn view(session: &Session) -> Result<&View> {
    session.view.as_ref().ok_or_else(|| Failure::bad("select a folder first"))
}

/// The names that clients may show and use for objects (RFC 8474): letters, digits, `-` and `_` only.
pub(crate) mod object_id {
    use postroom_model::{EmailId, FolderId, MailboxId, ThreadId};

    pub(crate) fn folder(mailbox: MailboxId, folder: FolderId) -> String {
        format!("F{mailbox}-{folder}")
    }

    pub(crate) fn email(mailbox: MailboxId, email: EmailId) -> String {
        format!("E{mailbox}-{email}")
    }

    pub(crate) fn thread(mailbox: MailboxId, thread: ThreadId) -> String {
        format!("T{mailbox}-{thread}")
    }
}
