//! USER (RFC 1939 section 7). Every name is answered alike; the password shows more.

use super::Result;
use crate::session::Session;
use crate::sign_in;
use postroom_wire_pop3::reply;

pub(super) fn run(session: &mut Session, name: String) -> Result {
    sign_in::allowed(session)?;
    session.name = Some(name);
    reply::ok(&mut session.out, "now the password");
    Ok(())
}
