//! Bytes that clients upload, and everything else that they can download: uploads, messages, parts of messages.
//!
//! Start reading at [`Account::bytes`].

use crate::prepare;
use crate::whole::Account;
use postroom_access::AccessError;
use postroom_model::EmailId;
use postroom_store::changes::Log;
use postroom_store::uploads::{self, Upload};
use postroom_store::{ContentId, Retry, Scope, StoreError, Tx};
use postroom_wire_message::{Parsed, PartRef, binary, section};

/// Something that has bytes: an upload or an email, or a part of a message in it, by its section number.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Bytes {
    pub source: Source,
    /// Each: a part of what came before.
    pub parts: Vec<Vec<u32>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    Upload(i64),
    Email(EmailId),
}

#[derive(Debug, thiserror::Error)]
pub enum UploadError {
    #[error(transparent)]
    Access(#[from] AccessError),
    #[error("{used} octets of your uploads wait for being used; at most {most} may. They are forgotten after a day")]
    TooMuch { used: u64, most: u64 },
}

impl From<StoreError> for UploadError {
    fn from(error: StoreError) -> Self {
        Self::Access(error.into())
    }
}

impl Retry for UploadError {
    fn may_pass(&self) -> bool {
        matches!(self, Self::Access(error) if error.may_pass())
    }
}

impl Account {
    /// Keeps bytes for a day; they are the person's alone. `most`: octets that may wait together.
    pub async fn upload(&self, raw: Vec<u8>, most: u64) -> Result<i64, UploadError> {
        let prepared = prepare(self.mail.store(), raw).await?;
        let size = prepared.content.size();
        self.keep_upload(size, most, move |tx, log, person| uploads::add(tx, log, person, &prepared.content)).await
    }

    /// Makes an upload here of what stands in another mailbox, which `from` may see.
    pub async fn copy_bytes(&self, from: &Self, bytes: &Bytes, most: u64) -> Result<Option<i64>, UploadError> {
        let Some(raw) = from.bytes(bytes).await? else { return Ok(None) };
        self.upload(raw, most).await.map(Some)
    }

    async fn keep_upload<F>(&self, size: u64, most: u64, keep: F) -> Result<i64, UploadError>
    where
        F: Fn(&mut Tx<'_>, &mut Log, postroom_model::MailboxId) -> Result<i64, StoreError> + Send + 'static,
    {
        if !self.opened.effective().sees_mailbox() {
            return Err(AccessError::NotFound.into());
        }
        let Some(person) = self.opened.actor().person_id() else { return Err(AccessError::NotFound.into()) };
        let (mailbox, at) = (self.mailbox(), self.mail.access.clock().now());
        let work = move |tx: &mut Tx<'_>| {
            let used = uploads::used(tx, mailbox, person)?;
            if used.saturating_add(size) > most {
                return Err(UploadError::TooMuch { used, most });
            }
            let mut log = Log::begin(tx, mailbox, at)?;
            Ok(keep(tx, &mut log, person)?)
        };
        self.mail.store().write(Scope::mailbox(mailbox), work).await
    }

    /// The content that a source names, if the person may see it.
    pub async fn content(&self, source: Source) -> Result<Option<Upload>, AccessError> {
        match source {
            Source::Upload(id) => {
                let Some(person) = self.opened.actor().person_id() else { return Ok(None) };
                let mailbox = self.mailbox();
                Ok(self.mail.store().read(move |tx| uploads::get(tx, mailbox, person, id)).await?)
            }
            Source::Email(email) => {
                let view = self.look().await?;
                Ok(view
                    .message(email)
                    .map(|message| Upload { content: message.content, size: u64::from(message.size) }))
            }
        }
    }

    /// The bytes; None where there is nothing that the person may see.
    pub async fn bytes(&self, bytes: &Bytes) -> Result<Option<Vec<u8>>, AccessError> {
        let Some(found) = self.content(bytes.source).await? else { return Ok(None) };
        let mut raw = self.mail.raw(found.content).await?;
        for part in &bytes.parts {
            let number = part.clone();
            let inner = tokio::task::spawn_blocking(move || part_of(&raw, &number)).await;
            match inner.map_err(|_| StoreError::Panicked)? {
                Some(inner) => raw = inner,
                None => return Ok(None),
            }
        }
        Ok(Some(raw))
    }
}

impl crate::Mail {
    /// All of a content. For those who have found out that it may be seen.
    pub(crate) async fn raw(&self, content: ContentId) -> Result<Vec<u8>, StoreError> {
        let mut found = self.store().contents(vec![content], usize::MAX).await?;
        let stored = found.pop().ok_or(StoreError::Gone("the content"))?;
        let mut raw = Vec::new();
        crate::Body::of(stored).read_into(&mut raw).await?;
        Ok(raw)
    }
}

/// The decoded bytes of a part of a message.
fn part_of(raw: &[u8], number: &[u32]) -> Option<Vec<u8>> {
    let encoded = Parsed::of(raw).structure.encode();
    let root = PartRef::decode(&encoded).ok()?;
    let part = section::find_part(&root, number)??;
    let decoded = binary::decode(raw, &part);
    Some(decoded.map_or_else(|_| raw.get(part.body()).unwrap_or_default().to_vec(), |bytes| bytes.into_owned()))
}
