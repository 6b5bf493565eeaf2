//! Telling people that a service has failed for too long, and that it works again: by mail to those who manage the
//! mailbox, and at a web address where one is configured.

use crate::{Fetch, http};
use postroom_inbound::{Delivery, Hop, Mode};
use postroom_model::{Actor, Door, InboundService, MailboxId, MailboxKind, Org, Privilege, Right, Time, decide};
use postroom_store::inbound_services::{self, InboundState};
use postroom_store::{Scope, StoreError, Tx};
use postroom_wire_message::rfc5322_date;
use serde_json::json;

impl Fetch {
    /// Looks for services whose people should hear of them. Only the node that runs a service tells.
    pub(crate) async fn alert(&self) {
        let holder = self.inner.holder.clone();
        let (now, inner) = (self.inner.now(), &self.inner);
        let read = move |tx: &mut Tx<'_>| {
            let mut found = Vec::new();
            for service in inbound_services::all(tx, None)? {
                if inbound_services::is_held(tx, service.id, &holder, now)?
                    && let Some(state) = inbound_services::state(tx, service.id)?
                {
                    found.push((service, state));
                }
            }
            Ok(found)
        };
        let found = match inner.store().read(read).await {
            Ok(found) => found,
            Err(error) => {
                return tracing::error!(error = error.detail(), "the state of inbound services cannot be read");
            }
        };
        for (service, state) in found {
            if let Some(news) = News::of(&state, now, inner.limits.alert_after)
                && let Err(error) = self.tell(&service, &state, news).await
            {
                tracing::error!(error = error.detail(), "an alert about an inbound service could not be noted");
            }
        }
    }

    /// Noted first: an alert is told once at most, and never again and again.
    async fn tell(&self, service: &InboundService, state: &InboundState, news: News) -> Result<(), StoreError> {
        let (id, now) = (service.id, self.inner.now());
        let noted = (news == News::Fails).then_some(now);
        let work = move |tx: &mut Tx<'_>| inbound_services::alerted(tx, id, noted);
        self.inner.store().write::<_, StoreError, _>(Scope::Free, work).await?;
        let org = self.inner.access.org();
        let Some(mailbox) = org.mailbox(service.mailbox) else { return Ok(()) };
        let (subject, body) = words(service, state, &mailbox.display_name, news);
        for manager in managers(&org, service.mailbox) {
            self.mail(&org, manager, &subject, &body, now).await;
        }
        if let Some(url) = self.inner.limits.alert_webhook.clone() {
            let text = json!({
                "event": match news { News::Fails => "inbound_service.failing", News::WorksAgain => "inbound_service.recovered" },
                "mailbox": mailbox.name,
                "service": service.id,
                "name": service.settings.name(),
                "error": state.error,
                "failing_since": state.failing_since,
                "last_success_at": state.last_success_at,
            });
            self.call(url, text.to_string());
        }
        Ok(())
    }

    /// Beside everything else: an address that does not answer holds nothing up.
    fn call(&self, url: String, body: String) {
        let network = self.inner.network.clone();
        tokio::spawn(async move {
            match http::post(&network, &url, "application/json", body, true).await {
                Ok(answer) if answer.status < 300 => {}
                Ok(answer) => tracing::warn!(status = answer.status, "the alert webhook refused"),
                Err(error) => tracing::warn!(%error, "the alert webhook was not reached"),
            }
        });
    }

    async fn mail(&self, org: &Org, manager: MailboxId, subject: &str, body: &str, now: Time) {
        let Some(address) = org.mailbox(manager).and_then(|mailbox| mailbox.addresses.first()) else { return };
        let from = self.inner.inbound.postmaster().map_or_else(|| "postmaster@localhost".to_owned(), |a| a.to_string());
        let hop = Hop { helo: "localhost", peer: None, tls: None, with: "LMTP", envelope_from: "", recipient: None };
        let mut message = self.inner.inbound.begin(&hop);
        let text = format!(
            "From: Postroom <{from}>\r\nTo: <{address}>\r\nSubject: {subject}\r\nDate: {}\r\n\
             Message-ID: <{}@postroom.invalid>\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n{body}",
            rfc5322_date(now.seconds()),
            message.id,
        );
        message.bytes.extend_from_slice(text.as_bytes());
        let delivery = Delivery {
            door: Door::Job,
            mode: Mode::Each,
            envelope_from: String::new(),
            mailboxes: vec![manager],
            message,
        };
        if let Err(error) = self.inner.inbound.deliver(delivery).await {
            tracing::warn!(%error, "an alert could not be delivered");
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum News {
    Fails,
    WorksAgain,
}

impl News {
    fn of(state: &InboundState, now: Time, after: std::time::Duration) -> Option<Self> {
        let after = i64::try_from(after.as_millis()).unwrap_or(i64::MAX);
        match (state.failing_since, state.alerted_at) {
            (Some(since), None) if now.0.saturating_sub(since.0) >= after => Some(Self::Fails),
            (None, Some(_)) => Some(Self::WorksAgain),
            _ => None,
        }
    }
}

/// Those who manage the mailbox; where nobody does, the administrators.
fn managers(org: &Org, mailbox: MailboxId) -> Vec<MailboxId> {
    let people = || org.mailboxes().filter(|one| one.kind == MailboxKind::User).map(|one| one.id);
    let manages =
        |person: &MailboxId| decide(org, Actor::person(*person, Door::Job), mailbox).whole.has(Right::MailboxManage);
    let found: Vec<MailboxId> = people().filter(manages).collect();
    if found.is_empty() {
        return people().filter(|person| org.privilege(*person) == Privilege::Admin).collect();
    }
    found
}

fn words(service: &InboundService, state: &InboundState, mailbox: &str, news: News) -> (String, String) {
    let name = service.settings.name();
    let last = match state.last_success_at {
        Some(at) => format!("The last good fetch was on {}.", rfc5322_date(at.seconds())),
        None => "It never worked so far.".to_owned(),
    };
    match news {
        News::Fails => (
            format!("No mail is fetched from {}", service.settings.server),
            format!(
                "Mail for {mailbox} cannot be fetched from {name}.\r\n{last}\r\n\r\nThe reason given is:\r\n\
                 {}\r\n\r\nIt is tried again by itself. Nothing was lost: what is not fetched is still there.\r\n",
                state.error
            ),
        ),
        News::WorksAgain => (
            format!("Mail is fetched from {} again", service.settings.server),
            format!("Mail for {mailbox} is fetched from {name} again.\r\n{last}\r\n"),
        ),
    }
}
