//! STLS (RFC 2595 section 4).

use super::Result;
use crate::reply::Failure;
use crate::session::Session;
use postroom_wire_pop3::reply;

pub(super) async fn run(session: &mut Session) -> Result {
    if session.tls {
        return Err(Failure::mistake("TLS is up already"));
    }
    if session.user.is_some() {
        return Err(Failure::mistake("TLS can start only before signing in"));
    }
    if session.pop3.config.tls.is_none() {
        return Err(Failure::mistake("TLS is not offered here"));
    }
    reply::ok(&mut session.out, "begin TLS now");
    Ok(session.secure().await?)
}
