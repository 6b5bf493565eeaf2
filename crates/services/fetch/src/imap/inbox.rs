//! What is in the remote Inbox, compared with what is known of it.
//!
//! Start reading at [`list`].

use super::session::{Session, refusal};
use crate::error::FetchError;
use crate::known::Known;
use postroom_wire_imap::client::{Fetched, Reply};

/// A message that is there and not here yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Waiting {
    pub(crate) uid: u32,
    /// As the server says, which may be wrong.
    pub(crate) size: u64,
    /// Marked as deleted there, by somebody else.
    pub(crate) deleted: bool,
}

/// What a listing found.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    pub(crate) waiting: Vec<Waiting>,
    /// Here already, and still there.
    pub(crate) filed: Vec<u32>,
    /// Cannot be taken.
    pub(crate) refused: u32,
    /// Every UID that is there, if all were listed.
    pub(crate) all: Option<Vec<u32>>,
}

/// Lists the messages from `first` on.
pub(crate) async fn list(session: &mut Session, known: &Known, first: u32) -> Result<Listing, FetchError> {
    let mut listing = Listing { all: (first <= 1).then(Vec::new), ..Listing::default() };
    session.news = false;
    if session.exists == 0 {
        return Ok(listing);
    }
    let tag = session.begin(&format!("UID FETCH {first}:* (UID FLAGS RFC822.SIZE)")).await?;
    loop {
        let reply = match session.reply(0).await?.0 {
            Reply::Fetch(fetched) => {
                sort(&mut listing, known, &fetched, first);
                continue;
            }
            other => other,
        };
        if let Some(said) = session.heard(reply, &tag)? {
            refusal("FETCH", said)?;
            break;
        }
    }
    listing.waiting.sort_unstable_by_key(|waiting| waiting.uid);
    listing.waiting.dedup_by_key(|waiting| waiting.uid);
    listing.filed.sort_unstable();
    listing.filed.dedup();
    if let Some(all) = &mut listing.all {
        all.sort_unstable();
        all.dedup();
        // Before anything is forgotten for want of being listed, the list must be whole.
        if all.len() < usize::try_from(session.exists).unwrap_or(usize::MAX) {
            listing.all = None;
        }
    }
    Ok(listing)
}

fn sort(listing: &mut Listing, known: &Known, fetched: &Fetched, first: u32) {
    let Some(uid) = fetched.uid else { return };
    // Others' changes of flags are told in between, without a size; the message is there all the same.
    let size = fetched.size.unwrap_or(0);
    if let Some(all) = &mut listing.all {
        all.push(uid);
    }
    // `n:*` names the last message even where its UID is smaller.
    if uid < first {
        return;
    }
    let deleted = fetched.flags.iter().flatten().any(|flag| flag.eq_ignore_ascii_case("\\Deleted"));
    if known.is_filed(uid) {
        listing.filed.push(uid);
    } else if known.is_refused(uid, size) {
        listing.refused += 1;
    } else {
        listing.waiting.push(Waiting { uid, size, deleted });
    }
}

/// UIDs, ascending, as IMAP writes them: `1:3,7`.
pub(crate) fn uid_set(uids: &[u32]) -> String {
    let mut set = String::new();
    let mut rest = uids;
    while let Some(first) = rest.first() {
        let run = rest.iter().zip(0..).take_while(|(uid, offset)| *uid - *first == *offset).count();
        if !set.is_empty() {
            set.push(',');
        }
        set.push_str(&first.to_string());
        if run > 1 {
            set.push_str(&format!(":{}", rest[run - 1]));
        }
        rest = &rest[run..];
    }
    set
}

#[cfg(test)]
mod tests {
    use super::uid_set;

    #[test]
    fn sets_are_written_as_ranges() {
        let check = |uids: &[u32], expected: &str| assert_eq!(uid_set(uids), expected);
        check(&[], "");
        check(&[4], "4");
        check(&[1, 2, 3, 7, 9, 10], "1:3,7,9:10");
        check(&[u32::MAX - 1, u32::MAX], "4294967294:4294967295");
    }
}
