//! What a submission puts into the queue, worked out before its transaction.

use crate::originators::Settled;
use crate::report::FILED;
use crate::submit::{Submission, SubmissionRecipient};
use postroom_mail::Prepared;
use postroom_model::{Address, DeliveryState, MailboxId, Org, Time};
use postroom_store::queue::{self, NewQueued, NewQueuedRecipient, QueueId, QueueOrigin};
use postroom_store::{NewContent, StoreError, Tx};
use postroom_wire_message::{AddressKind, addresses_checked, edit};

/// A message for the queue, with all its recipients: those that are ours are there so that its state is complete.
pub(crate) struct Queueing {
    name: String,
    envelope_from: String,
    from_address: String,
    message_id: String,
    utf8: bool,
    ret: Option<&'static str>,
    envelope_id: Option<String>,
    note: Option<String>,
    hold_until: Option<Time>,
    expires_at: Time,
    recipients: Vec<Planned>,
}

struct Planned {
    address: String,
    original: Option<String>,
    notify: Option<u32>,
    state: DeliveryState,
    lane: String,
}

/// The lane of recipients that are ours.
pub(crate) const LOCAL: &str = "";

impl Queueing {
    /// None: all recipients are ours, and nobody wants to know more.
    pub(crate) fn of(
        org: &Org,
        submission: &Submission,
        settled: &Settled,
        (id, outgoing): (&str, &Prepared),
        hold_until: Option<Time>,
    ) -> Option<Self> {
        let remote = |address: &Address| org.recipient(address).is_none();
        let wanted = hold_until.is_some()
            || submission.note.is_some()
            || submission.recipients.iter().any(|recipient| remote(&recipient.address));
        if !wanted {
            return None;
        }
        let from_address = first_from(&submission.raw).unwrap_or_default();
        let from = settled.from.first().map(|(mailbox, _)| *mailbox);
        let plan = |recipient: &SubmissionRecipient| {
            let (state, lane) = match (hold_until, remote(&recipient.address)) {
                (Some(_), _) => (DeliveryState::Held, LOCAL.to_owned()),
                (None, true) => (DeliveryState::Waiting, org.lane(from, &from_address, recipient.address.domain())),
                (None, false) => (DeliveryState::Delivered, LOCAL.to_owned()),
            };
            let notify = recipient.notify.map(super::Notify::bits);
            Planned {
                address: recipient.address.to_string(),
                original: recipient.original.clone(),
                notify,
                state,
                lane,
            }
        };
        let message_id = outgoing.parsed.message_id.as_deref().unwrap_or_default();
        Some(Self {
            name: id.to_owned(),
            envelope_from: submission.envelope_from.clone(),
            recipients: submission.recipients.iter().map(plan).collect(),
            from_address,
            message_id: String::from_utf8_lossy(message_id).into_owned(),
            utf8: submission.utf8,
            ret: submission.ret.map(super::Return::as_str),
            envelope_id: submission.envelope_id.clone(),
            note: submission.note.clone(),
            hold_until,
            expires_at: Time(0),
        })
    }

    pub(crate) fn expiring(self, expires_at: Time) -> Self {
        Self { expires_at, ..self }
    }

    pub(crate) fn add(
        &self,
        tx: &mut Tx<'_>,
        at: Time,
        content: &NewContent,
        (from, person): (MailboxId, MailboxId),
    ) -> Result<QueueId, StoreError> {
        let new = NewQueued {
            name: &self.name,
            origin: QueueOrigin::Person,
            mailbox: Some(from),
            person: Some(person),
            content,
            envelope_from: &self.envelope_from,
            from_address: &self.from_address,
            message_id: &self.message_id,
            utf8: self.utf8,
            ret: self.ret,
            envelope_id: self.envelope_id.as_deref(),
            note: self.note.as_deref(),
            at,
            hold_until: self.hold_until,
            expires_at: self.expires_at,
        };
        let recipients: Vec<NewQueuedRecipient<'_>> = self.recipients.iter().map(Planned::as_new).collect();
        let id = queue::add(tx, &new, &recipients)?;
        queue::finish(tx, id, at)?;
        Ok(id)
    }
}

impl Planned {
    fn as_new(&self) -> NewQueuedRecipient<'_> {
        let answer = if self.state == DeliveryState::Delivered { FILED } else { "" };
        NewQueuedRecipient {
            address: &self.address,
            original: self.original.as_deref(),
            notify: self.notify,
            state: self.state,
            lane: &self.lane,
            answer,
        }
    }
}

/// The first address of From: route and signature follow its domain.
fn first_from(raw: &[u8]) -> Option<String> {
    let value = edit::header_values(raw, "From").next()?;
    let entry = addresses_checked(value).ok()?.into_iter().find(|entry| entry.kind() == AddressKind::Mailbox)?;
    let text = [entry.local.unwrap_or_default(), b"@".to_vec(), entry.domain.unwrap_or_default()].concat();
    Address::parse(&String::from_utf8(text).ok()?).ok().map(|address| address.to_string())
}
