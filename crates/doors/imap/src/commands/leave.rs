//! CLOSE and UNSELECT (RFC 9051 sections 6.4.1 and 6.4.2).

use super::{Done, DoneCode, Result, view};
use crate::session::Session;
use postroom_access::AccessError;
use postroom_mail::OpenFolder;
use postroom_model::ModSeq;

/// CLOSE removes what is marked `\Deleted`, as far as the person may; it never fails for want of a right.
pub(super) async fn close(session: &mut Session) -> Result {
    if session.enabled.qresync {
        session.tell_news(true).await?;
    }
    let view = view(session)?;
    let (folder, examined, told) = (view.folder.clone(), view.examined, view.modseq);
    session.leave().await;
    if examined {
        return Ok(Done::ok("closed"));
    }
    let gone = match folder.expunge(None).await {
        Ok(gone) => gone,
        Err(AccessError::Denied(_) | AccessError::NotFound) => return Ok(Done::ok("closed")),
        Err(error @ AccessError::Store(_)) => return Err(error.into()),
    };
    if session.enabled.qresync && !gone.is_empty() {
        let code = DoneCode::HighestModSeq(newest(&folder, told).await?);
        return Ok(Done::with(code, "closed"));
    }
    Ok(Done::ok("closed"))
}

/// The number of the removal if it was the only change since the client was told the last news; otherwise the client
/// would believe that it knows the other changes, too, and is given the number it had (RFC 7162 section 3.2.8).
async fn newest(folder: &OpenFolder, told: ModSeq) -> Result<u64> {
    let now = match folder.refresh().await {
        Ok(snapshot) => snapshot.modseq,
        Err(AccessError::Denied(_) | AccessError::NotFound) => told,
        Err(error @ AccessError::Store(_)) => return Err(error.into()),
    };
    let known = if now.0 == told.0 + 1 { now } else { told };
    Ok(u64::try_from(known.0).unwrap_or(0).max(1))
}

pub(super) async fn unselect(session: &mut Session) -> Result {
    session.leave().await;
    Ok(Done::ok("left"))
}
