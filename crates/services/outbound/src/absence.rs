//! Automatic replies (RFC 3834), for those who are away and for shared mailboxes alike. Start reading at
//! [`Outbound::answer_absent`].
//!
//! Nobody is answered twice within a week; machines, lists and those who did not write to the mailbox itself are not
//! answered at all; a reply has the null sender, so that nothing ever answers it.

use crate::{Outbound, Submission, local, new_id};
use mail_builder::MessageBuilder;
use mail_builder::headers::raw::Raw;
use postroom_mail::prepare;
use postroom_model::{Actor, Address, AuditEntry, DeliveryState, Door, Mailbox, MailboxId, Time};
use postroom_store::changes::Log;
use postroom_store::emails::FileError;
use postroom_store::queue::{self, NewQueued, NewQueuedRecipient, QueueOrigin};
use postroom_store::vacations::{self, Vacation};
use postroom_store::{NewContent, Scope, StoreError, Tx, audit};
use postroom_wire_message::{
    Address as Entry, Envelope, Fields, decode_header, header_end, message_ids, reference_hash,
};

/// How long a sender is not answered again.
const ONCE_IN_MILLIS: i64 = 7 * 24 * 60 * 60 * 1000;

impl Outbound {
    /// Answers for those of the mailboxes, which have just got a message, whose people are away. A reply that cannot
    /// be sent is logged: the message itself was taken.
    pub async fn answer_absent(&self, mailboxes: &[MailboxId], envelope_from: &str, message: &[u8]) {
        let org = self.access.org();
        for mailbox in mailboxes.iter().filter(|mailbox| org.absent.contains(mailbox)) {
            if let Some(facts) = org.mailbox(*mailbox)
                && let Err(error) = self.answer_for(facts, envelope_from, message).await
            {
                tracing::error!(error = error.detail(), "an automatic reply could not be sent");
            }
        }
    }

    /// The recipients of a submission that have an automatic reply, with what it has to know.
    pub(crate) fn absent_among(&self, submission: &Submission) -> Option<(Vec<MailboxId>, String, Vec<u8>)> {
        let org = self.access.org();
        let ours = submission.recipients.iter().filter_map(|to| org.recipient(&to.address)).map(|mailbox| mailbox.id);
        let absent: Vec<MailboxId> = ours.filter(|mailbox| org.absent.contains(mailbox)).collect();
        let header = submission.raw.get(..header_end(&submission.raw)).unwrap_or_default();
        (!absent.is_empty()).then(|| (absent, submission.envelope_from.clone(), header.to_vec()))
    }

    async fn answer_for(&self, mailbox: &Mailbox, envelope_from: &str, message: &[u8]) -> Result<(), StoreError> {
        let (Ok(sender), Some(own)) = (Address::parse(envelope_from), mailbox.default_address()) else {
            return Ok(());
        };
        if !may_answer(message, &sender, mailbox) {
            return Ok(());
        }
        let (id, now) = (mailbox.id, self.access.clock().now());
        let vacation = self.access.store().read(move |tx| vacations::get(tx, id)).await?;
        let org = self.access.org();
        let target = org.recipient(&sender).map(|target| (target.id, target.quota));
        if !vacation.is_active(now) || target.is_some_and(|(target, _)| target == id) {
            return Ok(());
        }
        let raw = reply(&vacation, (&mailbox.display_name, own), &sender, message, (&self.hostname, now));
        let content = prepare(self.access.store(), raw).await?.content;
        let answer = Answer {
            mailbox: id,
            at: now,
            target,
            lane: org.lane(None, own.as_str(), sender.domain()),
            expires_at: self.schedule.expiry(now, None),
            name: new_id(now),
            from: own.clone(),
            sender,
            content,
        };
        let scope = Scope::Mailboxes(std::iter::once(id).chain(target.map(|(target, _)| target)).collect());
        self.access.store().write(scope, move |tx| answer.carry_out(tx)).await
    }
}

/// A reply on its way.
struct Answer {
    mailbox: MailboxId,
    at: Time,
    /// The sender's mailbox and its quota, where it is ours.
    target: Option<(MailboxId, Option<u64>)>,
    lane: String,
    expires_at: Time,
    name: String,
    from: Address,
    sender: Address,
    content: NewContent,
}

impl Answer {
    fn carry_out(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let (at, known) = (self.at, reference_hash(self.sender.as_str().as_bytes()));
        if !vacations::answer(tx, self.mailbox, known, at.plus_millis(-ONCE_IN_MILLIS), at)? {
            return Ok(());
        }
        match self.target {
            Some((target, quota)) => {
                let mut log = Log::begin(tx, target, at)?;
                match local::into_inbox(tx, &mut log, &self.content, quota) {
                    // A full mailbox gets no reply; nobody is told.
                    Ok(_) | Err(FileError::Full { .. } | FileError::TooMany { .. } | FileError::NoFolder) => {}
                    Err(FileError::Store(error)) => return Err(error),
                }
                log.end(tx)?;
            }
            None => self.queue(tx)?,
        }
        let server = Actor::server(Door::Job);
        let detail = format!("to {}", self.sender);
        audit::record(tx, &AuditEntry::done(at, server, self.mailbox, "message.reply", detail))
    }

    /// Nothing is ever reported about a reply.
    fn queue(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let new = NewQueued {
            name: &self.name,
            origin: QueueOrigin::Report,
            mailbox: None,
            person: None,
            content: &self.content,
            envelope_from: "",
            from_address: self.from.as_str(),
            message_id: "",
            utf8: !self.sender.as_str().is_ascii(),
            ret: None,
            envelope_id: None,
            note: None,
            at: self.at,
            hold_until: None,
            expires_at: self.expires_at,
        };
        let recipient = NewQueuedRecipient {
            address: self.sender.as_str(),
            original: None,
            notify: Some(0),
            state: DeliveryState::Waiting,
            lane: &self.lane,
            answer: "",
        };
        queue::add(tx, &new, &[recipient]).map(|_| ())
    }
}

/// Whether a person wrote this to the mailbox itself (RFC 3834 section 2).
fn may_answer(message: &[u8], sender: &Address, mailbox: &Mailbox) -> bool {
    let local = sender.local();
    let machine = ["mailer-daemon", "postmaster", "noreply", "no-reply", "listserv", "majordomo"].contains(&local)
        || local.starts_with("owner-")
        || local.ends_with("-request")
        || local.ends_with("-bounces");
    !machine && !is_automatic(message) && names(message, mailbox)
}

fn is_automatic(message: &[u8]) -> bool {
    Fields::of(message).any(|field| {
        let value = String::from_utf8_lossy(field.value).trim().to_ascii_lowercase();
        let name = String::from_utf8_lossy(field.name).to_ascii_lowercase();
        match name.as_str() {
            "auto-submitted" => !value.starts_with("no"),
            "precedence" => ["bulk", "list", "junk"].contains(&value.as_str()),
            "x-auto-response-suppress" => value.contains("all") || value.contains("oof"),
            other => other.starts_with("list-"),
        }
    })
}

/// Whether an address of the mailbox is in To or Cc.
fn names(message: &[u8], mailbox: &Mailbox) -> bool {
    let envelope = Envelope::of(message);
    let is_own = |entry: &Entry| {
        let (Some(local), Some(domain)) = (&entry.local, &entry.domain) else { return false };
        let text = String::from_utf8_lossy(&[local.as_slice(), b"@", domain].concat()).into_owned();
        let Ok(address) = Address::parse(&text) else { return false };
        let base = address.without_detail();
        mailbox.has_address(&address) || base.is_some_and(|base| mailbox.has_address(&base))
    };
    [&envelope.to, &envelope.cc].into_iter().flatten().any(is_own)
}

fn reply(
    vacation: &Vacation,
    (name, own): (&str, &Address),
    sender: &Address,
    message: &[u8],
    (hostname, now): (&str, Time),
) -> Vec<u8> {
    let envelope = Envelope::of(message);
    let subject = envelope.subject.as_deref().map(decode_header).unwrap_or_default();
    let subject = vacation.subject.clone().unwrap_or_else(|| format!("Automatic reply: {}", subject.trim()));
    let mut reply = MessageBuilder::new()
        .from((name.to_owned(), own.to_string()))
        .to(sender.to_string())
        .subject(subject)
        .date(now.seconds())
        .message_id(format!("{}@{hostname}", new_id(now)))
        .header("Auto-Submitted", Raw::new("auto-replied"));
    let original = envelope.message_id.as_deref().and_then(|id| message_ids(id).next());
    if let Some(original) = original {
        let original = format!("<{}>", String::from_utf8_lossy(&original));
        reply = reply.header("In-Reply-To", Raw::new(original.clone())).header("References", Raw::new(original));
    }
    if let Some(html) = &vacation.html_body {
        reply = reply.html_body(html.clone());
    }
    let text = vacation.text_body.clone();
    if text.is_some() || vacation.html_body.is_none() {
        reply = reply.text_body(text.unwrap_or_default());
    }
    let mut raw = b"Return-Path: <>\r\n".to_vec();
    // Writing to memory cannot fail.
    let _ = reply.write_to(&mut raw);
    raw
}
