//! `/api/v1/queue`: messages on their way to other servers. For administrators; a message by its name also for those
//! who may send from its mailbox.

pub(crate) mod cancel;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod retry;
pub(crate) mod send_now;

use postroom_outbound::queue::Status;
use serde::Serialize;
use utoipa::ToSchema;

/// A message and what became of it. Times are milliseconds since 1970-01-01T00:00:00Z.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueuedMessage {
    /// As the answer to its sender named it.
    #[schema(example = "0mi8x2k1p7f3q9w2a")]
    message: String,
    /// The address in From.
    #[schema(example = "support@example.org")]
    from: String,
    /// Empty: a report.
    envelope_from: String,
    message_id: String,
    size: u64,
    created_at: i64,
    /// Null: it is not held.
    hold_until: Option<i64>,
    gives_up_at: i64,
    /// Null: something is left to do.
    finished_at: Option<i64>,
    recipients: Vec<QueuedRecipient>,
    /// What happened, in order; in lists it is left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    log: Vec<QueueEvent>,
}

/// A recipient and how far the message has come.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueuedRecipient {
    #[schema(example = "friend@elsewhere.example")]
    address: String,
    /// `held`, `waiting`, `sending`, `delivered`, `failed` or `cancelled`.
    #[schema(example = "waiting")]
    state: &'static str,
    attempts: u32,
    next_attempt_at: Option<i64>,
    /// The last answer, in the words of the other server.
    answer: String,
}

/// Something that happened to a message.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QueueEvent {
    at: i64,
    /// Null: it is about the whole message.
    recipient: Option<String>,
    text: String,
}

impl From<Status> for QueuedMessage {
    fn from(status: Status) -> Self {
        let Status { message, recipients, log, .. } = status;
        let address = |position: Option<i64>| {
            let found = recipients.iter().find(|recipient| Some(recipient.position) == position);
            found.map(|recipient| recipient.address.clone())
        };
        let log = log
            .into_iter()
            .map(|row| QueueEvent { at: row.at.0, recipient: address(row.position), text: row.text })
            .collect();
        Self {
            message: message.name,
            from: message.from_address,
            envelope_from: message.envelope_from,
            message_id: message.message_id,
            size: message.size,
            created_at: message.created_at.0,
            hold_until: message.hold_until.map(|at| at.0),
            gives_up_at: message.expires_at.0,
            finished_at: message.finished_at.map(|at| at.0),
            log,
            recipients: recipients
                .into_iter()
                .map(|recipient| QueuedRecipient {
                    address: recipient.address,
                    state: recipient.state.as_str(),
                    attempts: recipient.attempts,
                    next_attempt_at: recipient.next_at.map(|at| at.0),
                    answer: recipient.answer,
                })
                .collect(),
        }
    }
}
