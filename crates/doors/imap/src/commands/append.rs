//! APPEND (RFC 9051 section 6.3.12) of one or several messages (RFC 3502), all or none.

use super::store::named;
use super::{Done, DoneCode, Result, user};
use crate::reply::{Code, Failure};
use crate::session::Session;
use postroom_mail::{Append, Appended};
use postroom_model::Time;
use postroom_wire_imap::command::append;

pub(super) async fn run(session: &mut Session, wanted: append::Append) -> Result {
    let imap = session.imap.clone();
    let folder = user(session)?.folder(&imap, wanted.folder.as_str()).await.map_err(Failure::or_try_create)?;
    let mut messages = Vec::with_capacity(wanted.messages.len());
    for message in wanted.messages {
        if message.body.is_empty() {
            return Err(Failure::no(Code::Cannot, "an empty message is not taken"));
        }
        if message.utf8 && !session.enabled.is_utf8() {
            return Err(Failure::bad("UTF8 is for those who have enabled UTF8=ACCEPT"));
        }
        let (flags, keywords) = named(&message.flags)?;
        let received_at = message.internal_date.map(Time::from_seconds);
        let message = imap.mail.prepare(message.body.to_vec()).await?;
        messages.push(Append { message, flags, keywords, received_at });
    }
    let done = folder.append(messages).await?;
    let uidvalidity = done.first().map_or(0, |first| first.uidvalidity);
    let uids = done.iter().map(|Appended { uid, .. }| *uid).collect();
    Ok(Done::with(DoneCode::AppendUid(uidvalidity, uids), "appended"))
}
