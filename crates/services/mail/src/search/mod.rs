//! Looking for text in a mailbox. An answer is complete at once: what the index has not reached is looked through
//! directly, and where the index cannot tell, the text decides.
//!
//! What counts as contained: the normalised text (letters made small, one space between words; see the message
//! crate) contains the normalised needle, at any place in a word. Start reading at [`text_search`].

mod load;
mod query;

pub(crate) use load::{Loaded, load, texts_of};
pub use query::{TextField, TextQuery};

use postroom_model::{EmailId, MailboxId};
use postroom_store::search::{Candidates, EmailSet, waiting};
use postroom_store::{Store, StoreError};
use query::Wanted;
use std::sync::Arc;

/// Emails that are read and looked through at a time.
const PAGE: usize = 128;

/// The emails of a mailbox that contain what is looked for; only of `within`, if that is given.
pub async fn text_search(
    store: &Store,
    mailbox: MailboxId,
    within: Option<&EmailSet>,
    query: &TextQuery,
) -> Result<EmailSet, StoreError> {
    let wanted = Arc::new(Wanted::of(query));
    // Read before the index is: what leaves here meanwhile is in the index by then.
    let mut unsure = not_indexed(store, mailbox).await?;
    let all = match within {
        Some(within) => within.clone(),
        None => all_emails(store, mailbox).await?,
    };
    if wanted.is_everything() {
        return Ok(all);
    }
    unsure.intersect(&all);
    let (mut found, possible) = indexed(store, mailbox, &wanted, &all).await?;
    unsure.union(&possible);
    found.intersect(&all);
    unsure.subtract(&found);
    found.union(&look_through(store, mailbox, &unsure, &wanted).await?);
    Ok(found)
}

/// What the index says: emails that contain the text, and emails of `all` that may.
async fn indexed(
    store: &Store,
    mailbox: MailboxId,
    wanted: &Wanted,
    all: &EmailSet,
) -> Result<(EmailSet, EmailSet), StoreError> {
    let (mut sure, mut possible) = (None, all.clone());
    for needle in wanted.needles() {
        match store.search().candidates(mailbox, wanted.columns(), needle).await? {
            Candidates::Exactly(found) if !wanted.needs_text() => sure = Some(found),
            Candidates::Exactly(found) | Candidates::Possibly(found) => possible.intersect(&found),
            Candidates::Anything => {}
        }
    }
    Ok(match sure {
        Some(sure) => (sure, EmailSet::default()),
        None => (EmailSet::default(), possible),
    })
}

async fn not_indexed(store: &Store, mailbox: MailboxId) -> Result<EmailSet, StoreError> {
    let (mut found, mut after) = (EmailSet::default(), EmailId(-1));
    loop {
        let page = store.read(move |tx| waiting::of_mailbox(tx, mailbox, after, 5_000)).await?;
        let Some(last) = page.last() else { return Ok(found) };
        after = *last;
        found.extend(page);
    }
}

async fn all_emails(store: &Store, mailbox: MailboxId) -> Result<EmailSet, StoreError> {
    let (mut found, mut after) = (EmailSet::default(), EmailId(-1));
    loop {
        let page = store.read(move |tx| waiting::emails_after(tx, mailbox, after, 5_000)).await?;
        let Some(last) = page.last() else { return Ok(found) };
        after = *last;
        found.extend(page);
    }
}

/// Those of `emails` whose text contains what is wanted. The next page is read while one is looked through.
async fn look_through(
    store: &Store,
    mailbox: MailboxId,
    emails: &EmailSet,
    wanted: &Arc<Wanted>,
) -> Result<EmailSet, StoreError> {
    let ids: Vec<EmailId> = emails.iter().collect();
    let (mut found, mut looking) = (EmailSet::default(), None);
    for page in ids.chunks(PAGE) {
        let page = page.to_vec();
        let contents = store.read(move |tx| waiting::contents_of(tx, mailbox, &page)).await?;
        let mut rest = &contents[..];
        while !rest.is_empty() {
            let loaded = load(store, rest).await?;
            rest = &rest[loaded.len()..];
            let wanted = wanted.clone();
            let next = tokio::task::spawn_blocking(move || matching(&loaded, &wanted));
            if let Some(before) = looking.replace(next) {
                found.extend(before.await.map_err(|_| StoreError::Panicked)?);
            }
        }
    }
    if let Some(last) = looking {
        found.extend(last.await.map_err(|_| StoreError::Panicked)?);
    }
    Ok(found)
}

fn matching(loaded: &[Loaded], wanted: &Wanted) -> Vec<EmailId> {
    loaded.iter().filter(|message| wanted.is_in(message)).map(|message| message.email).collect()
}

#[cfg(test)]
mod tests;
