//! THREAD and UID THREAD (RFC 5256): which messages answer which, from what was computed when they were filed.

use super::{Done, Result};
use crate::reply::{Code, Failure};
use crate::search;
use crate::session::Session;
use crate::thread::{self, Algorithm, Message};
use crate::view::View;
use postroom_mail::ContentId;
use postroom_wire_imap::command::sort::Thread;
use postroom_wire_imap::response;
use postroom_wire_message::normalise;

pub(super) async fn run(session: &mut Session, wanted: Thread) -> Result {
    let Some(algorithm) = Algorithm::parse(&wanted.algorithm) else {
        return Err(Failure::bad("threads are made by ORDEREDSUBJECT, REFERENCES or REFS"));
    };
    if !wanted.program.has_known_charset() {
        return Err(Failure::no(Code::BadCharset(&["UTF-8", "US-ASCII"]), "texts are in UTF-8 or US-ASCII"));
    }
    let found = search::find(session, &wanted.program.key).await?;
    let messages = messages(super::view(session)?, &found.numbers, wanted.uid).await?;
    let forest = thread::build(algorithm, messages);
    response::thread(&mut session.out, &forest.nodes, &forest.roots);
    Ok(Done::ok("threaded"))
}

/// So many are read in one look.
const PAGE: usize = 1024;

async fn messages(view: &View, numbers: &[u32], uid: bool) -> Result<Vec<Message>> {
    let mut messages = Vec::with_capacity(numbers.len());
    for page in numbers.chunks(PAGE) {
        let entries = page.iter().filter_map(|number| Some((*number, view.messages.get(*number as usize - 1)?)));
        let entries: Vec<_> = entries.collect();
        let contents: Vec<ContentId> = entries.iter().map(|(_, entry)| entry.content).collect();
        let known = view.folder.ancestries(contents).await?;
        for (number, entry) in entries {
            let number = if uid { entry.uid } else { number };
            let received = entry.received_at.seconds();
            let message = match known.get(&entry.content) {
                Some(ancestry) => Message {
                    number,
                    own: ancestry.own,
                    ancestors: ancestry.ancestors.clone(),
                    // i;unicode-casemap, as SORT compares.
                    subject: normalise(&ancestry.base_subject).to_uppercase(),
                    is_reply: ancestry.is_reply,
                    // RFC 5256 section 2.2: without a sent date the internal date takes its place.
                    date: ancestry.sent_at.unwrap_or(received),
                },
                None => Message { number, date: received, ..Message::default() },
            };
            messages.push(message);
        }
    }
    Ok(messages)
}
