//! SEARCH and UID SEARCH (RFC 9051 section 6.4.4), with ESEARCH (RFC 4731) and the saved result `$` (RFC 5182).

use super::{Done, Result, not_offered, view};
use crate::reply::{Code, Failure};
use crate::search::{self, Found};
use crate::session::Session;
use postroom_wire_imap::Tag;
use postroom_wire_imap::command::search::{Search, SearchReturn};
use postroom_wire_imap::response::{self, Esearch};

pub(super) async fn run(session: &mut Session, tag: &Tag, wanted: Search) -> Result {
    if wanted.returns.is_some_and(|returns| returns.partial.is_some()) {
        return Err(not_offered("PARTIAL"));
    }
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
    match wanted.returns {
        None if !session.enabled.rev2 => {
            response::search(&mut session.out, numbers(&wanted, &found), highest(&found, SearchReturn::default()))
        }
        None => extended(session, tag, &wanted, SearchReturn { all: true, ..SearchReturn::default() }, &found),
        Some(returns) => {
            if returns.save {
                save(session, returns, &found.uids)?;
            }
            if returns.min || returns.max || returns.all || returns.count {
                extended(session, tag, &wanted, returns, &found);
            }
        }
    }
    Ok(Done::ok("searched"))
}

async fn found(session: &Session, wanted: &Search) -> Result<Found> {
    if !wanted.program.has_known_charset() {
        return Err(Failure::no(Code::BadCharset(&["UTF-8", "US-ASCII"]), "texts are in UTF-8 or US-ASCII"));
    }
    search::find(session, &wanted.program.key).await
}

fn numbers<'f>(wanted: &Search, found: &'f Found) -> &'f [u32] {
    if wanted.uid { &found.uids } else { &found.numbers }
}

/// The MODSEQ to tell when the program asked for it: of the ends if only those are told, else the highest of all
/// (RFC 7162 section 3.1.5).
fn highest(found: &Found, returns: SearchReturn) -> Option<u64> {
    let told: Vec<u64> = if tells_only_ends(returns) {
        let (first, last) = (found.modseqs.first(), found.modseqs.last());
        first.filter(|_| returns.min).into_iter().chain(last.filter(|_| returns.max)).copied().collect()
    } else {
        found.modseqs.clone()
    };
    told.into_iter().max().filter(|_| found.by_modseq)
}

fn tells_only_ends(returns: SearchReturn) -> bool {
    (returns.min || returns.max) && !returns.all && !returns.count
}

fn extended(session: &mut Session, tag: &Tag, wanted: &Search, returns: SearchReturn, found: &Found) {
    let numbers = numbers(wanted, found);
    let answer = Esearch {
        uid: wanted.uid,
        min: numbers.first().copied().filter(|_| returns.min),
        max: numbers.last().copied().filter(|_| returns.max),
        count: returns.count.then(|| u32::try_from(numbers.len()).unwrap_or(u32::MAX)),
        all: Some(numbers).filter(|_| returns.all),
        partial: None,
        mod_seq: highest(found, returns),
    };
    response::esearch(&mut session.out, tag, &answer);
}

/// Keeps the result as `$`. With MIN or MAX and nothing wider, only those (RFC 5182 section 2.4).
fn save(session: &mut Session, returns: SearchReturn, uids: &[u32]) -> Result<()> {
    view(session)?;
    let kept = if tells_only_ends(returns) {
        let ends = uids.first().filter(|_| returns.min).into_iter().chain(uids.last().filter(|_| returns.max));
        let mut ends: Vec<u32> = ends.copied().collect();
        ends.dedup();
        ends
    } else {
        uids.to_vec()
    };
    if let Some(view) = &mut session.view {
        view.saved = kept;
    }
    Ok(())
}
