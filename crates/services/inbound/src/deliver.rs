//! Filing one message for its recipients: answered after a durable commit.

use crate::authenticity::Act;
use crate::{Inbound, Incoming};
use postroom_mail::{Prepared, prepare};
use postroom_model::{Actor, AuditEntry, Door, MailboxId, SpecialUse, Time};
use postroom_outbound::local;
use postroom_store::changes::Log;
use postroom_store::emails::FileError;
use postroom_store::{Retry, Scope, StoreError, Tx, audit};
use postroom_wire_message::header_end;

/// A message with its envelope.
#[derive(Debug)]
pub struct Delivery {
    pub door: Door,
    pub mode: Mode,
    /// Empty: the null sender.
    pub envelope_from: String,
    /// One for each accepted recipient, in order; a mailbox named twice gets the message once.
    pub mailboxes: Vec<MailboxId>,
    pub message: Incoming,
}

/// What happens when some of the mailboxes cannot take the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Nobody gets it: there is one answer for all (SMTP).
    Together,
    /// The others get it: each has an answer of its own (LMTP).
    Each,
}

/// What became of one recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivered {
    Filed,
    /// `never`: the message is larger than everything the mailbox may hold.
    Full {
        never: bool,
    },
    /// The mailbox was removed meanwhile.
    Gone,
}

#[derive(Debug, thiserror::Error)]
pub enum DeliverError {
    /// In [`Mode::Together`]: one of the mailboxes cannot take it, so none did.
    #[error("a recipient's mailbox is full")]
    Full { never: bool },
    #[error("a recipient's mailbox does not exist any more")]
    Gone,
    /// DMARC, as the domain in From asks.
    #[error("the message is not from {0}, which asks to refuse such mail")]
    Forged(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Retry for DeliverError {
    fn may_pass(&self) -> bool {
        matches!(self, Self::Store(error) if error.may_pass())
    }
}

impl Inbound {
    /// Files the message; gives what became of each recipient, in their order.
    pub async fn deliver(&self, delivery: Delivery) -> Result<Vec<Delivered>, DeliverError> {
        let Delivery { door, mode, envelope_from, mailboxes, mut message } = delivery;
        let id = message.id.clone();
        let folder = self.examine(door, &mut message).await?;
        let raw = message.finish();
        let header = self.header_for_the_absent(&mailboxes, &raw).filter(|_| folder == SpecialUse::Inbox);
        let prepared = prepare(self.access.store(), raw).await?;
        let detail = local::delivery_in_words(&envelope_from, prepared.content.size(), &id);
        let filing = Filing {
            at: self.access.clock().now(),
            door,
            mode,
            detail,
            prepared,
            folder,
            targets: self.targets(&mailboxes),
        };
        let scope = Scope::Mailboxes(filing.targets.iter().map(|target| target.mailbox).collect());
        let done = self.access.store().write(scope, move |tx| filing.carry_out(tx)).await?;
        for (mailbox, _) in done.iter().filter(|(_, outcome)| *outcome == Delivered::Filed) {
            tracing::debug!(counter = "deliveries", %mailbox, id, "delivered");
        }
        if let Some(header) = header {
            let filed = done.iter().filter(|(_, outcome)| *outcome == Delivered::Filed).map(|(mailbox, _)| *mailbox);
            self.outbound.answer_absent(&filed.collect::<Vec<_>>(), &envelope_from, &header).await;
        }
        let outcome_of = |mailbox: &MailboxId| {
            done.iter().find(|(known, _)| known == mailbox).map_or(Delivered::Gone, |(_, outcome)| *outcome)
        };
        Ok(mailboxes.iter().map(outcome_of).collect())
    }

    /// Checks mail from other machines and writes down what was found; gives the folder it goes to.
    async fn examine(&self, door: Door, message: &mut Incoming) -> Result<SpecialUse, DeliverError> {
        let (Door::Smtp, Some(authenticity), Some(bringer)) = (door, &self.authenticity, message.bringer.clone())
        else {
            return Ok(SpecialUse::Inbox);
        };
        let verdict = authenticity.check(&self.hostname, &bringer, message.sent()).await;
        message.set_results(&verdict.field, &self.hostname);
        match verdict.act {
            Act::Take => Ok(SpecialUse::Inbox),
            Act::Junk => {
                tracing::debug!(counter = "dmarc_junk", id = message.id, "a message goes to Junk");
                Ok(SpecialUse::Junk)
            }
            Act::Refuse(domain) => {
                tracing::debug!(counter = "dmarc_refused", id = message.id, domain, "a message is refused");
                Err(DeliverError::Forged(domain))
            }
        }
    }

    /// What an automatic reply has to know of the message, if one of the mailboxes may send one.
    fn header_for_the_absent(&self, mailboxes: &[MailboxId], raw: &[u8]) -> Option<Vec<u8>> {
        let org = self.access.org();
        let absent = mailboxes.iter().any(|mailbox| org.absent.contains(mailbox));
        absent.then(|| raw.get(..header_end(raw)).unwrap_or_default().to_vec())
    }

    /// Each mailbox once, in ascending order of id, with its quota of this moment.
    fn targets(&self, mailboxes: &[MailboxId]) -> Vec<Target> {
        let mut ids = mailboxes.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let org = self.access.org();
        let quota = |mailbox| org.mailbox(mailbox).and_then(|facts| facts.quota);
        ids.into_iter().map(|mailbox| Target { mailbox, quota: quota(mailbox) }).collect()
    }
}

struct Target {
    mailbox: MailboxId,
    quota: Option<u64>,
}

/// What the transaction does, worked out before it.
struct Filing {
    at: Time,
    door: Door,
    mode: Mode,
    detail: String,
    prepared: Prepared,
    folder: SpecialUse,
    targets: Vec<Target>,
}

impl Filing {
    fn carry_out(&self, tx: &mut Tx<'_>) -> Result<Vec<(MailboxId, Delivered)>, DeliverError> {
        let mut done = Vec::with_capacity(self.targets.len());
        for target in &self.targets {
            let outcome = self.file(tx, target)?;
            if self.mode == Mode::Together {
                outcome.or_error()?;
            }
            done.push((target.mailbox, outcome));
        }
        Ok(done)
    }

    fn file(&self, tx: &mut Tx<'_>, target: &Target) -> Result<Delivered, DeliverError> {
        let mut log = match Log::begin(tx, target.mailbox, self.at) {
            Ok(log) => log,
            Err(StoreError::Gone(_)) => return Ok(Delivered::Gone),
            Err(error) => return Err(error.into()),
        };
        match local::into_folder(tx, &mut log, self.folder, &self.prepared.content, target.quota) {
            Ok(_) => {}
            Err(FileError::Full { quota, .. }) => {
                return Ok(Delivered::Full { never: self.prepared.content.size() > quota });
            }
            Err(FileError::TooMany { .. }) => return Ok(Delivered::Full { never: false }),
            Err(FileError::NoFolder) => return Ok(Delivered::Gone),
            Err(FileError::Store(error)) => return Err(error.into()),
        }
        log.end(tx)?;
        let server = Actor::server(self.door);
        audit::record(tx, &AuditEntry::done(self.at, server, target.mailbox, "message.deliver", self.detail.clone()))?;
        Ok(Delivered::Filed)
    }
}

impl Delivered {
    fn or_error(self) -> Result<(), DeliverError> {
        match self {
            Self::Filed => Ok(()),
            Self::Full { never } => Err(DeliverError::Full { never }),
            Self::Gone => Err(DeliverError::Gone),
        }
    }
}
