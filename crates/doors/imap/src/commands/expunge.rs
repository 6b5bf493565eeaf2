//! EXPUNGE and UID EXPUNGE (RFC 9051 sections 6.4.3 and 6.4.9).
//!
//! What removing means (for good, or to Deleted Items) is decided by the mail service.

use super::{Done, Result, view};
use crate::session::Session;
use postroom_wire_imap::MessageSet;

pub(super) async fn run(session: &mut Session, uids: Option<&MessageSet>) -> Result {
    let view = view(session)?;
    view.writable()?;
    let uids = uids.map(|set| view.uids_of(set, true));
    let folder = view.folder.clone();
    let gone = folder.expunge(uids).await?;
    // The session tells the client which are gone before the tagged answer.
    Ok(Done::removed(session, gone.len(), "expunged"))
}
