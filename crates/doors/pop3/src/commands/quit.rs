//! QUIT (RFC 1939 sections 4 and 6): removes what is marked, then ends the connection, whether that went well or not.
//!
//! What removing means (for good, or to Deleted Items) is decided by the mail service.

use super::Result;
use crate::session::Session;
use postroom_wire_pop3::reply;

pub(super) async fn run(session: &mut Session) -> Result {
    session.close();
    let removed = match session.user.take() {
        Some(user) => user.maildrop.remove_marked().await?,
        None => 0,
    };
    reply::ok(&mut session.out, &format!("{removed} messages removed, goodbye"));
    Ok(())
}
