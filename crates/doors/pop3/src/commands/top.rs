//! TOP (RFC 1939 section 7).

use super::{Result, retr};
use crate::session::Session;
use postroom_wire_pop3::{content, reply};

pub(super) async fn run(session: &mut Session, number: u32, lines: u32) -> Result {
    let message = retr::content(session, number).await?;
    reply::ok(&mut session.out, "the top of it");
    retr::send(session, content::top(&message, lines)).await
}
