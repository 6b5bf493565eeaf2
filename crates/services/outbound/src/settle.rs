//! What an attempt came to is written down: states, the next attempt, the sender's report and the mark on the copy in
//! Sent Items, all in one transaction. Start reading at [`Outbound::settle`].

use crate::report::{Kind, Line, Report, Reported};
use crate::submit::Notify;
use crate::{Outbound, local, new_id, sent_copy};
use postroom_mail::prepare;
use postroom_model::{Actor, Address, AuditEntry, DeliveryState, Door, EmailId, MailboxId, Org, Outcome, Time};
use postroom_store::changes::Log;
use postroom_store::emails::FileError;
use postroom_store::queue::attempts::{self, Settled};
use postroom_store::queue::{self, NewQueued, NewQueuedRecipient, QueueOrigin, Queued, QueuedRecipient};
use postroom_store::{ContentId, NewContent, Scope, StoreError, Tx, audit};

/// An attempt at some recipients of a message.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub message: Queued,
    /// Who claimed the recipients.
    pub by: i64,
    pub tried: Vec<Tried>,
}

/// What it came to for one of them.
#[derive(Clone, Debug)]
pub struct Tried {
    pub recipient: QueuedRecipient,
    pub ended: Ended,
    /// RFC 3463.
    pub status: String,
    pub answer: String,
    /// The server that answered.
    pub remote: Option<String>,
    /// The other server reports success by itself (RFC 3461 section 5.2.2).
    pub reports_itself: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    Delivered,
    /// May succeed later.
    Delayed,
    /// Will never succeed.
    Refused,
    /// The address is ours: the message is filed in its mailbox now.
    Ours,
}

/// What is written about one recipient.
struct Verdict {
    tried: Tried,
    state: DeliveryState,
    next: Option<Time>,
    told: bool,
    report: Option<Kind>,
}

impl Outbound {
    /// Writes down what an attempt came to.
    pub async fn settle(&self, attempt: Attempt) -> Result<(), StoreError> {
        let now = self.access.clock().now();
        let Attempt { message, by, tried } = attempt;
        let verdicts: Vec<Verdict> = tried.into_iter().map(|tried| self.judge(&message, tried, now)).collect();
        for verdict in &verdicts {
            count(verdict);
        }
        let org = self.access.org();
        let reports = self.reports(&org, &message, &verdicts, now).await?;
        let failed = verdicts.iter().any(|verdict| verdict.state == DeliveryState::Failed);
        let id = message.id;
        let copies = match failed {
            true => self.access.store().read(move |tx| queue::copies(tx, id)).await?,
            false => Vec::new(),
        };
        let settling = Settling { at: now, by, message, verdicts, reports, copies, org };
        let scope = Scope::Mailboxes(settling.mailboxes());
        self.access.store().write(scope, move |tx| settling.carry_out(tx)).await
    }

    fn judge(&self, message: &Queued, tried: Tried, now: Time) -> Verdict {
        let attempts = tried.recipient.attempts + 1;
        let next = match tried.ended {
            Ended::Delayed => self.schedule.next(attempts, now, message.expires_at),
            _ => None,
        };
        let state = match (tried.ended, next) {
            (Ended::Delivered | Ended::Ours, _) => DeliveryState::Delivered,
            (Ended::Delayed, Some(_)) => DeliveryState::Waiting,
            (Ended::Delayed, None) | (Ended::Refused, _) => DeliveryState::Failed,
        };
        let notify = tried.recipient.notify.map(Notify::from_bits);
        let wants = |ask: fn(Notify) -> bool| notify.is_none_or(ask);
        let late = !tried.recipient.delay_told && self.schedule.is_late(message.created_at, now);
        let report = match state {
            DeliveryState::Failed if wants(|notify| notify.failure) => Some(Kind::Failure),
            DeliveryState::Waiting if late && wants(|notify| notify.delay) => Some(Kind::Delay),
            DeliveryState::Delivered if !tried.reports_itself && notify.is_some_and(|notify| notify.success) => {
                Some(Kind::Success)
            }
            _ => None,
        };
        let told = tried.recipient.delay_told || report == Some(Kind::Delay);
        Verdict { tried, state, next, told, report }
    }

    /// The reports that the sender gets. Never one about a report (RFC 5321 section 6.1).
    async fn reports(
        &self,
        org: &Org,
        message: &Queued,
        verdicts: &[Verdict],
        at: Time,
    ) -> Result<Vec<Outgoing>, StoreError> {
        let silent = message.envelope_from.is_empty() || message.origin == QueueOrigin::Report;
        let mut reports = Vec::new();
        if silent || verdicts.iter().all(|verdict| verdict.report.is_none()) {
            return Ok(reports);
        }
        let original = self.original(message).await?;
        for kind in [Kind::Failure, Kind::Delay, Kind::Success] {
            let wanted = verdicts.iter().filter(|verdict| verdict.report == Some(kind));
            let lines: Vec<Line> = wanted.map(|verdict| verdict.line(kind, message)).collect();
            if lines.is_empty() {
                continue;
            }
            let id = new_id(at);
            let report = Report {
                kind,
                hostname: &self.hostname,
                id: &id,
                about: &message.name,
                envelope_from: &message.envelope_from,
                envelope_id: message.envelope_id.as_deref(),
                full: kind == Kind::Failure && message.ret.as_deref() != Some("headers"),
                arrived_at: message.created_at,
                at,
                lines,
            };
            match self.prepare_report(org, &report, &original).await? {
                Some(report) => reports.push(Outgoing::Here(report)),
                None => {
                    let content = prepare(self.access.store(), report.write(&original)).await?.content;
                    let expires_at = self.schedule.expiry(at, None);
                    let domain = message.envelope_from.rsplit('@').next().unwrap_or_default();
                    let lane = org.lane(None, "", domain);
                    let to = message.envelope_from.clone();
                    reports.push(Outgoing::Away { id, to, lane, content, expires_at });
                }
            }
        }
        Ok(reports)
    }

    /// The message as it was sent, or nothing where it has gone.
    async fn original(&self, message: &Queued) -> Result<Vec<u8>, StoreError> {
        let mut raw = Vec::new();
        if let Some(content) = message.content {
            let stored = self.access.store().contents(vec![content], 1).await?;
            if let Some(stored) = stored.into_iter().next() {
                let opened = tokio::task::spawn_blocking(move || {
                    let mut raw = Vec::new();
                    stored.open_into(&mut raw).map(|()| raw)
                });
                raw = opened.await.unwrap_or(Err(StoreError::Panicked))?;
            }
        }
        Ok(raw)
    }
}

fn count(verdict: &Verdict) {
    match verdict.state {
        DeliveryState::Delivered => tracing::debug!(counter = "queue_delivered", "a recipient got the message"),
        DeliveryState::Failed => tracing::debug!(counter = "queue_failed", "a recipient was given up"),
        _ => tracing::debug!(counter = "queue_delayed", "a recipient is tried again later"),
    }
}

impl Verdict {
    fn line(&self, kind: Kind, message: &Queued) -> Line {
        let tried = &self.tried;
        Line {
            address: tried.recipient.address.clone(),
            original: tried.recipient.original.clone(),
            status: tried.status.clone(),
            answer: tried.answer.clone(),
            remote: tried.remote.clone(),
            retry_until: (kind == Kind::Delay).then_some(message.expires_at),
        }
    }

    /// For the log of the message.
    fn in_words(&self) -> String {
        let tried = &self.tried;
        let said = match &tried.remote {
            Some(remote) => format!("{remote} answered: {}", tried.answer),
            None => tried.answer.clone(),
        };
        let then = match self.state {
            DeliveryState::Delivered => "delivered",
            DeliveryState::Failed if tried.ended == Ended::Delayed => "given up, it was tried for too long",
            DeliveryState::Failed => "given up",
            _ => "it is tried again later",
        };
        format!("{said} ({then})")
    }
}

/// A report on its way.
enum Outgoing {
    Here(Reported),
    /// The sender is elsewhere: it goes into the queue.
    Away {
        id: String,
        to: String,
        lane: String,
        content: NewContent,
        expires_at: Time,
    },
}

struct Settling {
    at: Time,
    by: i64,
    message: Queued,
    verdicts: Vec<Verdict>,
    reports: Vec<Outgoing>,
    copies: Vec<(MailboxId, EmailId)>,
    org: std::sync::Arc<Org>,
}

impl Settling {
    fn ours(&self, verdict: &Verdict) -> Option<MailboxId> {
        let address =
            Address::parse(&verdict.tried.recipient.address).ok().filter(|_| verdict.tried.ended == Ended::Ours);
        address.and_then(|address| self.org.recipient(&address).map(|mailbox| mailbox.id))
    }

    fn mailboxes(&self) -> Vec<MailboxId> {
        let reported = self.reports.iter().filter_map(|report| match report {
            Outgoing::Here(report) => Some(report.mailbox),
            Outgoing::Away { .. } => None,
        });
        let filed = self.verdicts.iter().filter_map(|verdict| self.ours(verdict));
        self.copies.iter().map(|(mailbox, _)| *mailbox).chain(reported).chain(filed).collect()
    }

    fn carry_out(&self, tx: &mut Tx<'_>) -> Result<(), StoreError> {
        let id = self.message.id;
        queue::lock(tx, id)?;
        let mut written = false;
        for verdict in &self.verdicts {
            written |= self.write(tx, verdict)?;
        }
        if !written {
            // Somebody else holds the lease by now and writes what becomes of it.
            return Ok(());
        }
        for report in &self.reports {
            self.report(tx, report)?;
        }
        if let Some(mailbox) = self.message.mailbox.filter(|_| !self.copies.is_empty()) {
            let detail = format!("message {} was not delivered to all recipients", self.message.name);
            let entry = AuditEntry::done(self.at, Actor::server(Door::Job), mailbox, "message.send", detail);
            audit::record(tx, &AuditEntry { outcome: Outcome::Failed, ..entry })?;
        }
        for (mailbox, email) in &self.copies {
            match Log::begin(tx, *mailbox, self.at) {
                Ok(mut log) => {
                    sent_copy::mark_failed(tx, &mut log, *email, true)?;
                    log.end(tx)?;
                }
                Err(StoreError::Gone(_)) => {}
                Err(error) => return Err(error),
            }
        }
        queue::finish(tx, id, self.at)?;
        Ok(())
    }

    fn write(&self, tx: &mut Tx<'_>, verdict: &Verdict) -> Result<bool, StoreError> {
        let (id, tried) = (self.message.id, &verdict.tried);
        let (mut state, mut next, mut answer) = (verdict.state, verdict.next, tried.answer.as_str());
        if let (Some(mailbox), Some(content)) = (self.ours(verdict), self.message.content)
            && !self.file(tx, mailbox, content)?
        {
            // The report of failure, if it comes to that, is the next attempt's.
            (state, answer) = (DeliveryState::Waiting, "452 4.2.2 the mailbox is full");
            next = Some(self.at.plus_millis(60 * 60 * 1000));
        }
        let settled = Settled {
            position: tried.recipient.position,
            state,
            next,
            lane: &tried.recipient.lane,
            answer,
            delay_told: verdict.told,
        };
        let written = attempts::settle(tx, id, self.by, self.at, &settled)?;
        if written {
            queue::note(tx, id, self.at, Some(tried.recipient.position), &verdict.in_words())?;
        }
        Ok(written)
    }

    /// Gives false where there is no room.
    fn file(&self, tx: &mut Tx<'_>, mailbox: MailboxId, content: ContentId) -> Result<bool, StoreError> {
        let mut log = match Log::begin(tx, mailbox, self.at) {
            Ok(log) => log,
            Err(StoreError::Gone(_)) => return Ok(false),
            Err(error) => return Err(error),
        };
        let quota = self.org.mailbox(mailbox).and_then(|facts| facts.quota);
        match local::stored_into_inbox(tx, &mut log, (content, self.message.size), quota) {
            Ok(_) => {}
            Err(FileError::Full { .. } | FileError::TooMany { .. } | FileError::NoFolder) => return Ok(false),
            Err(FileError::Store(error)) => return Err(error),
        }
        log.end(tx)?;
        let detail = local::delivery_in_words(&self.message.envelope_from, self.message.size, &self.message.name);
        audit::record(tx, &AuditEntry::done(self.at, Actor::server(Door::Job), mailbox, "message.deliver", detail))?;
        Ok(true)
    }

    fn report(&self, tx: &mut Tx<'_>, report: &Outgoing) -> Result<(), StoreError> {
        match report {
            Outgoing::Here(report) => {
                report.file(tx, self.at)?;
                queue::note(tx, self.message.id, self.at, None, "the sender got a report")
            }
            Outgoing::Away { id, to, lane, content, expires_at } => {
                let new = NewQueued {
                    name: id,
                    origin: QueueOrigin::Report,
                    mailbox: None,
                    person: None,
                    content,
                    envelope_from: "",
                    from_address: "",
                    message_id: "",
                    utf8: !to.is_ascii(),
                    ret: None,
                    envelope_id: None,
                    note: None,
                    at: self.at,
                    hold_until: None,
                    expires_at: *expires_at,
                };
                let recipient = NewQueuedRecipient {
                    address: to,
                    original: None,
                    notify: Some(0),
                    state: DeliveryState::Waiting,
                    lane,
                    answer: "",
                };
                queue::add(tx, &new, &[recipient])?;
                queue::note(tx, self.message.id, self.at, None, &format!("report {id} goes to the sender <{to}>"))
            }
        }
    }
}
