//! APPEND (RFC 9051 section 6.3.12) of one or several messages (RFC 3502), all or none, each sent whole or put together
//! by CATENATE (RFC 4469). Start reading at [`ready`] for what APPEND and REPLACE have in common.

use super::store::named;
use super::{Done, DoneCode, Result, catenate, user};
use crate::reply::{Code, Failure};
use crate::session::Session;
use postroom_mail::{Append, Appended};
use postroom_model::Time;
use postroom_wire_imap::command::append::{self, AppendData, AppendMessage};
use postroom_wire_imap::response::Status;
use postroom_wire_message::without_nul;

pub(super) async fn run(session: &mut Session, wanted: append::Append) -> Result {
    let imap = session.imap.clone();
    let folder = user(session)?.folder(&imap, wanted.folder.as_str()).await.map_err(Failure::or_try_create)?;
    let (mut messages, mut room) = (Vec::with_capacity(wanted.messages.len()), imap.config.message_size);
    for message in wanted.messages {
        match ready(session, message, &mut room).await? {
            Ready::Append(append) => messages.push(*append),
            Ready::BadUrl(url) => return Ok(bad_url(url)),
        }
    }
    let done = folder.append(messages).await?;
    let uidvalidity = done.first().map_or(0, |first| first.uidvalidity);
    let uids = done.iter().map(|Appended { uid, .. }| *uid).collect();
    Ok(Done::with(DoneCode::AppendUid(uidvalidity, uids), "appended"))
}

/// A message on its way in.
pub(super) enum Ready {
    Append(Box<Append>),
    /// A URL of CATENATE names nothing that the person may read.
    BadUrl(String),
}

/// One answer for what is not there and for what may not be read.
pub(super) fn bad_url(url: String) -> Done {
    let text = "the URL names no message here that you may read".into();
    Done { status: Status::No, code: Some(DoneCode::BadUrl(url)), text }
}

/// Makes a message ready to be filed. `room`: how many octets the command may still bring.
pub(super) async fn ready(session: &mut Session, message: AppendMessage, room: &mut usize) -> Result<Ready> {
    let (flags, keywords) = named(&message.flags)?;
    let received_at = message.internal_date.map(Time::from_seconds);
    let text = match message.data {
        AppendData::Message { utf8: true, .. } if !session.enabled.is_utf8() => {
            return Err(Failure::bad("UTF8 is for those who have enabled UTF8=ACCEPT"));
        }
        AppendData::Message { body, .. } => body.to_vec(),
        AppendData::Catenate(parts) => match catenate::text(session, parts, *room).await? {
            Ok(text) => text,
            Err(url) => return Ok(Ready::BadUrl(url)),
        },
    };
    if text.is_empty() {
        return Err(Failure::no(Code::Cannot, "an empty message is not taken"));
    }
    *room = room.saturating_sub(text.len());
    let text = if text.contains(&0) { nul_free(text).await? } else { text };
    let message = session.imap.mail.prepare(text).await?;
    Ok(Ready::Append(Box::new(Append { message, flags, keywords, received_at })))
}

/// No string of IMAP but literal8 holds NUL, and no command but FETCH BINARY gives that: parts with NUL are kept in
/// base64.
async fn nul_free(text: Vec<u8>) -> Result<Vec<u8>> {
    let made = tokio::task::spawn_blocking(move || without_nul(&text)).await.ok().flatten();
    made.ok_or_else(|| Failure::no(Code::Cannot, "a message must not hold NUL in a header or between its parts"))
}
