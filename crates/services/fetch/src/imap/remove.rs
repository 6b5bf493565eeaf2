//! What is here goes there: removed, or moved to another folder. Exactly the messages that are here, and never what
//! somebody else marked.
//!
//! Start reading at [`remove`].

use super::inbox::uid_set;
use super::session::{Session, refusal};
use crate::error::FetchError;
use crate::known::Known;
use postroom_model::AfterFetch;
use postroom_wire_imap::client::{Code, Name, Reply, Said, Status};

/// So many UIDs in one command: the longest line stays far below what servers take.
const TOGETHER: usize = 400;

/// Removes the messages of these UIDs, which ascend and are all here. Gives what people should know, if something
/// stays.
pub(crate) async fn remove(
    session: &mut Session,
    after: &AfterFetch,
    uids: &[u32],
    known: &Known,
) -> Result<Option<String>, FetchError> {
    let mut note = None;
    for uids in uids.chunks(TOGETHER) {
        let set = uid_set(uids);
        match after {
            AfterFetch::Keep => {}
            AfterFetch::Delete => note = delete(session, uids, &set, known).await?,
            AfterFetch::Move(folder) => {
                if !move_to(session, &set, folder).await? {
                    note = delete(session, uids, &set, known).await?;
                }
            }
        }
    }
    Ok(note)
}

async fn delete(session: &mut Session, uids: &[u32], set: &str, known: &Known) -> Result<Option<String>, FetchError> {
    session.run("STORE", &format!("UID STORE {set} +FLAGS.SILENT (\\Deleted)")).await?;
    if session.can("UIDPLUS") || session.can("IMAP4REV2") {
        session.run("UID EXPUNGE", &format!("UID EXPUNGE {set}")).await?;
        return Ok(None);
    }
    // EXPUNGE removes all that is marked: only where nobody else marked anything.
    let others = marked(session).await?.into_iter().filter(|uid| !known.is_filed(*uid)).count();
    if others > 0 {
        return Ok(Some(format!(
            "{} fetched messages stay there, marked as deleted: the server can only remove all that is marked \
             (it has no UIDPLUS), and somebody else marked {others}",
            uids.len()
        )));
    }
    session.run("EXPUNGE", "EXPUNGE").await?;
    Ok(None)
}

/// The UIDs that are marked as deleted.
async fn marked(session: &mut Session) -> Result<Vec<u32>, FetchError> {
    let tag = session.begin("UID SEARCH DELETED").await?;
    let mut found = Vec::new();
    loop {
        match session.reply(0).await?.0 {
            Reply::Search(uids) => found.extend(uids),
            reply => {
                if let Some(said) = session.heard(reply, &tag)? {
                    refusal("SEARCH", said)?;
                    return Ok(found);
                }
            }
        }
    }
}

/// Gives whether they are gone from the Inbox with that; otherwise they are copied.
async fn move_to(session: &mut Session, set: &str, folder: &str) -> Result<bool, FetchError> {
    let name = Name::new(folder);
    let at_once = session.can("MOVE") || session.can("IMAP4REV2");
    let (command, what) = if at_once { ("MOVE", "UID MOVE") } else { ("COPY", "UID COPY") };
    let text = format!("{what} {set} {}", name.as_str());
    let tag = session.begin(&text).await?;
    let said = outcome(session, &tag).await?;
    if said.status == Status::No && said.code == Some(Code::TryCreate) {
        session.run("CREATE", &format!("CREATE {}", name.as_str())).await?;
        session.run(command, &text).await?;
    } else {
        refusal(command, said)?;
    }
    Ok(at_once)
}

async fn outcome(session: &mut Session, tag: &str) -> Result<Said, FetchError> {
    loop {
        let reply = session.reply(0).await?.0;
        if let Some(said) = session.heard(reply, tag)? {
            return Ok(said);
        }
    }
}
