//! Looking into the queue and acting on it: what became of a message, taking it back, sending it again.
//!
//! A message shows to who may send from the mailbox in From, to who sent it, and to administrators.

use crate::{Outbound, sent_copy};
use postroom_model::{Actor, AuditEntry, DeliveryState, EmailId, MailboxId, Org, Privilege, Right, Time, Who, decide};
use postroom_store::changes::Log;
use postroom_store::queue::{self, Filter, LogRow, Queued, QueuedRecipient};
use postroom_store::{Retry, Scope, StoreError, Tx, audit};

/// What became of a message.
#[derive(Clone, Debug)]
pub struct Status {
    pub message: Queued,
    pub recipients: Vec<QueuedRecipient>,
    pub log: Vec<LogRow>,
    /// The emails in Outbox or Sent Items that show it.
    pub copies: Vec<(MailboxId, EmailId)>,
}

/// Which messages a list shows.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Only those that have a recipient in this state.
    pub state: Option<DeliveryState>,
    /// Only those with this text in the address of a recipient.
    pub recipient: Option<String>,
    /// Also those that are finished.
    pub finished: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum QueueError {
    #[error("there is no message {0} in the queue")]
    NotFound(String),
    #[error("the queue shows to administrators")]
    NotAdmin,
    #[error(transparent)]
    Store(#[from] StoreError),
}

#[derive(Debug, thiserror::Error)]
pub enum CancelError {
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// Nothing waits any more.
    #[error("message {0} has left already; it cannot be taken back")]
    Left(String),
}

impl From<StoreError> for CancelError {
    fn from(error: StoreError) -> Self {
        Self::Queue(error.into())
    }
}

impl Retry for QueueError {
    fn may_pass(&self) -> bool {
        matches!(self, Self::Store(error) if error.may_pass())
    }
}

impl Retry for CancelError {
    fn may_pass(&self) -> bool {
        matches!(self, Self::Queue(error) if error.may_pass())
    }
}

/// How much a list shows at once.
pub const PAGE: u32 = 200;

fn is_admin(org: &Org, actor: Actor) -> bool {
    match actor.who {
        Who::Operator | Who::Server => true,
        Who::Person(person) => org.privilege(person) == Privilege::Admin,
    }
}

fn may_see(org: &Org, actor: Actor, message: &Queued) -> bool {
    let sends = |mailbox| {
        let rights = decide(org, actor, mailbox).whole;
        rights.has(Right::SendAs) || rights.has(Right::SendOnBehalf)
    };
    is_admin(org, actor)
        || (message.person.is_some() && message.person == actor.person_id())
        || message.mailbox.is_some_and(sends)
}

impl Outbound {
    /// Messages in the queue, newest first, for administrators.
    pub async fn queue(&self, actor: Actor, wanted: Wanted, limit: u32) -> Result<Vec<Status>, QueueError> {
        if !is_admin(&self.access.org(), actor) {
            return Err(QueueError::NotAdmin);
        }
        let Wanted { state, recipient, finished } = wanted;
        let filter = Filter { state, recipient, finished, ..Filter::default() };
        let limit = limit.min(PAGE);
        let look = move |tx: &mut Tx<'_>| {
            let messages = queue::list(tx, &filter, limit)?;
            messages.into_iter().map(|message| status_of(tx, message, false)).collect::<Result<Vec<_>, _>>()
        };
        Ok(self.access.store().read(look).await?)
    }

    /// Messages sent from a mailbox, newest first, for those who may send from it.
    pub async fn sent_from(
        &self,
        actor: Actor,
        mailbox: MailboxId,
        wanted: Wanted,
        limit: u32,
    ) -> Result<Vec<Status>, QueueError> {
        let Wanted { state, recipient, finished } = wanted;
        let filter = Filter { state, recipient, finished, mailbox: Some(mailbox), ..Filter::default() };
        let limit = limit.min(PAGE);
        let look = move |tx: &mut Tx<'_>| {
            let messages = queue::list(tx, &filter, limit)?;
            messages.into_iter().map(|message| status_of(tx, message, false)).collect::<Result<Vec<_>, _>>()
        };
        let mut found = self.access.store().read(look).await?;
        let org = self.access.org();
        found.retain(|status| may_see(&org, actor, &status.message));
        Ok(found)
    }

    /// How many recipients are in each state that is not final.
    pub async fn queue_totals(&self) -> Result<Vec<(DeliveryState, u64)>, StoreError> {
        self.access.store().read(queue::totals).await
    }

    /// What became of a message, by the name that [`crate::Accepted::id`] gave.
    pub async fn status(&self, actor: Actor, name: &str) -> Result<Status, QueueError> {
        let wanted = name.to_owned();
        let look = move |tx: &mut Tx<'_>| match queue::by_name(tx, &wanted)? {
            Some(message) => status_of(tx, message, true).map(Some),
            None => Ok(None),
        };
        let found = self.access.store().read(look).await?;
        let org = self.access.org();
        found
            .filter(|status| may_see(&org, actor, &status.message))
            .ok_or_else(|| QueueError::NotFound(name.to_owned()))
    }

    /// What became of the message that an email in Sent Items or the Outbox shows.
    pub async fn status_of_email(
        &self,
        actor: Actor,
        mailbox: MailboxId,
        email: EmailId,
    ) -> Result<Option<Status>, StoreError> {
        let look = move |tx: &mut Tx<'_>| match queue::of_email(tx, mailbox, email)? {
            Some(message) => status_of(tx, message, true).map(Some),
            None => Ok(None),
        };
        let found = self.access.store().read(look).await?;
        let org = self.access.org();
        Ok(found.filter(|status| may_see(&org, actor, &status.message)))
    }

    /// Takes back what has not left. A held message goes from the Outbox to Drafts, or is removed there. What is being
    /// sent at this moment, or has been, cannot be taken back; where that is all, this fails.
    pub async fn cancel(&self, actor: Actor, name: &str, into_drafts: bool) -> Result<Status, CancelError> {
        let status = self.status(actor, name).await?;
        let (id, at) = (status.message.id, self.access.clock().now());
        let held = status.message.hold_until.is_some();
        let copies = if held { status.copies.clone() } else { Vec::new() };
        let scope = Scope::Mailboxes(copies.iter().map(|(mailbox, _)| *mailbox).collect());
        let (owned, mailbox) = (name.to_owned(), status.message.mailbox);
        let work = move |tx: &mut Tx<'_>| {
            queue::lock(tx, id)?;
            let still_held = queue::by_id(tx, id)?.is_some_and(|message| message.hold_until.is_some());
            if queue::cancel(tx, id)? == 0 {
                return Err(CancelError::Left(owned.clone()));
            }
            for (mailbox, email) in copies.iter().filter(|_| still_held) {
                let mut log = Log::begin(tx, *mailbox, at)?;
                sent_copy::take_back(tx, &mut log, *email, into_drafts)?;
                log.end(tx)?;
            }
            queue::note(tx, id, at, None, "taken back")?;
            queue::finish(tx, id, at)?;
            record(tx, at, actor, mailbox, format!("message {owned} was taken back"))?;
            Ok(())
        };
        self.access.store().write(scope, work).await?;
        Ok(self.status(actor, name).await?)
    }

    /// Sends to failed and waiting recipients now; the copies in Sent Items are not marked as failed any more. Gives
    /// how many recipients there are.
    pub async fn resend(&self, actor: Actor, name: &str) -> Result<u64, QueueError> {
        let status = self.status(actor, name).await?;
        let (id, at) = (status.message.id, self.access.clock().now());
        let expires_at = self.schedule.expiry(at, None);
        let (copies, mailbox) = (status.copies, status.message.mailbox);
        let scope = Scope::Mailboxes(copies.iter().map(|(mailbox, _)| *mailbox).collect());
        let owned = name.to_owned();
        let work = move |tx: &mut Tx<'_>| {
            queue::lock(tx, id)?;
            let count = queue::retry(tx, id, at, expires_at)?;
            if count == 0 {
                return Ok(0);
            }
            queue::note(tx, id, at, None, "sent again by hand")?;
            for (mailbox, email) in &copies {
                let mut log = Log::begin(tx, *mailbox, at)?;
                sent_copy::mark_failed(tx, &mut log, *email, false)?;
                log.end(tx)?;
            }
            record(tx, at, actor, mailbox, format!("message {owned} was sent again"))?;
            Ok::<_, QueueError>(count)
        };
        self.access.store().write(scope, work).await
    }

    /// Lets a held message go now.
    pub async fn send_now(&self, actor: Actor, name: &str) -> Result<Status, QueueError> {
        let status = self.status(actor, name).await?;
        self.release(status.message, self.access.clock().now()).await?;
        self.status(actor, name).await
    }

    /// Forgets messages that were finished long ago. Gives how many went.
    pub async fn forget_finished(&self, limit: u32) -> Result<u64, StoreError> {
        let now = self.access.clock().now();
        let before = self.schedule.forget_before(now);
        self.access.store().write(Scope::Free, move |tx| queue::prune(tx, before, now, limit)).await
    }
}

fn record(
    tx: &mut Tx<'_>,
    at: Time,
    actor: Actor,
    mailbox: Option<MailboxId>,
    detail: String,
) -> Result<(), StoreError> {
    match mailbox {
        Some(mailbox) => audit::record(tx, &AuditEntry::done(at, actor, mailbox, "message.send", detail)),
        None => Ok(()),
    }
}

fn status_of(tx: &mut Tx<'_>, message: Queued, with_log: bool) -> Result<Status, StoreError> {
    let (id, log) = (message.id, if with_log { queue::log(tx, message.id)? } else { Vec::new() });
    Ok(Status { message, recipients: queue::recipients(tx, id)?, log, copies: queue::copies(tx, id)? })
}
