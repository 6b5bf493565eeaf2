//! CREATE (RFC 9051 section 6.3.4).

use super::{Done, DoneCode, Result, object_id, user};
use crate::names::{Meaning, OTHER_USERS, SHARED};
use crate::reply::{Code, Failure};
use crate::session::Session;
use postroom_wire_imap::FolderName;
use postroom_wire_imap::command::folder::Create;

pub(super) async fn run(session: &mut Session, wanted: Create) -> Result {
    if !wanted.special_use.is_empty() {
        return Err(Failure::no(Code::UseAttr, "the special-use folders are there already"));
    }
    let imap = session.imap.clone();
    makeable(&wanted.folder)?;
    let name = wanted.folder.as_str();
    let (opened, path) = match user(session)?.meaning(&imap, name) {
        Meaning::Folder { .. } => user(session)?.locate(&imap, name).await?,
        // Below a label that nobody bears: the same as below one that the person may not see.
        Meaning::Nothing if is_below_label(name) => user(session)?.locate(&imap, name).await?,
        Meaning::Mailbox(_) | Meaning::Namespace(_) | Meaning::Nothing => return Err(reserved()),
    };
    let id = imap.mail.create_folder(&opened, &path).await?;
    Ok(Done::with(DoneCode::MailboxId(object_id::folder(opened.mailbox(), id)), "made"))
}

pub(super) fn makeable(name: &FolderName) -> Result<()> {
    if name.is_well_formed() { Ok(()) } else { Err(Failure::no(Code::Cannot, "the name is not well-formed")) }
}

/// `Shared/<label>/<more>`.
fn is_below_label(name: &str) -> bool {
    name.trim_end_matches('/').matches('/').count() > 1
}

fn reserved() -> Failure {
    let text =
        format!("names at the top of {SHARED} and {OTHER_USERS} are those of mailboxes; an administrator makes those");
    Failure::no(Code::Cannot, text)
}
