//! NOOP (RFC 1939 section 5).

use super::{Result, maildrop};
use crate::session::Session;
use postroom_wire_pop3::reply;

pub(super) async fn run(session: &mut Session) -> Result {
    maildrop(session).await?;
    reply::ok(&mut session.out, "still here");
    Ok(())
}
