//! Reads messages, and takes their text apart for the index and for comparing. Start reading at [`load`].

use postroom_model::EmailId;
use postroom_store::search::{Column, Texts};
use postroom_store::{ContentId, Store, StoreError, Stored, summaries};
use postroom_wire_message::{Parsed, PartRef, PartsRef, SearchText, search_text};
use std::collections::HashMap;

/// A message and its stored structure.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) email: EmailId,
    raw: Vec<u8>,
    structure: Vec<u8>,
}

/// Octets, as kept, that are read at a time.
const MOST_OCTETS: usize = 4 * 1024 * 1024;

/// The messages of the first of `wanted`, at least one, in order. What cannot be read any more is empty.
pub(crate) async fn load(store: &Store, wanted: &[(EmailId, ContentId)]) -> Result<Vec<Loaded>, StoreError> {
    let ids: Vec<ContentId> = wanted.iter().map(|(_, content)| *content).collect();
    let stored = match store.contents(ids, MOST_OCTETS).await {
        Ok(stored) => stored.into_iter().map(Some).collect(),
        Err(error) if is_lasting(&error) => one_by_one(store, wanted).await?,
        Err(error) => return Err(error),
    };
    let ids: Vec<ContentId> = stored.iter().flatten().map(|stored| stored.id).collect();
    let mut structures = store
        .read(move |tx| {
            let mut found = HashMap::new();
            summaries(tx, &ids, |summary| {
                found.insert(summary.content, summary.structure);
            })?;
            Ok(found)
        })
        .await?;
    let unpacked = tokio::task::spawn_blocking(move || stored.into_iter().map(unpack).collect::<Result<Vec<_>, _>>());
    let unpacked = unpacked.await.map_err(|_| StoreError::Panicked)??;
    let messages = wanted.iter().zip(unpacked).map(|((email, content), raw)| {
        // Several emails may have the same content.
        let structure = structures.get_mut(content).cloned().unwrap_or_default();
        Loaded { email: *email, raw, structure }
    });
    Ok(messages.collect())
}

/// The content is damaged or lost: no later try will read it.
fn is_lasting(error: &StoreError) -> bool {
    match error {
        StoreError::Gone(_) | StoreError::Corrupt(_) => true,
        StoreError::Object(error) => error.kind() == std::io::ErrorKind::NotFound,
        _ => false,
    }
}

async fn one_by_one(store: &Store, wanted: &[(EmailId, ContentId)]) -> Result<Vec<Option<Stored>>, StoreError> {
    let mut found = Vec::with_capacity(wanted.len());
    for (email, content) in wanted {
        match store.contents(vec![*content], MOST_OCTETS).await {
            Ok(stored) => found.push(stored.into_iter().next()),
            Err(error) if is_lasting(&error) => {
                tracing::error!(email = email.0, error = error.detail(), "the content of an email cannot be read");
                found.push(None);
            }
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

fn unpack(stored: Option<Stored>) -> Result<Vec<u8>, StoreError> {
    let mut raw = Vec::new();
    match stored.map(|stored| stored.open_into(&mut raw)) {
        Some(Err(error)) if is_lasting(&error) => {
            tracing::error!(error = error.detail(), "the content of an email cannot be read");
            Ok(Vec::new())
        }
        Some(Err(error)) => Err(error),
        Some(Ok(())) | None => Ok(raw),
    }
}

impl Loaded {
    /// The header block.
    pub(crate) fn header(&self) -> &[u8] {
        &self.raw[..postroom_wire_message::header_end(&self.raw)]
    }

    /// Works on the structure that was stored, or on a new one if that cannot be read.
    fn with_structure<T>(&self, work: impl FnOnce(&PartRef<'_>) -> T) -> T {
        if let Ok(part) = PartRef::decode(&self.structure)
            && part.body_end <= self.raw.len()
        {
            return work(&part);
        }
        let encoded = Parsed::of(&self.raw).structure.encode();
        let part = PartRef::decode(&encoded).expect("what was just encoded");
        work(&part)
    }
}

/// All of a message that can be searched.
pub(crate) fn texts_of(message: &Loaded) -> Texts {
    texts(message.with_structure(|part| search_text(&message.raw, part)))
}

/// The same without the body, which takes most of the time.
pub(crate) fn heading_of(message: &Loaded) -> Texts {
    texts(message.with_structure(|part| {
        let mut heading = *part;
        heading.kind = b"";
        heading.children = PartsRef::default();
        search_text(&message.raw, &heading)
    }))
}

fn texts(found: SearchText) -> Texts {
    let mut texts = Texts::default();
    texts.set(Column::From, found.from);
    texts.set(Column::To, found.to);
    texts.set(Column::Cc, found.cc);
    texts.set(Column::Bcc, found.bcc);
    texts.set(Column::Subject, found.subject);
    texts.set(Column::Headers, found.headers);
    texts.set(Column::Body, found.body);
    texts
}
