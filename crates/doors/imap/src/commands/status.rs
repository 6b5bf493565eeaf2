//! STATUS (RFC 9051 section 6.3.11), with SIZE and DELETED, HIGHESTMODSEQ (RFC 7162), MAILBOXID (RFC 8474) and
//! APPENDLIMIT (RFC 7889).

use super::{Done, Result, object_id, user};
use crate::reply::Failure;
use crate::session::Session;
use postroom_access::{AccessError, Opened};
use postroom_mail::FolderInfo;
use postroom_model::{Flags, MailboxId};
use postroom_wire_imap::FolderName;
use postroom_wire_imap::command::status::StatusItem;
use postroom_wire_imap::response::{self, StatusValue};

pub(super) async fn run(session: &mut Session, folder: &FolderName, items: &[StatusItem]) -> Result {
    let imap = session.imap.clone();
    let (opened, path) = user(session)?.locate(&imap, folder.as_str()).await?;
    let found = imap.mail.open_folder(&opened, &path).await?;
    found.need(postroom_model::Right::MessageRead)?;
    let listed = imap.mail.folders(opened.actor(), opened.mailbox()).await?;
    let info = listed.into_iter().find(|info| info.id == found.id()).ok_or(Failure::from(AccessError::NotFound))?;
    note_modseq(session, items);
    write(session, &opened, &info, folder.as_str(), items).await?;
    Ok(Done::ok("counted"))
}

/// Whoever asks for HIGHESTMODSEQ is told MODSEQs from then on (RFC 7162 section 3.1).
pub(super) fn note_modseq(session: &mut Session, items: &[StatusItem]) {
    if items.contains(&StatusItem::HighestModSeq) {
        session.enable_condstore();
    }
}

/// The counts of a folder in which something happened.
pub(crate) async fn tell(
    session: &mut Session,
    mailbox: MailboxId,
    info: &FolderInfo,
    name: &str,
    items: &[StatusItem],
) -> Result<()> {
    let imap = session.imap.clone();
    let opened = user(session)?.open(&imap, mailbox).await?;
    write(session, &opened, info, name, items).await
}

/// Writes the counts of a folder. They come from the live picture of the folder, so that they agree with what a
/// session sees that has it selected.
pub(super) async fn write(
    session: &mut Session,
    opened: &Opened,
    info: &FolderInfo,
    name: &str,
    items: &[StatusItem],
) -> Result<()> {
    let folder = session.imap.mail.open_folder(opened, &info.path).await?;
    let snapshot = folder.refresh().await?;
    let id = object_id::folder(opened.mailbox(), info.id);
    let count = |wanted: fn(Flags) -> bool| {
        StatusValue::Number(snapshot.messages.iter().filter(|entry| wanted(entry.flags)).count() as u64)
    };
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        let value = match item {
            StatusItem::Messages => StatusValue::Number(snapshot.len() as u64),
            StatusItem::UidNext => StatusValue::Number(u64::from(snapshot.uidnext)),
            StatusItem::UidValidity => StatusValue::Number(u64::from(snapshot.uidvalidity)),
            StatusItem::Unseen => count(|flags| !flags.contains(Flags::SEEN)),
            StatusItem::Deleted => count(|flags| flags.contains(Flags::DELETED)),
            StatusItem::DeletedStorage => {
                let deleted = snapshot.messages.iter().filter(|entry| entry.flags.contains(Flags::DELETED));
                StatusValue::Number(deleted.map(|entry| u64::from(entry.size)).sum())
            }
            StatusItem::Size => StatusValue::Number(snapshot.messages.iter().map(|entry| u64::from(entry.size)).sum()),
            StatusItem::Recent => {
                let first = folder.first_recent();
                StatusValue::Number(snapshot.messages.iter().filter(|entry| entry.uid >= first).count() as u64)
            }
            StatusItem::HighestModSeq => StatusValue::Number(u64::try_from(snapshot.modseq.0).unwrap_or(0).max(1)),
            StatusItem::MailboxId => StatusValue::Id(&id),
            StatusItem::AppendLimit => StatusValue::Number(session.imap.config.message_size as u64),
        };
        values.push((*item, value));
    }
    let utf8 = session.enabled.is_utf8();
    response::folder_status(&mut session.out, name, &values, utf8);
    Ok(())
}
