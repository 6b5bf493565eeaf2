//! LIST (RFC 1939 section 5). Sizes are those of the messages as kept.

use super::{Result, maildrop};
use crate::session::Session;
use bytes::BytesMut;
use postroom_wire_pop3::reply;

pub(super) async fn run(session: &mut Session, number: Option<u32>) -> Result {
    let (maildrop, now) = maildrop(session).await?;
    let mut answer = BytesMut::new();
    match number {
        Some(number) => {
            let size = maildrop.message(number, &now)?.size;
            reply::ok(&mut answer, &format!("{number} {size}"));
        }
        None => {
            let (count, octets) = maildrop.count();
            reply::ok(&mut answer, &format!("{count} messages, {octets} octets"));
            for (number, entry) in maildrop.messages() {
                reply::item(&mut answer, &format!("{number} {}", entry.size));
            }
            reply::end(&mut answer);
        }
    }
    session.out.unsplit(answer);
    Ok(())
}
