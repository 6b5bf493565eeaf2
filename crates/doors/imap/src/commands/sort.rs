//! SORT and UID SORT (RFC 5256), by display names too (RFC 5957), with ESORT and results that are kept up to date
//! (RFC 5267).

use super::{Done, Result, view};
use crate::context;
use crate::reply::{Code, Failure};
use crate::search;
use crate::session::Session;
use crate::sorting::{compare, rows};
use postroom_wire_imap::Tag;
use postroom_wire_imap::command::sort::Sort;
use postroom_wire_imap::response;

pub(super) async fn run(session: &mut Session, tag: &Tag, wanted: Sort) -> Result {
    if !wanted.program.has_known_charset() {
        return Err(Failure::no(Code::BadCharset(&["UTF-8", "US-ASCII"]), "texts are in UTF-8 or US-ASCII"));
    }
    let found = search::find(session, &wanted.program.key).await?;
    if found.by_modseq {
        session.enable_condstore();
    }
    let mut rows: Vec<_> = rows(view(session)?, &found, &wanted.criteria).await?.into_iter().enumerate().collect();
    rows.sort_by(|(_, a), (_, b)| compare(a, b, &wanted.criteria));
    let (places, rows): (Vec<usize>, Vec<_>) = rows.into_iter().unzip();
    let sorted = found.in_order(&places);
    let Some(returns) = wanted.returns else {
        let numbers = if wanted.uid { &sorted.uids } else { &sorted.numbers };
        let modseq = sorted.modseqs.iter().copied().max().filter(|_| sorted.by_modseq);
        response::sort(&mut session.out, numbers, modseq);
        return Ok(Done::ok("sorted"));
    };
    let frozen = search::frozen(&wanted.program.key, view(session)?);
    if returns.save {
        search::save(session, returns, &sorted);
    }
    search::answer(session, tag, wanted.uid, returns, &sorted);
    if returns.update {
        context::keep_sorted(session, tag, wanted.uid, frozen, wanted.criteria, rows);
    }
    Ok(Done::ok("sorted"))
}
