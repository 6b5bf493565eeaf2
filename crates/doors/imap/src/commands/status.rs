//! STATUS (RFC 9051 section 6.3.11), with SIZE and DELETED, HIGHESTMODSEQ (RFC 7162), MAILBOXID (RFC 8474) and
//! APPENDLIMIT (RFC 7889).

use super::{Done, Result, object_id, user};
use crate::session::Session;
use postroom_access::{AccessError, Opened};
use postroom_mail::{FolderInfo, OpenFolder};
use postroom_model::{Flags, Right};
use postroom_wire_imap::FolderName;
use postroom_wire_imap::command::status::StatusItem;
use postroom_wire_imap::response::{self, StatusValue};

pub(super) async fn run(session: &mut Session, folder: &FolderName, items: &[StatusItem]) -> Result {
    let imap = session.imap.clone();
    let (opened, path) = user(session)?.locate(&imap, folder.as_str()).await?;
    let found = imap.mail.open_folder(&opened, &path).await?;
    found.need(Right::MessageRead)?;
    if !found.rights().has(Right::FolderView) {
        return Err(AccessError::NotFound.into());
    }
    count(session, &found, folder.as_str(), items).await?;
    Ok(Done::ok("counted"))
}

/// Writes the counts of a folder that LIST shows.
pub(super) async fn write(
    session: &mut Session,
    opened: &Opened,
    info: &FolderInfo,
    name: &str,
    items: &[StatusItem],
) -> Result<()> {
    let folder = session.imap.mail.open_folder(opened, &info.path).await?;
    count(session, &folder, name, items).await
}

/// Writes the counts of a folder. They come from the live picture of the folder, so that they agree with what a
/// session sees that has it selected.
async fn count(session: &mut Session, folder: &OpenFolder, name: &str, items: &[StatusItem]) -> Result<()> {
    let snapshot = folder.refresh().await?;
    let tally = &snapshot.tally;
    let id = object_id::folder(folder.mailbox(), folder.id());
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        let value = match item {
            StatusItem::Messages => StatusValue::Number(snapshot.len() as u64),
            StatusItem::UidNext => StatusValue::Number(u64::from(snapshot.uidnext)),
            StatusItem::UidValidity => StatusValue::Number(u64::from(snapshot.uidvalidity)),
            StatusItem::Unseen => StatusValue::Number(u64::from(tally.unseen)),
            StatusItem::Deleted => StatusValue::Number(u64::from(tally.deleted)),
            StatusItem::DeletedStorage => {
                let deleted = snapshot.messages.iter().filter(|entry| entry.flags.contains(Flags::DELETED));
                StatusValue::Number(deleted.map(|entry| u64::from(entry.size)).sum())
            }
            StatusItem::Size => StatusValue::Number(tally.size),
            StatusItem::Recent => {
                let told = snapshot.position(folder.first_recent()).unwrap_or_else(|at| at);
                StatusValue::Number((snapshot.len() - told) as u64)
            }
            StatusItem::HighestModSeq => StatusValue::Number(u64::try_from(snapshot.modseq.0).unwrap_or(0).max(1)),
            StatusItem::MailboxId => StatusValue::Id(&id),
            StatusItem::AppendLimit => StatusValue::Number(session.imap.config.message_size as u64),
        };
        values.push((*item, value));
    }
    if items.contains(&StatusItem::HighestModSeq) {
        session.enable_condstore();
    }
    let utf8 = session.enabled.is_utf8();
    response::folder_status(&mut session.out, name, &values, utf8);
    Ok(())
}
