//! A person hands in a message: it is checked, completed, delivered to our own mailboxes, queued for other servers
//! and filed in Sent Items, all in one transaction. What is held is queued whole, and its copy stands in the Outbox.
//! Start reading at [`Outbound::submit`].

use crate::compose::{Composed, Stamp, compose};
use crate::error::{SubmitError, filing};
use crate::local::{self, Recipient};
use crate::originators::{Settled, settle};
use crate::queueing::Queueing;
use crate::report::{self, Reported};
use crate::send_from::{How, Refusal, may_send_from};
use crate::{Outbound, new_id, sent_copy};
use postroom_mail::{Prepared, prepare};
use postroom_model::{
    Actor, Address, AuditEntry, Denied, Door, FolderId, MailboxId, Org, Outcome, Right, Time, Uid, decide,
};
use postroom_store::changes::Log;
use postroom_store::{NewContent, Scope, Tx, audit};
use postroom_wire_message::reference_hash;
use std::collections::BTreeMap;

/// A message with its envelope.
#[derive(Clone, Debug)]
pub struct Submission {
    /// Empty: the null sender (RFC 6409 section 3.2 lets it pass).
    pub envelope_from: String,
    pub recipients: Vec<SubmissionRecipient>,
    pub raw: Vec<u8>,
    /// The protocol word for the Received field (RFC 3848): `ESMTPSA`.
    pub with: &'static str,
    /// The protection of the connection: `TLS1.3`.
    pub tls: Option<String>,
    /// RFC 3461: what a report returns, and the sender's own identifier.
    pub ret: Option<Return>,
    pub envelope_id: Option<String>,
    /// SMTPUTF8 was asked for (RFC 6531).
    pub utf8: bool,
    /// Nothing leaves before (RFC 4865); until then it can be taken back.
    pub hold_until: Option<Time>,
    /// What the door wants to find again with the state of the message, which is then kept even where all recipients
    /// are ours.
    pub note: Option<String>,
}

/// One recipient with what RFC 3461 lets the sender say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SubmissionRecipient {
    pub address: Address,
    pub notify: Option<Notify>,
    /// The original recipient, `type;address`.
    pub original: Option<String>,
}

/// What a report of failure returns (RFC 3461 section 4.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Return {
    Full,
    Headers,
}

/// When the sender wants a report (RFC 3461 section 4.1). All false: never.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notify {
    pub success: bool,
    pub failure: bool,
    pub delay: bool,
}

/// A copy in Sent Items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentCopy {
    pub mailbox: MailboxId,
    pub folder: FolderId,
    pub uid: Uid,
}

/// A message that was taken, durably.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// As the Received field names it.
    pub id: String,
    pub copies: Vec<SentCopy>,
}

impl Notify {
    /// As the store keeps it.
    pub fn bits(self) -> u32 {
        u32::from(self.success) | u32::from(self.failure) << 1 | u32::from(self.delay) << 2
    }

    pub fn from_bits(bits: u32) -> Self {
        Self { success: bits & 1 != 0, failure: bits & 2 != 0, delay: bits & 4 != 0 }
    }
}

impl Return {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Headers => "headers",
        }
    }
}

impl Outbound {
    /// Whether `actor` may use the address as the envelope sender. Refusals are recorded.
    pub async fn check_sender(&self, actor: Actor, address: &str) -> Result<(), SubmitError> {
        let checked = self.may_use(&self.access.org(), actor, address);
        self.recorded(actor, checked).await
    }

    /// Takes a message: delivered and filed when this answers.
    pub async fn submit(&self, actor: Actor, submission: Submission) -> Result<Accepted, SubmitError> {
        let absent = self.absent_among(&submission);
        let taken = self.take(actor, submission).await;
        if taken.is_ok() {
            tracing::debug!(counter = "submissions", door = actor.door.as_str(), "submitted");
            if let Some((mailboxes, from, header)) = absent {
                self.answer_absent(&mailboxes, &from, &header).await;
            }
        }
        self.recorded(actor, taken).await
    }

    fn may_use(&self, org: &Org, actor: Actor, address: &str) -> Result<(), SubmitError> {
        // The null sender names nobody.
        if address.is_empty() {
            return Ok(());
        }
        may_send_from(org, actor, address).allowed().map(|_| ()).map_err(SubmitError::Refused)
    }

    async fn take(&self, actor: Actor, submission: Submission) -> Result<Accepted, SubmitError> {
        let org = self.access.org();
        let person = actor.person_id().ok_or(SubmitError::Gone)?;
        self.may_use(&org, actor, &submission.envelope_from)?;
        let settled = settle(&org, actor, &submission.raw)?;
        let now = self.access.clock().now();
        let id = new_id(now);
        let composed = self.compose(&submission, &settled, &id, now);
        let outgoing = prepare(self.access.store(), composed.outgoing).await?;
        may_attach(&org, actor, &settled, &outgoing)?;
        let copy = match composed.copy {
            Some(raw) => Some(prepare(self.access.store(), raw).await?.content),
            None => None,
        };
        let mut plan = Plan::new(&org, (actor, person), now, &settled, outgoing, copy)?;
        let hold_until = self.hold(now, submission.hold_until)?;
        plan.held = hold_until.is_some();
        for recipient in &submission.recipients {
            plan.add_recipient(&org, &recipient.address)?;
        }
        if submission.recipients.is_empty() {
            return Err(SubmitError::NoRecipient);
        }
        plan.queueing = Queueing::of(&org, &submission, &settled, (&id, &plan.outgoing), hold_until)
            .map(|queueing| queueing.expiring(self.schedule.expiry(now, hold_until)));
        if hold_until.is_none() {
            plan.report = self.success_report(&org, &submission, &id, now).await?;
        }
        plan.sent = format!("{} to {} as message {id}", plan.how.as_str(), recipients_in_words(&submission));
        plan.delivered = local::delivery_in_words(&submission.envelope_from, plan.outgoing.content.size(), &id);
        let reported = plan.report.iter().map(|report| report.mailbox);
        let scope = Scope::Mailboxes(plan.work.keys().copied().chain(reported).collect());
        let copies = self.access.store().write(scope, move |tx| plan.carry_out(tx)).await?;
        Ok(Accepted { id, copies })
    }

    /// The moment until which a message is held; one that has passed holds nothing.
    fn hold(&self, now: Time, wanted: Option<Time>) -> Result<Option<Time>, SubmitError> {
        match wanted {
            Some(until) if until > now.plus_millis(self.schedule.longest_hold_millis()) => {
                Err(SubmitError::HeldTooLong)
            }
            Some(until) if until <= now => Ok(None),
            other => Ok(other),
        }
    }

    /// The report of success for those of our own mailboxes for which one was asked (RFC 3461 section 5.2.6).
    async fn success_report(
        &self,
        org: &Org,
        submission: &Submission,
        id: &str,
        now: Time,
    ) -> Result<Option<Reported>, SubmitError> {
        let asked = |recipient: &&SubmissionRecipient| {
            recipient.notify.is_some_and(|notify| notify.success) && org.recipient(&recipient.address).is_some()
        };
        let asked: Vec<&SubmissionRecipient> = submission.recipients.iter().filter(asked).collect();
        if asked.is_empty() || submission.envelope_from.is_empty() {
            return Ok(None);
        }
        let lines = asked.into_iter().map(|recipient| report::Line {
            address: recipient.address.to_string(),
            original: recipient.original.clone(),
            status: "2.1.5".to_owned(),
            answer: report::FILED.to_owned(),
            remote: None,
            retry_until: None,
        });
        let report = report::Report {
            kind: report::Kind::Success,
            hostname: &self.hostname,
            id: &new_id(now),
            about: id,
            envelope_from: &submission.envelope_from,
            envelope_id: submission.envelope_id.as_deref(),
            full: false,
            arrived_at: now,
            at: now,
            lines: lines.collect(),
        };
        let header = report::header_of(&submission.raw);
        Ok(self.prepare_report(org, &report, header).await?)
    }

    fn compose(&self, submission: &Submission, settled: &Settled, id: &str, now: Time) -> Composed {
        let stamp = Stamp {
            hostname: &self.hostname,
            with: submission.with,
            tls: submission.tls.as_deref(),
            id,
            envelope_from: &submission.envelope_from,
            at: now.seconds(),
        };
        compose(&submission.raw, &settled.sender, &stamp)
    }

    /// Writes refusals into the record of the mailbox that was to be sent from, if there is one.
    async fn recorded<T>(&self, actor: Actor, result: Result<T, SubmitError>) -> Result<T, SubmitError> {
        let mailbox = match &result {
            Err(SubmitError::Refused(Refusal::Denied { mailbox, .. }) | SubmitError::NoAttachments { mailbox, .. }) => {
                Some(*mailbox)
            }
            Err(SubmitError::Refused(Refusal::Unseen(address))) => {
                let address = Address::parse(address).ok();
                address.and_then(|address| self.access.org().recipient(&address).map(|mailbox| mailbox.id))
            }
            _ => None,
        };
        if let (Some(mailbox), Err(error)) = (mailbox, &result) {
            let detail = error.to_string();
            self.access.record(actor, mailbox, "message.send", Outcome::Denied, detail).await?;
        }
        result
    }
}

fn recipients_in_words(submission: &Submission) -> String {
    match submission.recipients.len() {
        1 => "1 recipient".to_owned(),
        count => format!("{count} recipients"),
    }
}

/// Sending files needs a right of its own on every mailbox in From.
fn may_attach(org: &Org, actor: Actor, settled: &Settled, message: &Prepared) -> Result<(), SubmitError> {
    if message.parsed.sendable_attachments().next().is_none() {
        return Ok(());
    }
    let lacking = |mailbox: MailboxId| !decide(org, actor, mailbox).whole.has(Right::AttachmentAdd);
    match settled.from.iter().find(|(mailbox, _)| lacking(*mailbox)) {
        None => Ok(()),
        Some((mailbox, _)) => {
            let denied = Denied::new(org, Right::AttachmentAdd, *mailbox);
            Err(SubmitError::NoAttachments { mailbox: *mailbox, denied })
        }
    }
}

/// What the transaction does, worked out before it.
struct Plan {
    actor: Actor,
    person: MailboxId,
    at: Time,
    /// The mailbox in From, and how the person stands to it.
    from: MailboxId,
    how: How,
    /// For the record of the mailbox in From, and for those of the recipients.
    sent: String,
    delivered: String,
    outgoing: Prepared,
    /// Where the copy in Sent Items differs from what went out.
    copy: Option<NewContent>,
    message_id: i64,
    /// By id, which is the order in which the database locks them.
    work: BTreeMap<MailboxId, Work>,
    /// Nothing is delivered now, and the copy goes into the Outbox.
    held: bool,
    /// What goes into the queue.
    queueing: Option<Queueing>,
    /// A report of success for the sender.
    report: Option<Reported>,
}

/// What happens in one mailbox.
struct Work {
    name: String,
    quota: Option<u64>,
    /// The address that it takes the message for.
    inbox: Option<String>,
    copy: bool,
}

impl Plan {
    fn new(
        org: &Org,
        (actor, person): (Actor, MailboxId),
        at: Time,
        settled: &Settled,
        outgoing: Prepared,
        copy: Option<NewContent>,
    ) -> Result<Self, SubmitError> {
        let (from, how) = *settled.from.first().ok_or(SubmitError::Gone)?;
        let facts = org.mailbox(from).ok_or(SubmitError::Gone)?;
        let message_id = reference_hash(outgoing.parsed.message_id.as_deref().unwrap_or_default());
        let (sent, delivered, work) = (String::new(), String::new(), BTreeMap::new());
        let (held, queueing, report) = (false, None, None);
        let mut plan = Self {
            actor,
            person,
            at,
            from,
            how,
            sent,
            delivered,
            outgoing,
            copy,
            message_id,
            work,
            held,
            queueing,
            report,
        };
        for mailbox in sent_copy::targets(facts, person) {
            plan.work(org, mailbox)?.copy = true;
        }
        Ok(plan)
    }

    fn work(&mut self, org: &Org, mailbox: MailboxId) -> Result<&mut Work, SubmitError> {
        let facts = org.mailbox(mailbox).ok_or(SubmitError::Gone)?;
        let fresh = || Work { name: facts.display_name.clone(), quota: facts.quota, inbox: None, copy: false };
        Ok(self.work.entry(mailbox).or_insert_with(fresh))
    }

    fn add_recipient(&mut self, org: &Org, address: &Address) -> Result<(), SubmitError> {
        match org.recipient(address) {
            // Looked up again when it leaves.
            Some(_) if self.held => Ok(()),
            Some(mailbox) => {
                let work = self.work(org, mailbox.id)?;
                work.inbox.get_or_insert_with(|| address.to_string());
                Ok(())
            }
            None if org.has_domain(address.domain()) => Err(SubmitError::Unknown(address.to_string())),
            None => Ok(()),
        }
    }

    /// All or nothing: a mailbox that has no room takes everything back.
    fn carry_out(&self, tx: &mut Tx<'_>) -> Result<Vec<SentCopy>, SubmitError> {
        let queued = match &self.queueing {
            Some(queueing) => Some(queueing.add(tx, self.at, &self.outgoing.content, (self.from, self.person))?),
            None => None,
        };
        let mut copies = Vec::new();
        for (mailbox, work) in &self.work {
            let mut log = Log::begin(tx, *mailbox, self.at)?;
            if let Some(address) = &work.inbox {
                let full = || SubmitError::Full(address.clone());
                local::into_inbox(tx, &mut log, &self.outgoing.content, work.quota)
                    .map_err(|error| filing(error, full()))?;
                let server = Actor::server(Door::Submission);
                let detail = self.delivered.clone();
                audit::record(tx, &AuditEntry::done(self.at, server, *mailbox, "message.deliver", detail))?;
            }
            if work.copy {
                let content = self.copy.as_ref().unwrap_or(&self.outgoing.content);
                let (person, message_id) = (self.person, self.message_id);
                let copy = sent_copy::Copy { content, person, message_id, quota: work.quota };
                let file = if self.held { sent_copy::file_in_outbox } else { sent_copy::file };
                let (folder, uid) = file(tx, &mut log, &copy)
                    .map_err(|error| filing(error, SubmitError::NoRoomForCopy(work.name.clone())))?;
                copies.push(SentCopy { mailbox: *mailbox, folder, uid });
                if let Some(id) = queued {
                    sent_copy::show_state(tx, id, *mailbox, (folder, uid))?;
                }
            }
            log.end(tx)?;
        }
        if let Some(report) = &self.report {
            report.file(tx, self.at)?;
        }
        audit::record(tx, &AuditEntry::done(self.at, self.actor, self.from, "message.send", self.sent.clone()))?;
        Ok(copies)
    }
}

impl Recipient {
    /// The mailbox, where the address is one of ours with room.
    pub fn mailbox(self) -> Option<MailboxId> {
        match self {
            Self::Mailbox(mailbox) => Some(mailbox),
            Self::Full { .. } | Self::Unknown | Self::NotOurs => None,
        }
    }
}
