//! DELE (RFC 1939 section 5): marks a message; QUIT removes it.

use super::{Result, maildrop};
use crate::session::Session;
use postroom_wire_pop3::reply;

pub(super) async fn run(session: &mut Session, number: u32) -> Result {
    let (maildrop, now) = maildrop(session).await?;
    maildrop.message(number, &now)?;
    maildrop.mark(number)?;
    reply::ok(&mut session.out, "QUIT will remove it");
    Ok(())
}
