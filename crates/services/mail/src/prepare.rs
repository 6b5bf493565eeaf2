//! A message on its way in: parsed once, hashed and compressed once, before any transaction.

use aws_lc_rs::digest;
use postroom_store::{NewContent, NewSummary, Store, StoreError};
use postroom_wire_message::{Parsed, listed_fields};
use std::sync::Arc;

/// A message that is ready to be filed, in as many mailboxes as there are recipients.
#[derive(Clone, Debug)]
pub struct Prepared {
    pub content: NewContent,
    pub parsed: Arc<Parsed>,
}

/// Parses, hashes and compresses. Large messages are worked on where blocking is allowed.
pub async fn prepare(store: &Store, raw: Vec<u8>) -> Result<Prepared, StoreError> {
    if !Store::is_large(&raw) {
        return prepare_now(store, &raw);
    }
    let store = store.clone();
    let done = tokio::task::spawn_blocking(move || prepare_now(&store, &raw)).await;
    done.unwrap_or(Err(StoreError::Panicked))
}

fn prepare_now(store: &Store, raw: &[u8]) -> Result<Prepared, StoreError> {
    let parsed = Parsed::of(raw);
    let summary = NewSummary { listed_fields: listed_fields(raw), ..summary_of(&parsed) };
    let content = store.prepare(raw, summary)?;
    Ok(Prepared { content, parsed: Arc::new(parsed) })
}

/// What is stored of a parsed message beside its bytes and the copy of its listed fields.
pub fn summary_of(parsed: &Parsed) -> NewSummary {
    let own = parsed.message_id.iter();
    NewSummary {
        envelope: parsed.envelope.encode(),
        structure: parsed.structure.encode(),
        preview: parsed.preview.clone(),
        base_subject: parsed.base_subject.clone(),
        sent_at: parsed.sent_at,
        has_attachment: parsed.has_attachment,
        listed_fields: None,
        references: own.chain(&parsed.references).map(|id| reference_hash(id)).collect(),
    }
}

/// What a Message-ID is known by in the store: the first eight octets of its SHA-256.
pub fn reference_hash(message_id: &[u8]) -> i64 {
    let digest = digest::digest(&digest::SHA256, message_id);
    let mut first = [0; 8];
    first.copy_from_slice(&digest.as_ref()[..8]);
    i64::from_be_bytes(first)
}
