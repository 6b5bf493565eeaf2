//! STAT (RFC 1939 section 5).

use super::{Result, maildrop};
use crate::session::Session;
use postroom_wire_pop3::reply;

pub(super) async fn run(session: &mut Session) -> Result {
    let (count, octets) = maildrop(session).await?.0.count();
    reply::ok(&mut session.out, &format!("{count} {octets}"));
    Ok(())
}
