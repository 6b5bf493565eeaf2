//! RENAME (RFC 9051 section 6.3.6). The folders that every mailbox has keep their names; of the Inbox the messages go.

use super::create::makeable;
use super::{Done, Result, user};
use crate::names::Meaning;
use crate::reply::{Code, Failure};
use crate::session::Session;
use postroom_model::SpecialUse;
use postroom_wire_imap::FolderName;

pub(super) async fn run(session: &mut Session, from: &FolderName, to: &FolderName) -> Result {
    let imap = session.imap.clone();
    makeable(to)?;
    let (opened, path) = user(session)?.locate(&imap, from.as_str()).await?;
    // One answer for every other place: whether a mailbox bears the label is not told.
    let new_path = match user(session)?.meaning(&imap, to.as_str()) {
        Meaning::Folder { mailbox, path } if mailbox == opened.mailbox() => path,
        _ => return Err(Failure::no(Code::Cannot, "a folder stays in its mailbox; copy the messages instead")),
    };
    if path.eq_ignore_ascii_case(SpecialUse::Inbox.folder_name()) {
        imap.mail.rename_inbox(&opened, &new_path).await?;
    } else {
        imap.mail.rename_folder(&opened, &path, &new_path).await?;
    }
    Ok(Done::ok("renamed"))
}
