//! Filing messages that a client brings. Start reading at [`OpenFolder::append`].

use super::{joined, note};
use crate::prepare::reference_hash;
use crate::{AppendError, OpenFolder, Prepared};
use postroom_model::{Flags, Keyword, ModSeq, Right, SpecialUse, Time, Uid};
use postroom_store::changes::Log;
use postroom_store::emails::{self, NewEmail, Source};
use postroom_store::{Scope, StoreError, Tx, placements, sent_copies};

/// A message to append, with what the client wants it to bear.
#[derive(Clone, Debug)]
pub struct Append {
    pub message: Prepared,
    pub flags: Flags,
    pub keywords: Vec<Keyword>,
    /// None: now.
    pub received_at: Option<Time>,
}

/// Where a message stands now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Appended {
    pub uid: Uid,
    pub uidvalidity: u32,
    pub modseq: ModSeq,
    /// The server had filed this copy itself a moment ago; nothing was added.
    pub was_there: bool,
}

/// How long a client's copy in Sent Items is taken for the server's own.
const SAME_COPY_MILLIS: i64 = 60 * 60 * 1000;

impl OpenFolder {
    /// Files messages, all or none, in order. Needs `message.add` (in Drafts `message.edit` serves too). Flags that
    /// the actor may not set are dropped (RFC 4314 section 4).
    pub async fn append(&self, messages: Vec<Append>) -> Result<Vec<Appended>, AppendError> {
        if self.special_use() == Some(SpecialUse::Outbox) {
            return Err(AppendError::ServersFolder);
        }
        let folder = self.clone();
        let work = move |tx: &mut Tx<'_>| {
            folder.need(Right::MessageAdd)?;
            let quota = folder.opened.facts()?.quota;
            let at = folder.mail.access.clock().now();
            let mut log = Log::begin(tx, folder.mailbox(), at)?;
            let mut done = Vec::with_capacity(messages.len());
            for message in &messages {
                done.push(folder.append_one(tx, &mut log, message, quota)?);
            }
            if !log.is_empty() {
                note(tx, &folder, "message.add", messages.len())?;
            }
            log.end(tx)?;
            Ok::<_, AppendError>(done)
        };
        self.store().write(Scope::mailbox(self.mailbox()), work).await
    }

    pub(super) fn append_one(
        &self,
        tx: &mut Tx<'_>,
        log: &mut Log,
        message: &Append,
        quota: Option<u64>,
    ) -> Result<Appended, AppendError> {
        if let Some(copy) = self.servers_copy(tx, log, message)? {
            return Ok(copy);
        }
        let allowed = self.settable();
        let keywords = if self.rights().has(Right::MessageFlag) { joined(&message.keywords) } else { String::new() };
        let new = NewEmail {
            folder: self.id,
            content: Source::New(&message.message.content),
            received_at: message.received_at.unwrap_or(log.at()),
            flags: Flags(message.flags.0 & allowed.0),
            keywords: &keywords,
        };
        let filed = emails::file(tx, log, &new, quota)?;
        if let Some((person, id)) = self.sent_by(message) {
            sent_copies::remember(tx, self.mailbox(), person, id, (self.id, filed.uid), log.at())?;
        }
        Ok(Appended { uid: filed.uid, uidvalidity: filed.uidvalidity, modseq: filed.modseq, was_there: false })
    }

    /// The copy of the same message that the server filed here for the same person within the hour.
    fn servers_copy(&self, tx: &mut Tx<'_>, log: &Log, message: &Append) -> Result<Option<Appended>, StoreError> {
        let Some((person, id)) = self.sent_by(message) else { return Ok(None) };
        let since = log.at().plus_millis(-SAME_COPY_MILLIS);
        let Some(uid) = sent_copies::find(tx, self.mailbox(), person, id, self.id, since)? else { return Ok(None) };
        let Some(placement) = placements::at(tx, self.mailbox(), self.id, uid)? else { return Ok(None) };
        let uidvalidity = self.live_uidvalidity();
        Ok(Some(Appended { uid, uidvalidity, modseq: placement.modseq, was_there: true }))
    }

    /// Whose sent message this is, and its Message-ID; only in Sent Items.
    fn sent_by(&self, message: &Append) -> Option<(postroom_model::MailboxId, i64)> {
        if self.special_use() != Some(SpecialUse::Sent) {
            return None;
        }
        let id = message.message.parsed.message_id.as_deref().map(reference_hash)?;
        Some((self.opened.actor().person_id()?, id))
    }
}
