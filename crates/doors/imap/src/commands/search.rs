//! SEARCH and UID SEARCH (RFC 9051 section 6.4.4), with ESEARCH (RFC 4731), the saved result `$` (RFC 5182), PARTIAL
//! (RFC 9394), FUZZY (RFC 6203) and results that are kept up to date (RFC 5267).

use super::{Done, Result};
use crate::context;
use crate::reply::{Code, Failure};
use crate::search::{self, Found};
use crate::session::Session;
use postroom_wire_imap::Tag;
use postroom_wire_imap::command::search::{Search, SearchReturn};
use postroom_wire_imap::response;

pub(super) async fn run(session: &mut Session, tag: &Tag, wanted: Search) -> Result {
    if wanted.program.charset.is_some() && session.enabled.utf8 {
        // RFC 9755 section 3: everything is UTF-8 by then.
        return Err(Failure::bad("a charset is not named once UTF8=ACCEPT is enabled"));
    }
    let saves = wanted.returns.is_some_and(|returns| returns.save);
    let found = match found(session, &wanted).await {
        Ok(found) => found,
        Err(failure) => {
            // A search that fails leaves an empty saved result (RFC 9051 section 6.4.4.1).
            if let Some(view) = session.view.as_mut().filter(|_| saves) {
                view.saved.clear();
            }
            return Err(failure);
        }
    };
    if found.by_modseq {
        session.enable_condstore();
    }
    let Some(returns) = wanted.returns else {
        if session.enabled.rev2 {
            let all = SearchReturn { all: true, ..SearchReturn::default() };
            search::answer(session, tag, wanted.uid, all, &found);
        } else {
            let numbers = if wanted.uid { &found.uids } else { &found.numbers };
            let modseq = found.modseqs.iter().copied().max().filter(|_| found.by_modseq);
            response::search(&mut session.out, numbers, modseq);
        }
        return Ok(Done::ok("searched"));
    };
    let frozen = super::view(session).map(|view| search::frozen(&wanted.program.key, view))?;
    if returns.save {
        search::save(session, returns, &found);
    }
    search::answer(session, tag, wanted.uid, returns, &found);
    if returns.update {
        context::keep_search(session, tag, wanted.uid, frozen, &found);
    }
    Ok(Done::ok("searched"))
}

async fn found(session: &Session, wanted: &Search) -> Result<Found> {
    if !wanted.program.has_known_charset() {
        return Err(Failure::no(Code::BadCharset(&["UTF-8", "US-ASCII"]), "texts are in UTF-8 or US-ASCII"));
    }
    search::find(session, &wanted.program.key).await
}
