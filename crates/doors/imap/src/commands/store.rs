//! STORE and UID STORE (RFC 9051 section 6.4.6), with UNCHANGEDSINCE (RFC 7162 section 3.1.3).

use super::{Done, DoneCode, EXPUNGED, Result, view};
use crate::reply::{Code, Failure};
use crate::session::Session;
use postroom_mail::{FlagChange, FlagMode};
use postroom_model::{Flags, Keyword, ModSeq};
use postroom_wire_imap::Flag;
use postroom_wire_imap::command::messages::{self, Store};

pub(super) async fn run(session: &mut Session, wanted: Store) -> Result {
    let view = view(session)?;
    view.writable()?;
    let uids = view.chosen(&wanted.messages, wanted.uid)?;
    let folder = view.folder.clone();
    let since = wanted.unchanged_since.map(|since| ModSeq(i64::try_from(since).unwrap_or(i64::MAX)));
    if since.is_some() {
        session.enable_condstore();
    }
    let (flags, keywords) = named(&wanted.flags)?;
    let mode = match wanted.change {
        messages::FlagChange::Replace => FlagMode::Replace,
        messages::FlagChange::Add => FlagMode::Add,
        messages::FlagChange::Remove => FlagMode::Remove,
    };
    let change = FlagChange { mode, flags, keywords };
    let result = folder.change_flags(uids.clone(), change.clone(), since).await?;
    let changed: Vec<u32> = uids.into_iter().filter(|uid| result.modified.binary_search(uid).is_err()).collect();
    let all_there = report(session, &wanted, &change, &changed).await?;
    if result.too_many_keywords {
        return Err(Failure::no(Code::Limit, "a message takes no more keywords than it has"));
    }
    if !result.modified.is_empty() {
        let modified = if wanted.uid { result.modified } else { view_numbers(session, &result.modified) };
        return Ok(Done::with(DoneCode::Modified(modified), "stored, but for what others had changed"));
    }
    let unknown_to_client = !all_there && !wanted.uid;
    Ok(if unknown_to_client { Done::with(DoneCode::ExpungeIssued, EXPUNGED) } else { Done::ok("stored") })
}

/// Tells the client the flags as they are now; with `.SILENT` only what it cannot know: the MODSEQ, and flags that
/// are not what it must think. False: some messages are gone.
async fn report(session: &mut Session, wanted: &Store, change: &FlagChange, changed: &[u32]) -> Result<bool> {
    let condstore = session.enabled.condstore;
    let Some(view) = &mut session.view else { return Ok(true) };
    let snapshot = view.folder.refresh().await?;
    let absorbed = view.absorb(&snapshot, changed, |entry| change.outcome(entry));
    let there = |uid: &&u32| snapshot.position(**uid).is_ok();
    let all_there = changed.iter().all(|uid| there(&uid));
    if absorbed.new_keywords {
        session.write_flags();
    }
    for uid in changed.iter().filter(there) {
        let number = view_numbers(session, &[*uid]);
        let Some(number) = number.first().copied() else { continue };
        if !wanted.silent || absorbed.unexpected.binary_search(uid).is_ok() {
            session.write_fetch_flags(number, wanted.uid || condstore);
        } else if condstore {
            session.write_fetch_modseq(number);
        }
        if session.out.len() > crate::session::FLUSH_AT {
            session.flush().await?;
        }
    }
    Ok(all_there)
}

fn view_numbers(session: &Session, uids: &[u32]) -> Vec<u32> {
    let Some(view) = &session.view else { return Vec::new() };
    uids.iter().filter_map(|uid| view.position(*uid).ok()).map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX)).collect()
}

/// Flags as bits and keywords. `\Recent` and unknown system flags cannot be set.
pub(super) fn named(flags: &[Flag]) -> Result<(Flags, Vec<Keyword>)> {
    let (mut bits, mut keywords) = (Flags::NONE, Vec::new());
    for flag in flags {
        match (flag, Flags::from_imap(flag.as_str())) {
            (_, Some(bit)) => bits = bits.union(bit),
            (Flag::Recent, _) => {}
            (Flag::Extension(_), _) => return Err(Failure::bad("there is no such system flag")),
            (flag, None) => {
                let keyword = Keyword::parse(flag.as_str());
                keywords.push(keyword.map_err(|error| Failure::no(Code::Limit, error.to_string()))?);
            }
        }
    }
    Ok((bits, keywords))
}
