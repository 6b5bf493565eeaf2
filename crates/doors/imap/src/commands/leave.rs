//! CLOSE and UNSELECT (RFC 9051 sections 6.4.1 and 6.4.2).

use super::{Done, Result, view};
use crate::session::Session;
use postroom_access::AccessError;

/// CLOSE removes what is marked `\Deleted`, as far as the person may; it never fails for want of a right.
pub(super) async fn close(session: &mut Session) -> Result {
    let view = view(session)?;
    let (folder, examined) = (view.folder.clone(), view.examined);
    session.leave().await;
    if !examined {
        match folder.expunge(None).await {
            Ok(_) | Err(AccessError::Denied(_) | AccessError::NotFound) => {}
            Err(error @ AccessError::Store(_)) => return Err(error.into()),
        }
    }
    Ok(Done::ok("closed"))
}

pub(super) async fn unselect(session: &mut Session) -> Result {
    session.leave().await;
    Ok(Done::ok("left"))
}
