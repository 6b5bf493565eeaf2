//! UIDL (RFC 1939 section 7).

use super::{Result, maildrop};
use crate::session::Session;
use bytes::BytesMut;
use postroom_wire_pop3::reply;

pub(super) async fn run(session: &mut Session, number: Option<u32>) -> Result {
    let (maildrop, now) = maildrop(session).await?;
    let mut answer = BytesMut::new();
    match number {
        Some(number) => {
            let unique_id = maildrop.unique_id(maildrop.message(number, &now)?);
            reply::ok(&mut answer, &format!("{number} {unique_id}"));
        }
        None => {
            reply::ok(&mut answer, "these are the messages");
            for (number, entry) in maildrop.messages() {
                reply::item(&mut answer, &format!("{number} {}", maildrop.unique_id(entry)));
            }
            reply::end(&mut answer);
        }
    }
    session.out.unsplit(answer);
    Ok(())
}
