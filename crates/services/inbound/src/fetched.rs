//! Filing messages that were fetched from an account elsewhere: byte for byte, together with what they are known by
//! there, in one transaction. So a message is here exactly once, whatever happens between here and there.
//!
//! Start reading at [`Inbound::file_fetched`].

use crate::Inbound;
use postroom_mail::Prepared;
use postroom_model::{Actor, AuditEntry, Door, Flags, InboundServiceId, MailboxId, SpecialUse, Time};
use postroom_store::changes::Log;
use postroom_store::emails::{self, FileError, NewEmail, Source};
use postroom_store::inbound_keys::{self, KeyRow, KeyState, Of, RemoteKey};
use postroom_store::{Retry, Scope, StoreError, Tx, audit, folders, inbound_services};

/// A message that was fetched.
#[derive(Clone, Debug)]
pub struct FetchedMail {
    pub message: Prepared,
    pub key: RemoteKey,
    /// The first 16 octets of the SHA-256 of the message.
    pub hash: [u8; 16],
    pub flags: Flags,
    /// Sorted, separated by blanks.
    pub keywords: String,
    /// None: now.
    pub received_at: Option<Time>,
    /// The server numbered its messages anew: this may be one that is here under another number.
    pub renumbered: bool,
    /// Somebody marked it there as deleted: it is taken only for one that is here.
    pub deleted_there: bool,
}

/// For which service, and on whose behalf.
#[derive(Clone, Debug)]
pub struct Filing {
    pub mailbox: MailboxId,
    pub service: InboundServiceId,
    /// The node that holds the service's lease.
    pub holder: String,
    /// What the record calls the service.
    pub name: String,
}

/// What became of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Took {
    Filed,
    /// It was here already.
    Known,
    /// It stays there: somebody marked it as deleted.
    Left,
}

#[derive(Debug, thiserror::Error)]
pub enum FetchedError {
    #[error("the mailbox is full: {used} of {quota} octets are used")]
    Full { used: u64, quota: u64 },
    #[error("the mailbox does not exist any more")]
    Gone,
    #[error("another node runs this service now")]
    NotHeld,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Retry for FetchedError {
    fn may_pass(&self) -> bool {
        matches!(self, Self::Store(error) if error.may_pass())
    }
}

impl Inbound {
    /// Files what is not here yet; all of it or nothing.
    pub async fn file_fetched(&self, filing: Filing, batch: Vec<FetchedMail>) -> Result<Vec<Took>, FetchedError> {
        let quota = self.access.org().mailbox(filing.mailbox).ok_or(FetchedError::Gone)?.quota;
        let at = self.access.clock().now();
        let mailbox = filing.mailbox;
        let work = move |tx: &mut Tx<'_>| carry_out(tx, &filing, &batch, quota, at);
        let took = self.access.store().write(Scope::mailbox(mailbox), work).await?;
        for _ in took.iter().filter(|took| **took == Took::Filed) {
            tracing::debug!(counter = "fetched", %mailbox, "fetched");
        }
        Ok(took)
    }
}

fn carry_out(
    tx: &mut Tx<'_>,
    filing: &Filing,
    batch: &[FetchedMail],
    quota: Option<u64>,
    at: Time,
) -> Result<Vec<Took>, FetchedError> {
    if !inbound_services::is_held(tx, filing.service, &filing.holder, at)? {
        return Err(FetchedError::NotHeld);
    }
    let mut log = match Log::begin(tx, filing.mailbox, at) {
        Ok(log) => log,
        Err(StoreError::Gone(_)) => return Err(FetchedError::Gone),
        Err(error) => return Err(error.into()),
    };
    let mut took = Vec::with_capacity(batch.len());
    for mail in batch {
        took.push(take(tx, &mut log, filing, mail, quota)?);
    }
    log.end(tx)?;
    let filed = took.iter().filter(|took| **took == Took::Filed).count();
    if filed > 0 {
        inbound_services::count(tx, filing.service, filed)?;
        let detail = format!("{filed} fetched from {}", filing.name);
        let server = Actor::server(Door::Job);
        audit::record(tx, &AuditEntry::done(at, server, filing.mailbox, "message.fetch", detail))?;
    }
    Ok(took)
}

fn take(
    tx: &mut Tx<'_>,
    log: &mut Log,
    filing: &Filing,
    mail: &FetchedMail,
    quota: Option<u64>,
) -> Result<Took, FetchedError> {
    let of = Of { mailbox: filing.mailbox, service: filing.service };
    if inbound_keys::state(tx, of, &mail.key)? == Some(KeyState::Filed) {
        return Ok(Took::Known);
    }
    if mail.renumbered
        && let Some(old) = inbound_keys::same_content(tx, of, &mail.hash, &mail.key.scope)?
        && inbound_keys::rename(tx, of, &old, &mail.key)?
    {
        return Ok(Took::Known);
    }
    if mail.deleted_there {
        return Ok(Took::Left);
    }
    let folder = folders::by_special_use(tx, filing.mailbox, SpecialUse::Inbox)?.ok_or(FetchedError::Gone)?.id;
    let new = NewEmail {
        folder,
        content: Source::New(&mail.message.content),
        received_at: mail.received_at.unwrap_or(log.at()),
        flags: mail.flags,
        keywords: &mail.keywords,
    };
    match emails::file(tx, log, &new, quota) {
        Ok(_) => {}
        Err(FileError::Full { used, quota }) => return Err(FetchedError::Full { used, quota }),
        Err(FileError::NoFolder) => return Err(FetchedError::Gone),
        Err(FileError::Store(error)) => return Err(error.into()),
    }
    let row = KeyRow {
        key: mail.key.clone(),
        hash: mail.hash,
        state: KeyState::Filed,
        size: mail.message.content.size(),
        note: String::new(),
        at: log.at(),
    };
    inbound_keys::put(tx, of, &row)?;
    Ok(Took::Filed)
}
