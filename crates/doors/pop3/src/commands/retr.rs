//! RETR (RFC 1939 section 5). Start reading at [`run`]; [`content`] and [`send`] serve TOP as well.

use super::{Result, maildrop};
use crate::reply::Failure;
use crate::session::{FLUSH_AT, Session};
use postroom_wire_pop3::{content, reply};

pub(super) async fn run(session: &mut Session, number: u32) -> Result {
    let message = content(session, number).await?;
    reply::ok(&mut session.out, &format!("{} octets", message.len()));
    send(session, content::lines(&message)).await
}

/// The bytes of a message.
pub(super) async fn content(session: &mut Session, number: u32) -> Result<Vec<u8>> {
    let (maildrop, now) = maildrop(session).await?;
    let content = maildrop.message(number, &now)?.content;
    let body = maildrop.folder().bodies(vec![content], 1).await?.pop();
    let body = body.ok_or_else(|| Failure::refused("this message was removed meanwhile"))?;
    let mut bytes = Vec::with_capacity(usize::try_from(body.size()).unwrap_or_default());
    body.read_into(&mut bytes).await?;
    Ok(bytes)
}

/// Writes lines and the end of the answer, as it grows.
pub(super) async fn send<'a>(session: &mut Session, lines: impl Iterator<Item = &'a [u8]>) -> Result {
    for line in lines {
        // However long a line is, only a piece of it waits in the buffer.
        content::begin_line(&mut session.out, line);
        for piece in line.chunks(FLUSH_AT) {
            session.out.extend_from_slice(piece);
            session.flush_if_full().await?;
        }
        content::end_line(&mut session.out);
    }
    reply::end(&mut session.out);
    Ok(())
}
