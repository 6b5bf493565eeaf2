//! SUBSCRIBE and UNSUBSCRIBE (RFC 9051 sections 6.3.7 and 6.3.8).

use super::{Done, Result, user};
use crate::session::Session;
use postroom_wire_imap::FolderName;

pub(super) async fn run(session: &mut Session, folder: &FolderName, subscribed: bool) -> Result {
    let imap = session.imap.clone();
    let (opened, path) = user(session)?.locate(&imap, folder.as_str()).await?;
    imap.mail.subscribe(&opened, &path, subscribed).await?;
    Ok(Done::ok(if subscribed { "subscribed" } else { "unsubscribed" }))
}
