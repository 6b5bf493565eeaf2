//! CREATE (RFC 9051 section 6.3.4), with a special use (RFC 6154 section 3).

use super::{Done, DoneCode, Result, object_id, user};
use crate::names::{Meaning, OTHER_USERS, SHARED};
use crate::reply::{Code, Failure};
use crate::session::Session;
use postroom_model::SpecialUse;
use postroom_wire_imap::FolderName;
use postroom_wire_imap::command::folder::Create;

pub(super) async fn run(session: &mut Session, wanted: Create) -> Result {
    let special_use = special_use(&wanted.special_use)?;
    let imap = session.imap.clone();
    makeable(&wanted.folder)?;
    let name = wanted.folder.as_str();
    let (opened, path) = match user(session)?.meaning(&imap, name) {
        Meaning::Folder { .. } => user(session)?.locate(&imap, name).await?,
        // Below a label that nobody bears: the same as below one that the person may not see.
        Meaning::Nothing if is_below_label(name) => user(session)?.locate(&imap, name).await?,
        Meaning::Mailbox(_) | Meaning::Namespace(_) | Meaning::Nothing => return Err(reserved()),
    };
    let id = imap.mail.create_folder_for(&opened, &path, special_use).await?;
    Ok(Done::with(DoneCode::MailboxId(object_id::folder(opened.mailbox(), id)), "made"))
}

/// USE (RFC 6154 section 3): the folders for drafts, sent, deleted and junk mail are there already; an archive can be
/// made.
fn special_use(wanted: &[String]) -> Result<Option<SpecialUse>> {
    match wanted {
        [] => Ok(None),
        [only] if only.eq_ignore_ascii_case("\\Archive") => Ok(Some(SpecialUse::Archive)),
        [_] => Err(Failure::no(Code::UseAttr, "only \\Archive can be given to a new folder")),
        _ => Err(Failure::no(Code::UseAttr, "a folder has one special use at most")),
    }
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
