//! SUBSCRIBE and UNSUBSCRIBE (RFC 9051 sections 6.3.7 and 6.3.8). A name that no folder bears can be subscribed to, and
//! one below a mailbox that the person may not see is such a name.

use super::{Done, Result, user};
use crate::names::Meaning;
use crate::reply::{Code, Failure};
use crate::session::Session;
use postroom_access::AccessError;
use postroom_wire_imap::FolderName;

/// Octets of a name that no folder bears.
const LONGEST: usize = 1024;

pub(super) async fn run(session: &mut Session, folder: &FolderName, subscribed: bool) -> Result {
    let imap = session.imap.clone();
    let name = folder.as_str();
    if subscribed && (!folder.is_well_formed() || name.len() > LONGEST) {
        return Err(Failure::no(Code::Cannot, "the name is not well-formed, or too long"));
    }
    let user = user(session)?;
    let meaning = user.meaning(&imap, name);
    let opened = match &meaning {
        Meaning::Folder { mailbox, path } => match user.open(&imap, *mailbox).await {
            Ok(opened) => Some((opened, path)),
            Err(AccessError::NotFound) => None,
            Err(error) => return Err(error.into()),
        },
        Meaning::Mailbox(_) | Meaning::Namespace(_) | Meaning::Nothing => None,
    };
    match opened {
        Some((opened, path)) => imap.mail.subscribe(&opened, path, subscribed).await?,
        None => imap.mail.subscribe_name(user.actor, name, subscribed).await?,
    }
    Ok(Done::ok(if subscribed { "subscribed" } else { "unsubscribed" }))
}
