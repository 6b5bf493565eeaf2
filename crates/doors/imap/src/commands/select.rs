//! SELECT and EXAMINE (RFC 9051 sections 6.3.2 and 6.3.3).

use super::{Done, DoneCode, Result, not_offered, object_id, user};
use crate::names;
use crate::reply::Code;
use crate::session::Session;
use crate::view::View;
use postroom_mail::Entry;
use postroom_model::Flags;
use postroom_wire_imap::command::folder::Select;
use postroom_wire_imap::response::{self, ListLine, Status};

/// A folder in which nothing may be changed is opened read-only, also by SELECT (RFC 4314 section 5.2).
pub(super) async fn run(session: &mut Session, wanted: Select, examine: bool) -> Result {
    if wanted.qresync.is_some() {
        return Err(not_offered("QRESYNC"));
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
    announce(session, asked, snapshot.tally.unseen == 0);
    Ok(Done::with(code, "selected"))
}

fn announce(session: &mut Session, asked: &str, none_unseen: bool) {
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
        // Where all are read, nothing has to be looked through.
        let unseen = |entry: &Entry| !entry.flags.contains(Flags::SEEN);
        let first = if none_unseen { None } else { view.messages.iter().position(unseen) };
        if let Some(at) = first {
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
