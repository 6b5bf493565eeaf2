//! STARTTLS (RFC 9051 section 6.2.1). The session changes to TLS after the tagged answer is out.

use super::{Done, Result};
use crate::reply::Failure;
use crate::session::Session;

pub(super) fn run(session: &mut Session) -> Result {
    if session.tls || session.user.is_some() || session.imap.config.tls.is_none() {
        return Err(Failure::bad("TLS cannot be started here"));
    }
    session.tls = true;
    Ok(Done::ok("begin TLS now"))
}
