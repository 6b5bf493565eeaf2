//! Held messages whose time has come: they leave the Outbox and go on their way.

use crate::queueing::LOCAL;
use crate::report::FILED;
use crate::{Outbound, local, sent_copy};
use postroom_mail::reference_hash;
use postroom_model::{Actor, Address, AuditEntry, DeliveryState, Door, EmailId, MailboxId, Org, Time};
use postroom_store::changes::Log;
use postroom_store::emails::FileError;
use postroom_store::queue::{self, Queued, QueuedRecipient, attempts};
use postroom_store::{ContentId, Scope, StoreError, Tx, audit};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How many held messages are looked at together.
const PAGE: u32 = 64;

impl Outbound {
    /// Lets every held message go whose time has come. Gives how many there were.
    pub async fn release_due(&self) -> Result<usize, StoreError> {
        let mut released = 0;
        loop {
            let now = self.access.clock().now();
            let due = self.access.store().read(move |tx| attempts::due_holds(tx, now, PAGE)).await?;
            if due.is_empty() {
                return Ok(released);
            }
            for message in due {
                self.release(message, now).await?;
                released += 1;
            }
        }
    }

    pub(crate) async fn release(&self, message: Queued, at: Time) -> Result<(), StoreError> {
        let id = message.id;
        let look = move |tx: &mut Tx<'_>| Ok((queue::recipients(tx, id)?, queue::copies(tx, id)?));
        let (recipients, copies) = self.access.store().read(look).await?;
        let org = self.access.org();
        let release = Release { at, message, recipients, copies, org };
        let scope = Scope::Mailboxes(release.mailboxes());
        self.access.store().write(scope, move |tx| release.carry_out(tx)).await
    }
}

struct Release {
    at: Time,
    message: Queued,
    recipients: Vec<QueuedRecipient>,
    copies: Vec<(MailboxId, EmailId)>,
    org: Arc<Org>,
}

/// What happens in one mailbox.
#[derive(Default)]
struct Work {
    copy: Option<EmailId>,
    /// The recipients that it takes the message for.
    positions: Vec<i64>,
}

impl Release {
    fn local(&self, recipient: &QueuedRecipient) -> Option<MailboxId> {
        let address = Address::parse(&recipient.address).ok()?;
        self.org.recipient(&address).map(|mailbox| mailbox.id)
    }

    fn work(&self) -> BTreeMap<MailboxId, Work> {
        let mut work: BTreeMap<MailboxId, Work> = BTreeMap::new();
        for (mailbox, email) in &self.copies {
            work.entry(*mailbox).or_default().copy = Some(*email);
        }
        for recipient in &self.recipients {
            if let Some(mailbox) = self.local(recipient) {
                work.entry(mailbox).or_default().positions.push(recipient.position);
            }
        }
        work
    }

    fn mailboxes(&self) -> Vec<MailboxId> {
        self.work().into_keys().collect()
    }

    fn carry_out(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let id = self.message.id;
        queue::lock(tx, id)?;
        // Somebody may have taken it back, or another node let it go, a moment ago.
        let Some(now) = queue::by_id(tx, id)?.filter(|now| now.hold_until.is_some()) else { return Ok(()) };
        let content = now.content.ok_or(StoreError::Corrupt("a held message without content"))?;
        queue::unhold(tx, id)?;
        queue::note(tx, id, self.at, None, "the hold is over")?;
        for (mailbox, work) in self.work() {
            self.in_mailbox(tx, mailbox, &work, content)?;
        }
        for recipient in self.recipients.iter().filter(|recipient| self.local(recipient).is_none()) {
            let domain = recipient.address.rsplit('@').next().unwrap_or_default();
            let lane = self.org.lane(self.message.mailbox, &self.message.from_address, domain);
            let next = (self.at, Some(self.at));
            queue::set_state(tx, id, recipient.position, (DeliveryState::Waiting, &lane), "", next)?;
        }
        queue::finish(tx, id, self.at)?;
        Ok(())
    }

    fn in_mailbox(
        &self,
        tx: &mut Tx<'_>,
        mailbox: MailboxId,
        work: &Work,
        content: ContentId,
    ) -> Result<(), StoreError> {
        let id = self.message.id;
        let mut log = match Log::begin(tx, mailbox, self.at) {
            Ok(log) => log,
            Err(StoreError::Gone(_)) => return Ok(()),
            Err(error) => return Err(error),
        };
        if let (Some(email), Some(person)) = (work.copy, self.message.person) {
            let message_id = reference_hash(self.message.message_id.as_bytes());
            sent_copy::leave_outbox(tx, &mut log, email, (id, person, message_id))?;
        }
        if !work.positions.is_empty() {
            let quota = self.org.mailbox(mailbox).and_then(|facts| facts.quota);
            let filed = local::stored_into_inbox(tx, &mut log, (content, self.message.size), quota);
            let (state, answer, next) = match filed {
                Ok(_) => (DeliveryState::Delivered, FILED, None),
                // As a message that other servers cannot take now: it is tried again, and given up in the end.
                Err(FileError::Full { .. } | FileError::TooMany { .. }) => {
                    (DeliveryState::Waiting, "452 4.2.2 the mailbox is full", Some(self.at))
                }
                Err(FileError::NoFolder) => return Err(StoreError::Gone("the folder")),
                Err(FileError::Store(error)) => return Err(error),
            };
            for position in &work.positions {
                queue::set_state(tx, id, *position, (state, LOCAL), answer, (self.at, next))?;
            }
            if state == DeliveryState::Delivered {
                let detail =
                    local::delivery_in_words(&self.message.envelope_from, self.message.size, &self.message.name);
                let server = Actor::server(Door::Job);
                audit::record(tx, &AuditEntry::done(self.at, server, mailbox, "message.deliver", detail))?;
            }
        }
        log.end(tx)?;
        Ok(())
    }
}
