//! NOTIFY (RFC 5465): what the client is told without asking.

use super::{Done, Result};
use crate::notify::{Lost, Notify, Selected};
use crate::reply::{Code, Failure};
use crate::session::Session;
use postroom_mail::Stirred;
use postroom_wire_imap::command::notify::{self, EventGroup, Folders};

const KNOWN: &[&str] = &["MessageNew", "MessageExpunge", "FlagChange", "MailboxName", "SubscriptionChange"];

pub(super) async fn run(session: &mut Session, wanted: notify::Notify) -> Result {
    let (status, groups) = match wanted {
        notify::Notify::None => (false, Vec::new()),
        notify::Notify::Set { status, groups } => (status, groups),
    };
    let offered = |group: &EventGroup| {
        let events = &group.events;
        !(events.unknown || events.mailbox_metadata_change || events.server_metadata_change)
    };
    if !groups.iter().all(offered) {
        return Err(Failure::no(Code::BadEvent(KNOWN), "an event among these is not offered"));
    }
    let facts = session.imap.mail.access().watch();
    let facts_seen = *facts.borrow();
    let selected = groups.iter().find_map(selected);
    let groups = groups.into_iter().filter(|group| !is_selected(group)).collect();
    let mut notify = Notify { selected, groups, accounts: Vec::new(), known: Vec::new(), facts, facts_seen };
    if !notify.groups.is_empty() {
        session.read_list(&mut notify).await.map_err(failed)?;
    }
    if status {
        for known in notify.known.clone() {
            let all = Stirred { messages: true, flags: true };
            session.tell_status(&notify, known.mailbox, known.info.id, all).await.map_err(failed)?;
        }
    }
    session.notify = Some(notify);
    Ok(Done::ok("you will be told"))
}

fn is_selected(group: &EventGroup) -> bool {
    matches!(group.folders, Folders::Selected | Folders::SelectedDelayed)
}

fn selected(group: &EventGroup) -> Option<Selected> {
    if !is_selected(group) || !group.events.message_new {
        return None;
    }
    Some(Selected {
        delayed: group.folders == Folders::SelectedDelayed,
        flags: group.events.flag_change,
        fetch: group.events.fetch.clone(),
    })
}

fn failed(lost: Lost) -> Failure {
    match lost {
        Lost::Io(error) => error.into(),
        Lost::TooMuch => Failure::no(Code::Unavailable, "the folders could not be read; try again"),
    }
}
