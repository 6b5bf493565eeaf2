//! GETQUOTA, GETQUOTAROOT and SETQUOTA (RFC 9208). Each mailbox is a quota root of its own, by its name.

use super::{Done, Result, user};
use crate::reply::{Code, Failure};
use crate::session::Session;
use postroom_access::Opened;
use postroom_directory::UpdateMailbox;
use postroom_wire_imap::FolderName;
use postroom_wire_imap::command::quota::QuotaResource;
use postroom_wire_imap::response::{self, QuotaLine};

/// STORAGE counts in these.
const UNIT: u64 = 1024;

pub(super) async fn get(session: &mut Session, root: &str) -> Result {
    let opened = of_root(session, root).await?;
    tell(session, &opened, root).await?;
    Ok(Done::ok("that is used of what there is"))
}

pub(super) async fn get_root(session: &mut Session, folder: &FolderName) -> Result {
    let imap = session.imap.clone();
    let (opened, path) = user(session)?.locate(&imap, folder.as_str()).await?;
    imap.mail.open_folder(&opened, &path).await?.need(postroom_model::Right::MessageRead)?;
    let root = opened.facts()?.name.to_string();
    let utf8 = session.enabled.is_utf8();
    response::quota_root(&mut session.out, folder.as_str(), &root, utf8);
    tell(session, &opened, &root).await?;
    Ok(Done::ok("that is used of what there is"))
}

/// What is not named has no limit any more.
pub(super) async fn set(session: &mut Session, root: &str, limits: &[(QuotaResource, u64)]) -> Result {
    let opened = of_root(session, root).await?;
    let limit = |wanted| limits.iter().rev().find(|(resource, _)| *resource == wanted).map(|(_, limit)| *limit);
    let update = UpdateMailbox {
        quota: Some(limit(QuotaResource::Storage).map(|limit| limit.saturating_mul(UNIT))),
        message_quota: Some(limit(QuotaResource::Message)),
        ..UpdateMailbox::default()
    };
    session.imap.directory.update_mailbox(opened.actor(), opened.mailbox(), update).await?;
    tell(session, &opened, root).await?;
    Ok(Done::ok("the limits are set"))
}

/// The mailbox that a root is. One that the person may not see does not exist.
async fn of_root(session: &mut Session, root: &str) -> Result<Opened> {
    let imap = session.imap.clone();
    let id = imap.mail.access().org().by_name(root).map(|mailbox| mailbox.id);
    let nothing = || Failure::no(Code::NonExistent, "there is no such quota root");
    match user(session)?.open(&imap, id.ok_or_else(nothing)?).await {
        Ok(opened) => Ok(opened),
        Err(postroom_access::AccessError::NotFound) => Err(nothing()),
        Err(error) => Err(error.into()),
    }
}

/// Only what has a limit is told.
async fn tell(session: &mut Session, opened: &Opened, root: &str) -> Result<()> {
    let usage = session.imap.mail.usage(opened).await?;
    let storage = usage.octets_at_most.map(|limit| QuotaLine {
        resource: QuotaResource::Storage,
        usage: usage.octets.div_ceil(UNIT),
        limit: limit / UNIT,
    });
    let messages = usage.messages_at_most.map(|limit| QuotaLine {
        resource: QuotaResource::Message,
        usage: usage.messages,
        limit,
    });
    let lines: Vec<QuotaLine> = storage.into_iter().chain(messages).collect();
    let utf8 = session.enabled.is_utf8();
    response::quota(&mut session.out, root, &lines, utf8);
    Ok(())
}
