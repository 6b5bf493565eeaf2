//! SELECT and EXAMINE (RFC 9051 sections 6.3.2 and 6.3.3).

use super::{Done, DoneCode, Result, object_id, user, view};
use crate::names;
use crate::reply::{Code, Failure};
use crate::resync;
use crate::session::{FLUSH_AT, Session};
use crate::view::View;
use postroom_wire_imap::command::folder::{Qresync, Select};
use postroom_wire_imap::response::{self, ListLine, Status};

/// A folder in which nothing may be changed is opened read-only, also by SELECT (RFC 4314 section 5.2).
pub(super) async fn run(session: &mut Session, wanted: Select, examine: bool) -> Result {
    if wanted.qresync.is_some() && !session.enabled.qresync {
        return Err(Failure::bad("QRESYNC is for those who have enabled it"));
    }
    if let Some((numbers, uids)) = wanted.qresync.as_ref().and_then(|known| known.known_pairs.as_ref()) {
        resync::check_pairs(numbers, uids)?;
    }
    if session.leave().await {
        response::untagged(&mut session.out, Status::Ok, Some(Code::Closed), "the folder before is closed");
    }
    let imap = session.imap.clone();
    let folder = user(session)?.folder(&imap, wanted.folder.as_str()).await?;
    let snapshot = folder.refresh().await?;
    session.enabled.condstore |= wanted.condstore;
    let view = View::new(folder, &snapshot, examine);
    let code = if view.is_read_only() { DoneCode::ReadOnly } else { DoneCode::ReadWrite };
    session.view = Some(view);
    let asked = wanted.folder.as_str();
    announce(session, asked);
    if let Some(known) = &wanted.qresync {
        bring_up_to_date(session, known).await?;
    }
    Ok(Done::with(code, "selected"))
}

fn announce(session: &mut Session, asked: &str) {
    session.write_flags();
    let (Some(view), Some(user)) = (&session.view, &session.user) else { return };
    let out = &mut session.out;
    response::exists(out, view.len());
    if session.enabled.rev2 {
        let org = session.imap.mail.access().org();
        let prefix = org.mailbox(view.folder.mailbox()).and_then(|mailbox| names::prefix(user.home, mailbox));
        let name = names::name(prefix.as_deref(), view.folder.path());
        // Other capitals of INBOX, or accents spelt in another way.
        let old_name = Some(asked).filter(|asked| *asked != name);
        let line = ListLine { attributes: &[], separator: Some('/'), name: &name, child_subscribed: false, old_name };
        response::list(out, &line, true);
    } else {
        response::recent(out, view.recent());
        let unseen = view.messages.iter().position(|entry| !entry.flags.contains(postroom_model::Flags::SEEN));
        if let Some(at) = unseen {
            let number = u32::try_from(at + 1).unwrap_or(u32::MAX);
            response::untagged(out, Status::Ok, Some(Code::Unseen(number)), "the first unseen message");
        }
    }
    response::untagged(out, Status::Ok, Some(Code::UidValidity(view.uidvalidity)), "UIDs are valid");
    response::untagged(out, Status::Ok, Some(Code::UidNext(view.uidnext)), "the next UID");
    response::untagged(out, Status::Ok, Some(Code::HighestModSeq(view.highest_modseq())), "the newest change");
    let id = object_id::folder(view.folder.mailbox(), view.folder.id());
    response::untagged(out, Status::Ok, Some(Code::MailboxId(&id)), "the folder's id");
}

/// What has changed since the client saw the folder last (RFC 7162 section 3.2.5): what has gone, then the flags of
/// what changed or came. If its UIDs mean nothing any more, nothing is said.
async fn bring_up_to_date(session: &mut Session, client: &Qresync) -> Result<()> {
    let view = view(session)?;
    if client.uid_validity.get() != view.uidvalidity {
        return Ok(());
    }
    let since = resync::modseq(client.mod_seq);
    let known = resync::known_uids(client.known_uids.as_ref(), view.uidnext);
    let settled = match &client.known_pairs {
        Some((numbers, uids)) => resync::settled(view, numbers, uids),
        None => 0,
    };
    let gone = resync::vanished_earlier(view, &known, since, settled).await?;
    let changed = view.messages.iter().zip(1u32..);
    let changed = changed.filter(|(entry, _)| entry.modseq > since && resync::holds(&known, entry.uid));
    let changed: Vec<u32> = changed.map(|(_, number)| number).collect();
    response::vanished(&mut session.out, true, &gone);
    for number in changed {
        session.write_fetch_flags(number, true);
        if session.out.len() > FLUSH_AT {
            session.flush().await?;
        }
    }
    Ok(())
}
