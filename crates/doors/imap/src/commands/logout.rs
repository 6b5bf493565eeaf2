//! LOGOUT (RFC 9051 section 6.1.3).

use super::{Done, Result};
use crate::session::Session;

pub(super) fn run(session: &mut Session) -> Result {
    session.bye("until next time");
    Ok(Done::ok("signed out"))
}
