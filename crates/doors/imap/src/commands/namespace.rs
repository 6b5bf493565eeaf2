//! NAMESPACE (RFC 2342, RFC 9051 section 6.3.10).

use super::{Done, Result, user};
use crate::names::{OTHER_USERS, SHARED};
use crate::session::Session;
use postroom_wire_imap::response;

pub(super) fn run(session: &mut Session) -> Result {
    let utf8 = session.enabled.is_utf8();
    let (others, shared) = (format!("{OTHER_USERS}/"), format!("{SHARED}/"));
    if user(session)?.only().is_some() {
        response::namespace(&mut session.out, &[""], &[], &[], '/', utf8);
        return Ok(Done::ok("this mailbox alone"));
    }
    response::namespace(&mut session.out, &[""], &[&others], &[&shared], '/', utf8);
    Ok(Done::ok("one's own, other users' and shared"))
}
