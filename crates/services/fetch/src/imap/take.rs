//! Messages come here: fetched many at a time, each whole, and filed before anything is removed there.
//!
//! Start reading at [`take`].

use super::inbox::{Waiting, uid_set};
use super::session::{Session, malformed, refusal};
use crate::desk::{Desk, marks};
use crate::error::FetchError;
use crate::known::Known;
use crate::received::Received;
use postroom_inbound::Took;
use postroom_wire_imap::client::{Body, Fetched, Reply};

/// Asked for with one command: so many messages, and so many octets by what the server says of them.
const TOGETHER: usize = 100;
const TOGETHER_OCTETS: u64 = 4 * 1024 * 1024;

/// Takes the messages; gives the UIDs that are here now. `careful`: one at a time, because the server once sent more
/// than it said.
pub(crate) async fn take(
    session: &mut Session,
    desk: &mut Desk,
    known: &mut Known,
    waiting: &[Waiting],
    careful: &mut bool,
) -> Result<Vec<u32>, FetchError> {
    let mut here = Vec::new();
    let (fitting, too_large): (Vec<Waiting>, Vec<Waiting>) =
        waiting.iter().copied().partition(|waiting| waiting.size <= desk.limit);
    for one in too_large {
        refuse(desk, known, one, format!("it has {} octets, {} are allowed", one.size, desk.limit)).await?;
    }
    let mut rest = fitting.as_slice();
    while !rest.is_empty() {
        let (together, others) = rest.split_at(together(rest, *careful));
        rest = others;
        match ask(session, desk, known, together).await {
            Ok(uids) => here.extend(uids),
            Err(FetchError::TooLarge(size)) => {
                // What came before it is whole.
                note(known, desk.file().await?);
                if let [one] = together {
                    let text = format!("the server says it has {} octets, and sends {size}", one.size);
                    refuse(desk, known, Waiting { size, ..*one }, text).await?;
                }
                *careful = true;
                return Err(FetchError::TooLarge(size));
            }
            Err(error) => {
                desk.clear();
                return Err(error);
            }
        }
    }
    Ok(here)
}

fn together(waiting: &[Waiting], careful: bool) -> usize {
    if careful {
        return 1;
    }
    let mut octets = 0;
    let fits = |waiting: &&Waiting| {
        octets += waiting.size;
        octets <= TOGETHER_OCTETS
    };
    waiting.iter().take(TOGETHER).take_while(fits).count().max(1)
}

async fn refuse(desk: &Desk, known: &mut Known, waiting: Waiting, note: String) -> Result<(), FetchError> {
    desk.refuse(waiting.uid.to_string(), waiting.size, note).await?;
    known.refused(waiting.uid);
    Ok(())
}

/// One FETCH of several messages, and what became of them.
async fn ask(
    session: &mut Session,
    desk: &mut Desk,
    known: &mut Known,
    together: &[Waiting],
) -> Result<Vec<u32>, FetchError> {
    let uids: Vec<u32> = together.iter().map(|waiting| waiting.uid).collect();
    let tag = session
        .begin(&format!("UID FETCH {} (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])", uid_set(&uids)))
        .await?;
    let (mut here, mut came) = (Vec::new(), Vec::new());
    loop {
        let (reply, literals) = session.reply(desk.limit).await?;
        if let Reply::Fetch(fetched) = reply {
            let Some(waiting) = wanted(&fetched, together, &came) else { continue };
            // The same message as listed: a UID that was garbled on the way would have another one removed for it.
            if fetched.size.unwrap_or(0) != waiting.size {
                let why = format!("it says UID {} has {} octets, and then another number", waiting.uid, waiting.size);
                return Err(malformed(&why));
            }
            came.push(waiting.uid);
            match whole(&fetched, literals, waiting, session.spool()) {
                Some(received) if received.size() > desk.limit => {
                    let (size, limit) = (received.size(), desk.limit);
                    refuse(desk, known, waiting, format!("it has {size} octets, {limit} are allowed")).await?;
                }
                Some(received) => {
                    let mut marks = marks(fetched.flags.as_deref().unwrap_or_default(), fetched.internal_date);
                    marks.deleted |= waiting.deleted;
                    let filed = desk.put(waiting.uid.to_string(), received, marks).await?;
                    here.extend(note(known, filed));
                }
                None => refuse(desk, known, waiting, "the server gives no content of it".to_owned()).await?,
            }
        } else if let Some(said) = session.heard(reply, &tag)? {
            refusal("FETCH", said)?;
            break;
        }
    }
    here.extend(note(known, desk.file().await?));
    Ok(here)
}

/// The message that a response is about, if it is one of those asked for, with its content, for the first time.
fn wanted(fetched: &Fetched, together: &[Waiting], came: &[u32]) -> Option<Waiting> {
    let uid = fetched.uid?;
    fetched.body.as_ref()?;
    together.iter().copied().find(|waiting| waiting.uid == uid && !came.contains(&uid))
}

/// The content; none where the server gave none of a message that should have some.
fn whole(fetched: &Fetched, literals: Vec<Received>, waiting: Waiting, spool: &std::path::Path) -> Option<Received> {
    let received = match fetched.body.as_ref()? {
        Body::Nil => return None,
        Body::Literal(index) => literals.into_iter().nth(*index)?,
        Body::Quoted(text) => {
            let mut received = Received::new();
            received.push(text, spool).ok()?;
            received
        }
    };
    (received.size() > 0 || waiting.size == 0).then_some(received)
}

/// Remembers what was filed, and gives what is here now.
fn note(known: &mut Known, filed: Vec<(String, Took)>) -> Vec<u32> {
    let here = filed.into_iter().filter(|(_, took)| *took != Took::Left).filter_map(|(key, _)| key.parse().ok());
    let here: Vec<u32> = here.collect();
    for uid in &here {
        known.filed(*uid);
    }
    here
}
