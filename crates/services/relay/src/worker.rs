//! A worker serves one lane over one connection at a time. Start reading at [`Relay::work`].

use crate::Relay;
use crate::attempt::Unreachable;
use crate::client::Client;
use crate::client::transaction::{Answer, Answers, Cut, Mail, Rcpt};
use crate::lanes::Job;
use postroom_outbound::{Attempt, Ended, Notify, Return, Tried};
use postroom_store::StoreError;
use tokio::sync::watch;

/// A message that goes over one connection after so many others opens a new one.
const MOST_OVER_ONE: u32 = 1000;

struct Connection {
    client: Client,
    used: u32,
}

impl Relay {
    /// Serves a lane until nothing is left in it.
    pub(crate) async fn work(self, lane: String, stop: watch::Receiver<bool>) {
        let _place = self.inner.lanes.connections.clone().acquire_owned().await;
        let mut connection = None;
        loop {
            let Some((job, at)) = self.inner.lanes.next(&lane) else {
                let patience = self.inner.settings.idle;
                if !*stop.borrow() && self.inner.lanes.wait(&lane, patience).await {
                    continue;
                }
                if self.inner.lanes.leave(&lane) {
                    break;
                }
                continue;
            };
            if *stop.borrow() {
                self.give_back(job).await;
                continue;
            }
            if let Some(at) = at {
                tokio::time::sleep_until(at).await;
            }
            connection = self.serve(&lane, job, connection).await;
        }
        if let Some(Connection { client, .. }) = connection {
            client.quit().await;
        }
    }

    /// Serves one job; gives the connection for the next.
    async fn serve(&self, lane: &str, job: Job, connection: Option<Connection>) -> Option<Connection> {
        let message = match self.message(&job.message).await {
            Ok(message) => message,
            Err(error) => {
                tracing::error!(error = error.detail(), message = job.message.name, "a queued message cannot be read");
                let trouble = Unreachable::ours("4.3.0", "the message cannot be read at the moment");
                self.settle(job, None, &trouble_for_all(&trouble)).await;
                return connection;
            }
        };
        let mut open = connection.filter(|connection| connection.used < MOST_OVER_ONE);
        loop {
            let reused = open.is_some();
            let mut connection = match open.take() {
                Some(connection) => connection,
                None => match self.connect(&job).await {
                    Ok(client) => Connection { client, used: 0 },
                    Err(trouble) => {
                        self.unreachable(lane, job, &trouble).await;
                        return None;
                    }
                },
            };
            connection.used += 1;
            match connection.client.send(&mail(&job, &message)).await {
                Ok(answers) => {
                    let outcomes = outcomes(&answers, connection.client.offers.dsn);
                    self.settle(job, Some(&connection.client.name), &outcomes).await;
                    return Some(connection);
                }
                // The other server ended an idle connection: nothing was sent yet.
                Err(Cut { perhaps_taken: false, .. }) if reused => {}
                Err(cut) => {
                    self.settle(job, Some(&connection.client.name), &cut_off(&cut)).await;
                    return None;
                }
            }
        }
    }

    /// Everything that waits in the lane has to wait on.
    async fn unreachable(&self, lane: &str, job: Job, trouble: &Unreachable) {
        tracing::debug!(lane, trouble = trouble.text, "a destination cannot be reached");
        let outcomes = trouble_for_all(trouble);
        self.settle(job, trouble.remote.as_deref(), &outcomes).await;
        for job in self.inner.lanes.drain(lane) {
            self.settle(job, trouble.remote.as_deref(), &outcomes).await;
        }
    }

    /// Writes down what came of a job. One outcome is everybody's.
    async fn settle(&self, job: Job, remote: Option<&str>, outcomes: &[Outcome]) {
        let Some(last) = outcomes.last() else { return };
        let tried = job.recipients.into_iter().enumerate().map(|(at, recipient)| {
            let outcome = outcomes.get(at).unwrap_or(last);
            Tried {
                recipient,
                ended: outcome.ended,
                status: outcome.status.clone(),
                answer: outcome.text.clone(),
                remote: remote.filter(|_| !outcome.ours).map(str::to_owned),
                reports_itself: outcome.reports_itself,
            }
        });
        let attempt = Attempt { message: job.message, by: self.inner.lease, tried: tried.collect() };
        let name = attempt.message.name.clone();
        if let Err(error) = self.inner.outbound.settle(attempt).await {
            // The lease ends by itself, and the message is tried again: it is not lost.
            tracing::error!(
                error = error.detail(),
                message = name,
                "what came of an attempt could not be written down"
            );
        }
    }

    /// The message as it goes out.
    async fn message(&self, message: &postroom_store::queue::Queued) -> Result<Vec<u8>, StoreError> {
        let content = message.content.ok_or(StoreError::Gone("the content of the message"))?;
        let stored = self.store().contents(vec![content], 1).await?;
        let stored = stored.into_iter().next().ok_or(StoreError::Gone("the content of the message"))?;
        let mut raw = Vec::new();
        if stored.is_large() {
            let opened = tokio::task::spawn_blocking(move || {
                let mut raw = Vec::new();
                stored.open_into(&mut raw).map(|()| raw)
            });
            raw = opened.await.unwrap_or(Err(StoreError::Panicked))?;
        } else {
            stored.open_into(&mut raw)?;
        }
        // RFC 5321 section 4.4: who passes a message on takes it out.
        let raw = postroom_wire_message::edit::remove_headers(&raw, &["Return-Path"]).into_owned();
        let raw = crate::client::transaction::with_crlf(raw);
        let domain = message.from_address.rsplit_once('@').map_or("", |(_, domain)| domain);
        let mut signed = self.inner.dkim.sign(domain, &raw).await?;
        if signed.is_empty() {
            return Ok(raw);
        }
        signed.extend_from_slice(&raw);
        Ok(signed)
    }
}

/// What came of one recipient.
#[derive(Clone, Debug)]
struct Outcome {
    ended: Ended,
    status: String,
    text: String,
    /// Said by us.
    ours: bool,
    reports_itself: bool,
}

fn mail<'a>(job: &'a Job, message: &'a [u8]) -> Mail<'a> {
    let recipient = |recipient: &'a postroom_store::queue::QueuedRecipient| Rcpt {
        address: &recipient.address,
        notify: recipient.notify.map(Notify::from_bits),
        original: recipient.original.as_deref(),
    };
    Mail {
        from: &job.message.envelope_from,
        recipients: job.recipients.iter().map(recipient).collect(),
        message,
        utf8: job.message.utf8,
        ret: match job.message.ret.as_deref() {
            Some("full") => Some(Return::Full),
            Some("headers") => Some(Return::Headers),
            _ => None,
        },
        envelope_id: job.message.envelope_id.as_deref(),
    }
}

fn outcomes(answers: &Answers, dsn: bool) -> Vec<Outcome> {
    let outcome = |answer: &Result<Answer, Answer>| {
        let (ended, answer) = match answer {
            Ok(answer) => (Ended::Delivered, answer),
            Err(answer) if answer.is_permanent() => (Ended::Refused, answer),
            Err(answer) => (Ended::Delayed, answer),
        };
        Outcome {
            ended,
            status: answer.status.clone(),
            text: answer.text.clone(),
            ours: answer.ours,
            reports_itself: dsn,
        }
    };
    answers.iter().map(outcome).collect()
}

fn trouble_for_all(trouble: &Unreachable) -> Vec<Outcome> {
    vec![Outcome {
        ended: if trouble.permanent { Ended::Refused } else { Ended::Delayed },
        status: trouble.status.clone(),
        text: trouble.text.clone(),
        ours: trouble.remote.is_none(),
        reports_itself: false,
    }]
}

fn cut_off(cut: &Cut) -> Vec<Outcome> {
    let mut text = cut.lost.to_string();
    if cut.perhaps_taken {
        text.push_str("; the whole message had been sent: if the other server took it, it gets it a second time");
    }
    vec![Outcome { ended: Ended::Delayed, status: "4.4.2".to_owned(), text, ours: true, reports_itself: false }]
}
