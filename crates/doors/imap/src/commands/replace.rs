//! REPLACE and UID REPLACE (RFC 8508): a message takes the place of another, both or neither.
//!
//! What becomes of the old one (gone for good, or in Deleted Items) is decided by the mail service as for EXPUNGE.

use super::append::{Ready, bad_url, ready};
use super::{Done, DoneCode, EXPUNGED, Result, user, view};
use crate::reply::{Code, Failure};
use crate::session::Session;
use postroom_access::AccessError;
use postroom_mail::AppendError;
use postroom_wire_imap::command::append::Replace;
use postroom_wire_imap::response::{self, Status};
use postroom_wire_imap::{MessageSet, SequenceRange, SequenceSet};

pub(super) async fn run(session: &mut Session, wanted: Replace) -> Result {
    let view = view(session)?;
    view.writable()?;
    let only = SequenceRange { from: wanted.message, to: wanted.message };
    let chosen = view.chosen(&MessageSet::Set(SequenceSet(vec![only])), wanted.uid)?;
    let source = view.folder.clone();
    let Some(uid) = chosen.first().copied() else {
        return Err(Failure::no(Code::NonExistent, "there is no such message to be replaced"));
    };
    let imap = session.imap.clone();
    let target = user(session)?.folder(&imap, wanted.folder.as_str()).await.map_err(Failure::or_try_create)?;
    let mut room = imap.config.message_size;
    let append = match ready(session, wanted.with, &mut room).await? {
        Ready::Append(append) => *append,
        Ready::BadUrl(url) => return Ok(bad_url(url)),
    };
    let filed = match source.replace(uid, &target, append).await {
        Ok(filed) => filed,
        Err(AppendError::Access(AccessError::NotFound)) => return Err(Failure::no(Code::ExpungeIssued, EXPUNGED)),
        Err(error) => return Err(error.into()),
    };
    // The client is told the new one's UID before it is told that the old one has gone (RFC 8508 section 3.1).
    let code = DoneCode::AppendUid(filed.uidvalidity, vec![filed.uid]);
    response::untagged(&mut session.out, Status::Ok, Some(code.as_wire()), "filed");
    Ok(Done::ok("replaced"))
}
