//! What DATA and BDAT share: beginning a message, and handing it over when it is complete.

use crate::Mode;
use crate::body::{Body, Overflow};
use crate::command::Hold;
use crate::memory::Share;
use crate::reply::{self, Reply};
use crate::session::{Flow, Session};
use crate::transaction::{Arriving, Taken, Transaction};
use postroom_inbound::{Delivery, Hop, Incoming, Mode as DeliveryMode};
use postroom_model::{Actor, Door, Time};
use postroom_outbound::{Submission, SubmissionRecipient};
use tokio::io::{AsyncRead, AsyncWrite};

impl<IO: AsyncRead + AsyncWrite + Unpin> Session<'_, IO> {
    /// Whether a message may arrive now.
    pub(crate) fn may_arrive(&self) -> Result<(), Reply> {
        match &self.transaction {
            None => Err(Reply::out_of_order("MAIL first")),
            Some(transaction) if transaction.recipients.is_empty() => {
                // RFC 2033 section 4.2 asks for 503 in LMTP; RFC 5321 section 3.3 allows it in SMTP.
                Err(Reply::out_of_order("no recipient was taken"))
            }
            Some(_) => Ok(()),
        }
    }

    /// Mail from outside begins with its trace; what people send gets it when it is complete.
    pub(crate) fn begin_message(&self, transaction: &Transaction) -> Arriving {
        let limits = &self.smtp.settings.limits;
        let body = |prefix| Body::new(prefix, transaction.size, limits.message_size, &self.smtp.budget);
        if self.mode.is_submission() {
            return Arriving { body: body(Vec::new()), incoming: None };
        }
        let hop = Hop {
            helo: self.hello.as_ref().map_or("", |hello| hello.name.as_str()),
            peer: Some(self.peer.address),
            tls: self.tls,
            with: self.protocol(transaction.utf8),
            envelope_from: &transaction.from,
            recipient: match transaction.recipients.as_slice() {
                [only] => Some(only.address.as_str()),
                _ => None,
            },
        };
        let mut incoming = self.smtp.settings.inbound.begin(&hop);
        let trace = std::mem::take(&mut incoming.bytes);
        Arriving { body: body(trace), incoming: Some(incoming) }
    }

    /// The word for the Received field (RFC 3848, RFC 6531 section 4.3).
    fn protocol(&self, utf8: bool) -> &'static str {
        let extended = self.hello.as_ref().is_some_and(|hello| hello.extended);
        match (self.mode, self.tls.is_some(), utf8) {
            (Mode::Lmtp, false, false) => "LMTP",
            (Mode::Lmtp, true, false) => "LMTPS",
            (Mode::Lmtp, false, true) => "UTF8LMTP",
            (Mode::Lmtp, true, true) => "UTF8LMTPS",
            (Mode::Mx, false, false) if !extended => "SMTP",
            (Mode::Mx, false, false) => "ESMTP",
            (Mode::Mx, true, false) => "ESMTPS",
            (Mode::Mx, false, true) => "UTF8SMTP",
            (Mode::Mx, true, true) => "UTF8SMTPS",
            (Mode::Submission | Mode::Submissions, false, false) => "ESMTPA",
            (Mode::Submission | Mode::Submissions, true, false) => "ESMTPSA",
            (Mode::Submission | Mode::Submissions, false, true) => "UTF8SMTPA",
            (Mode::Submission | Mode::Submissions, true, true) => "UTF8SMTPSA",
        }
    }

    /// Hands a complete message over and answers. The transaction is over either way.
    pub(crate) async fn hand_over(&mut self, transaction: Transaction, arriving: Arriving) -> Flow {
        let Arriving { body, incoming } = arriving;
        match (body.finish(), incoming) {
            (Err(overflow), _) => self.refuse_message(&transaction, overflow),
            (Ok((bytes, share)), Some(mut incoming)) => {
                incoming.bytes = bytes;
                self.deliver(transaction, incoming, share).await
            }
            (Ok((bytes, share)), None) => self.submit(transaction, bytes, share).await,
        }
    }

    /// LMTP answers once for each recipient (RFC 2033 section 4.2).
    fn refuse_message(&mut self, transaction: &Transaction, why: Overflow) -> Flow {
        let refused = reply::overflow(why, self.smtp.settings.limits.message_size);
        let answers = if self.mode == Mode::Lmtp { transaction.recipients.len() } else { 1 };
        (0..answers).for_each(|_| self.reply(&refused));
        Flow::Continue
    }

    /// `_share` is the memory of the message, held until it is filed.
    async fn deliver(&mut self, transaction: Transaction, message: Incoming, _share: Share) -> Flow {
        let lmtp = self.mode == Mode::Lmtp;
        let (door, mode) = if lmtp { (Door::Lmtp, DeliveryMode::Each) } else { (Door::Smtp, DeliveryMode::Together) };
        let Transaction { from, recipients, .. } = transaction;
        let id = message.id.clone();
        let mailboxes = recipients.iter().filter_map(|taken| taken.mailbox).collect();
        let delivery = Delivery { door, mode, envelope_from: from, mailboxes, message };
        let delivered = self.smtp.settings.inbound.deliver(delivery).await;
        let replies: Vec<Reply> = match delivered {
            Ok(outcomes) if lmtp => {
                let pairs = recipients.iter().zip(outcomes);
                pairs.map(|(taken, outcome)| reply::delivered(outcome, taken.address.as_str())).collect()
            }
            Ok(_) => vec![Reply::ok("2.0.0", format!("taken as message {id}"))],
            Err(error) => {
                tracing::warn!(%error, id, "a message was not delivered");
                vec![reply::deliver_error(&error); if lmtp { recipients.len() } else { 1 }]
            }
        };
        replies.iter().for_each(|reply| self.reply(reply));
        Flow::Continue
    }

    async fn submit(&mut self, transaction: Transaction, raw: Vec<u8>, _share: Share) -> Flow {
        let Some(actor) = self.actor() else { return self.refuse(Reply::new(530, "5.7.0", "sign in first")) };
        let with = self.protocol(transaction.utf8);
        let tls = self.tls.map(str::to_owned);
        let now = self.smtp.settings.outbound.access().clock().now();
        let reply =
            match self.smtp.settings.outbound.submit(actor, submission(transaction, raw, (with, tls), now)).await {
                Ok(accepted) => Reply::ok("2.0.0", format!("taken as message {}", accepted.id)),
                Err(error) => refused_submission(actor, &error),
            };
        self.accept(reply)
    }
}

fn refused_submission(actor: Actor, error: &postroom_outbound::SubmitError) -> Reply {
    tracing::debug!(?actor, %error, "a submission was refused");
    reply::submit_error(error)
}

fn submission(
    transaction: Transaction,
    raw: Vec<u8>,
    (with, tls): (&'static str, Option<String>),
    now: Time,
) -> Submission {
    let Transaction { from, recipients, ret, envelope_id, utf8, hold, .. } = transaction;
    let recipient = |taken: Taken| {
        let Taken { address, notify, original, .. } = taken;
        SubmissionRecipient { address, notify, original }
    };
    let recipients = recipients.into_iter().map(recipient).collect();
    let hold_until = hold.map(|hold| match hold {
        Hold::Seconds(seconds) => now.plus_millis(seconds.saturating_mul(1000)),
        Hold::Until(millis) => Time(millis),
    });
    let (envelope_from, note) = (from, None);
    Submission { envelope_from, recipients, raw, with, tls, ret, envelope_id, utf8, hold_until, note }
}
