//! Reading what a message holds: stored summaries, and its bytes a page at a time.

use crate::search::{self, TextQuery};
use crate::{ContentId, EmailSet, OpenFolder, StoredSummary};
use postroom_access::AccessError;
use postroom_model::Right;
use postroom_store::{Page, StoreError, Stored, StoredRef, Wanted};
use std::collections::HashMap;

/// The bytes of a message as they are kept.
pub struct Body {
    stored: Stored,
}

impl Body {
    pub(crate) fn of(stored: Stored) -> Self {
        Self { stored }
    }

    pub fn content(&self) -> ContentId {
        self.stored.id
    }

    /// Octets of the message.
    pub fn size(&self) -> u64 {
        self.stored.size
    }

    /// Appends the message to `out`. A large one is read from its file where blocking is allowed.
    pub async fn read_into(self, out: &mut Vec<u8>) -> Result<(), StoreError> {
        if !self.stored.is_large() {
            return self.stored.open_into(out);
        }
        let stored = self.stored;
        let read = tokio::task::spawn_blocking(move || {
            let mut bytes = Vec::new();
            stored.open_into(&mut bytes).map(|()| bytes)
        });
        let bytes = read.await.unwrap_or(Err(StoreError::Panicked))?;
        out.extend_from_slice(&bytes);
        Ok(())
    }
}

/// Appends the header of a message to `out`, its blank line included, and perhaps some of what follows: most of a long
/// message is not even unpacked. A large one is read from its file where blocking is allowed.
pub async fn header_into(stored: StoredRef<'_>, out: &mut Vec<u8>) -> Result<(), StoreError> {
    if stored.is_large() {
        return Body { stored: stored.to_owned() }.read_into(out).await;
    }
    stored.open_beginning(out, holds_blank_line)
}

/// Appends a message to `out`. A large one is read from its file where blocking is allowed.
pub async fn body_into(stored: StoredRef<'_>, out: &mut Vec<u8>) -> Result<(), StoreError> {
    if stored.is_large() {
        return Body { stored: stored.to_owned() }.read_into(out).await;
    }
    stored.append_to(out)
}

fn holds_blank_line(beginning: &[u8]) -> bool {
    memchr::memchr_iter(b'\n', beginning).any(|at| {
        let next = beginning.get(at + 1..).unwrap_or_default();
        next.starts_with(b"\n") || next.starts_with(b"\r\n")
    })
}

impl OpenFolder {
    /// What was computed of messages when they were filed. Needs `message.read`. Ask for a page at a time.
    pub async fn summaries(&self, contents: Vec<ContentId>) -> Result<HashMap<ContentId, StoredSummary>, AccessError> {
        self.need(Right::MessageRead)?;
        let read = self.store().read(move |tx| {
            let mut found = HashMap::with_capacity(contents.len());
            postroom_store::summaries(tx, &contents, |summary| {
                found.insert(summary.content, summary);
            })?;
            Ok(found)
        });
        Ok(read.await?)
    }

    /// What is wanted of a page of messages, in one look; what has gone meanwhile is missing. Needs `message.read`.
    pub async fn page(&self, contents: Vec<ContentId>, wanted: Wanted) -> Result<Page, AccessError> {
        self.need(Right::MessageRead)?;
        Ok(self.store().page(contents, wanted).await?)
    }

    /// The messages of `contents` in order, until `limit` octets as kept have been read; at least one. Needs
    /// `message.read`.
    pub async fn bodies(&self, contents: Vec<ContentId>, limit: usize) -> Result<Vec<Body>, AccessError> {
        self.need(Right::MessageRead)?;
        if contents.is_empty() {
            return Ok(Vec::new());
        }
        let stored = self.store().contents(contents, limit).await?;
        Ok(stored.into_iter().map(|stored| Body { stored }).collect())
    }

    /// The emails of `within` whose text contains what is looked for; complete at once. Needs `message.search`.
    pub async fn search_text(&self, query: &TextQuery, within: &EmailSet) -> Result<EmailSet, AccessError> {
        self.need(Right::MessageRead)?;
        self.need(Right::MessageSearch)?;
        Ok(search::text_search(self.store(), self.mailbox(), Some(within), query).await?)
    }
}
