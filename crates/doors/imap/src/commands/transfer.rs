//! COPY and MOVE (RFC 9051 sections 6.4.7 and 6.4.8), also between one's own and a shared mailbox.

use super::{Done, DoneCode, EXPUNGED, Result, user, view};
use crate::reply::{Code, Failure};
use crate::session::Session;
use postroom_access::AccessError;
use postroom_mail::{Copied, OpenFolder};
use postroom_wire_imap::command::messages::Transfer;
use postroom_wire_imap::response::{self, Status};

pub(super) async fn copy(session: &mut Session, wanted: Transfer) -> Result {
    let view = view(session)?;
    let (uids, source) = (view.chosen(&wanted.messages, wanted.uid)?, view.folder.clone());
    let imap = session.imap.clone();
    let target = user(session)?.folder(&imap, wanted.folder.as_str()).await.map_err(Failure::or_try_create)?;
    all_there(&source, &uids, &wanted).await?;
    let copied = source.copy_to(uids, &target).await?;
    Ok(match code(copied) {
        Some(code) => Done::with(code, "copied"),
        None => Done::ok("there was nothing to copy"),
    })
}

pub(super) async fn r#move(session: &mut Session, wanted: Transfer) -> Result {
    let view = view(session)?;
    view.writable()?;
    let (uids, source) = (view.chosen(&wanted.messages, wanted.uid)?, view.folder.clone());
    let imap = session.imap.clone();
    let target = user(session)?.folder(&imap, wanted.folder.as_str()).await.map_err(Failure::or_try_create)?;
    all_there(&source, &uids, &wanted).await?;
    let moved = source.move_to(uids, &target).await?;
    // COPYUID comes before the EXPUNGE of the moved messages (RFC 6851 section 4.3).
    let count = moved.uids.len();
    if let Some(code) = code(moved) {
        response::untagged(&mut session.out, Status::Ok, Some(code.as_wire()), "moved");
    }
    Ok(Done::removed(session, count, "moved"))
}

/// A message number stands for a message that the client believes to be there: if another session has removed it,
/// nothing is done (RFC 9051 section 6.4.7). UIDs that are not there are passed over.
async fn all_there(source: &OpenFolder, uids: &[u32], wanted: &Transfer) -> Result<()> {
    if wanted.uid {
        return Ok(());
    }
    let snapshot = match source.refresh().await {
        Ok(snapshot) => snapshot,
        // Whether that is in the way is the service's to say.
        Err(AccessError::Denied(_)) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    if uids.iter().all(|uid| snapshot.position(*uid).is_ok()) {
        Ok(())
    } else {
        Err(Failure::no(Code::ExpungeIssued, EXPUNGED))
    }
}

fn code(copied: Copied) -> Option<DoneCode> {
    let (source, target): (Vec<u32>, Vec<u32>) = copied.uids.into_iter().unzip();
    (!source.is_empty()).then_some(DoneCode::CopyUid(copied.uidvalidity, source, target))
}
