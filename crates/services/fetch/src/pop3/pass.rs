//! One POP3 session: everything that is there comes here, and what is here is removed there when the session ends well.
//!
//! Start reading at [`pass`]. Messages are known by their unique ids; two that share one are told apart by counting.
//! Where a server has none, by content: each session numbers them anew.

use super::session::{Listing, Session, malformed};
use crate::desk::{Desk, Marks};
use crate::error::FetchError;
use crate::known::{rows, stays_refused};
use postroom_inbound::Took;
use postroom_model::{AfterFetch, Time};
use postroom_store::inbound_keys::{self, KeyState};
use std::collections::{BTreeMap, HashMap};

/// So many messages in one session: then it ends, which is what removes them.
const SESSION: usize = 1000;
/// Fetched and filed before they are marked for removal.
const TOGETHER: usize = 100;
/// Commands under way at once, where the server takes several (RFC 2449 section 6.6).
const UNDER_WAY: usize = 16;

/// How a session ended.
pub(crate) struct Ended {
    pub(crate) note: String,
    /// There is more to fetch at once.
    pub(crate) more: bool,
}

struct Message {
    number: u32,
    key: String,
    size: u64,
}

pub(crate) async fn pass(mut session: Session, desk: &mut Desk, after: &AfterFetch) -> Result<Ended, FetchError> {
    let listing = session.list().await?;
    let lasting = listing.ids.is_some();
    let messages = number(desk, listing);
    let Sorted { known, refused, mut wanted } = sort(&mut session, desk, &messages, lasting).await?;
    let more = lasting && wanted.len() > SESSION;
    if more {
        wanted.truncate(SESSION);
    }
    let mut deletions = known;
    for some in wanted.chunks(TOGETHER) {
        deletions.extend(take(&mut session, desk, some).await?);
    }
    if *after == AfterFetch::Delete {
        delete(&mut session, &deletions).await?;
    }
    session.run("QUIT", "QUIT").await?;
    // The session ended well: what was marked is gone. A unique id may come again, for the same content.
    if !more && desk.renumbered {
        desk.forget_elsewhere().await?;
    }
    if *after == AfterFetch::Delete {
        let gone: std::collections::HashSet<u32> = deletions.into_iter().collect();
        let gone = messages.iter().filter(|message| gone.contains(&message.number));
        desk.forget(gone.map(|message| message.key.clone()).collect()).await?;
    }
    let note = match refused {
        0 => String::new(),
        count => format!("{count} messages cannot be taken; `postroom inbound show` lists them"),
    };
    Ok(Ended { note, more })
}

/// Gives each message its key, and says in which scope.
fn number(desk: &mut Desk, listing: Listing) -> Vec<Message> {
    let Some(ids) = listing.ids else {
        desk.scope = format!("session {}", desk.now().0);
        let one = |(number, size): (u32, u64)| Message { number, key: number.to_string(), size };
        return listing.sizes.into_iter().map(one).collect();
    };
    desk.scope = String::new();
    let mut seen: HashMap<String, u32> = HashMap::new();
    let mut messages = Vec::with_capacity(ids.len());
    for (number, size) in listing.sizes {
        let Some(id) = ids.get(&number) else { continue };
        let count = seen.entry(id.clone()).or_default();
        *count += 1;
        // A blank stands in no unique id.
        let key = if *count == 1 { id.clone() } else { format!("{id} {count}") };
        messages.push(Message { number, key, size });
    }
    messages
}

#[derive(Default)]
struct Sorted<'a> {
    /// Numbers of messages that are here.
    known: Vec<u32>,
    refused: u32,
    wanted: Vec<&'a Message>,
}

async fn sort<'a>(
    session: &mut Session,
    desk: &mut Desk,
    messages: &'a [Message],
    lasting: bool,
) -> Result<Sorted<'a>, FetchError> {
    let of = desk.of();
    let mut there: BTreeMap<&str, &Message> = messages.iter().map(|message| (message.key.as_str(), message)).collect();
    let (mut sorted, mut gone) = (Sorted::default(), Vec::new());
    for row in rows(&desk.store, of, &desk.scope).await? {
        let Some(message) = there.get(row.key.key.as_str()).copied() else {
            gone.push(row.key.key);
            continue;
        };
        // One that was refused for its size is tried where more is allowed now.
        let allowed_now = row.size > desk.limit && message.size <= desk.limit;
        if row.state == KeyState::Filed {
            sorted.known.push(message.number);
        } else if stays_refused(&row, desk.now()) && !allowed_now {
            sorted.refused += 1;
        } else {
            continue;
        }
        there.remove(message.key.as_str());
    }
    if !gone.is_empty() {
        confirm(session, messages, lasting).await?;
        desk.set_aside(gone).await?;
    }
    let scope = desk.scope.clone();
    desk.renumbered = desk.store.read(move |tx| inbound_keys::elsewhere(tx, of, &scope)).await? > 0;
    let mut wanted: Vec<&Message> = there.into_values().collect();
    wanted.sort_unstable_by_key(|message| message.number);
    for message in wanted {
        if message.size > desk.limit {
            let note = format!("it has {} octets, {} are allowed", message.size, desk.limit);
            desk.refuse(message.key.clone(), message.size, note).await?;
            sorted.refused += 1;
        } else {
            sorted.wanted.push(message);
        }
    }
    Ok(sorted)
}

/// Before anything is forgotten for want of being listed: the server lists the same when asked again.
async fn confirm(session: &mut Session, messages: &[Message], lasting: bool) -> Result<(), FetchError> {
    let again = session.list().await?;
    let ids = again.ids.unwrap_or_default();
    let same = |message: &Message| {
        let id = message.key.split(' ').next();
        !lasting || ids.get(&message.number).map(String::as_str) == id
    };
    if again.sizes.len() == messages.len() && messages.iter().all(same) {
        Ok(())
    } else {
        Err(malformed("it lists different messages each time"))
    }
}

/// Fetches and files some messages; gives the numbers of those that are here now.
async fn take(session: &mut Session, desk: &mut Desk, some: &[&Message]) -> Result<Vec<u32>, FetchError> {
    let window = if session.can("PIPELINING") { UNDER_WAY } else { 1 };
    let (mut asked, mut filed) = (0, Vec::new());
    for (at, message) in some.iter().enumerate() {
        let until = some.len().min(at + window);
        if asked < until && (asked <= at || until - asked >= window / 2) {
            let commands: String = some[asked..until].iter().map(|one| format!("RETR {}\r\n", one.number)).collect();
            session.send(&commands).await?;
            asked = until;
        }
        let received = match session.message(desk.limit).await {
            Ok(received) => received,
            Err(error) => return Err(interrupted(desk, message, error).await),
        };
        if received.size() == 0 && message.size > 0 {
            desk.refuse(message.key.clone(), message.size, "the server gives no content of it".to_owned()).await?;
            continue;
        }
        let received_at = received.traced_at().map(Time::from_seconds).filter(|at| *at <= desk.now());
        let marks = Marks { received_at, ..Marks::default() };
        filed.extend(desk.put(message.key.clone(), received, marks).await?);
    }
    filed.extend(desk.file().await?);
    let numbers: HashMap<&str, u32> = some.iter().map(|message| (message.key.as_str(), message.number)).collect();
    let here = filed.iter().filter(|(_, took)| *took != Took::Left);
    Ok(here.filter_map(|(key, _)| numbers.get(key.as_str()).copied()).collect())
}

/// What came whole before the session broke is filed; a message that is larger than its server said is named.
async fn interrupted(desk: &mut Desk, message: &Message, error: FetchError) -> FetchError {
    if let Err(filing) = desk.file().await {
        return filing;
    }
    match error {
        FetchError::TooLarge(size) => {
            let note = format!(
                "the server says it has {} octets, and sends more than {} that are allowed",
                message.size, desk.limit
            );
            match desk.refuse(message.key.clone(), size, note).await {
                Ok(()) => FetchError::TooLarge(size),
                Err(error) => error,
            }
        }
        // The server cannot read it: the others come all the same.
        FetchError::Refused { command: "RETR", said } => {
            let note = format!("the server answered: {said}");
            match desk.refuse(message.key.clone(), message.size, note).await {
                Ok(()) => FetchError::Refused { command: "RETR", said },
                Err(error) => error,
            }
        }
        other => other,
    }
}

async fn delete(session: &mut Session, numbers: &[u32]) -> Result<(), FetchError> {
    let window = if session.can("PIPELINING") { UNDER_WAY } else { 1 };
    for some in numbers.chunks(window) {
        let commands: String = some.iter().map(|number| format!("DELE {number}\r\n")).collect();
        session.send(&commands).await?;
        for _ in some {
            session.answer("DELE").await?;
        }
    }
    Ok(())
}
