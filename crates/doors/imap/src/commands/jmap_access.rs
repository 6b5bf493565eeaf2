//! GETJMAPACCESS (RFC 9698): where the same mail is served by JMAP, under the same ids and to the same passwords.

use super::{Done, Result, not_offered, user};
use crate::session::Session;
use postroom_wire_imap::response;

/// The address, where there is one for this sign-in: one into a single mailbox has none.
pub(super) fn address(session: &Session) -> Option<&str> {
    let everything = session.user.as_ref().is_some_and(|user| user.only().is_none());
    session.imap.config.jmap_url.as_deref().filter(|_| everything)
}

pub(super) fn run(session: &mut Session) -> Result {
    user(session)?;
    let url = address(session).ok_or_else(|| not_offered("JMAP here"))?.to_owned();
    response::jmap_access(&mut session.out, &url);
    Ok(Done::ok("there"))
}
