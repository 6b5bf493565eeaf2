//! DELETE (RFC 9051 section 6.3.5).

use super::{Done, Result, user};
use crate::session::Session;
use postroom_wire_imap::FolderName;

pub(super) async fn run(session: &mut Session, folder: &FolderName) -> Result {
    let imap = session.imap.clone();
    let (opened, path) = user(session)?.locate(&imap, folder.as_str()).await?;
    imap.mail.delete_folder(&opened, &path).await?;
    Ok(Done::ok("deleted"))
}
