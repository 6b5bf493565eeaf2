//! `EmailSubmission/…` (RFC 8621 section 7).

pub(super) mod changes;
mod envelope;
pub(super) mod get;
pub(super) mod query;
pub(super) mod query_changes;
pub(super) mod set;

use super::identity;
use postroom_mail::whole::View;
use postroom_model::DeliveryState;
use postroom_model::object_id::{self, canonical};
use postroom_outbound::Submitted;
use postroom_outbound::queue::Status;
use postroom_wire_jmap::date;
use serde_json::{Value, json};

pub(crate) fn id(number: i64) -> String {
    format!("S{number}")
}

pub(super) fn read_id(id: &str) -> Option<i64> {
    canonical(id.strip_prefix('S')?)
}

pub(super) const PROPERTIES: &[&str] = &[
    "id",
    "identityId",
    "emailId",
    "threadId",
    "envelope",
    "sendAt",
    "undoStatus",
    "deliveryStatus",
    "dsnBlobIds",
    "mdnBlobIds",
];

/// One property of a submission. `status`: what became of it on its way to other servers; None: it never left, since
/// all recipients are ours, or it has been forgotten.
fn property(view: &View, submitted: &Submitted, status: Option<&Status>, name: &str) -> Value {
    match name {
        "id" => id(submitted.id).into(),
        "identityId" => identity::id(submitted.identity).into(),
        "emailId" => object_id::email(view.mailbox(), submitted.email).into(),
        "threadId" => object_id::thread(view.mailbox(), submitted.thread).into(),
        "envelope" => envelope::read_kept(&submitted.envelope),
        "sendAt" => date::utc(submitted.send_at.0).into(),
        "undoStatus" => "final".into(),
        "deliveryStatus" => delivery(&envelope::read_kept(&submitted.envelope), status),
        "dsnBlobIds" | "mdnBlobIds" => json!([]),
        _ => Value::Null,
    }
}

fn delivery(envelope: &Value, status: Option<&Status>) -> Value {
    let recipients = envelope["rcptTo"].as_array().into_iter().flatten().filter_map(|to| to["email"].as_str());
    let one = |email: &str| {
        let queued =
            status.and_then(|status| status.recipients.iter().find(|to| to.address.eq_ignore_ascii_case(email)));
        let (reply, delivered) = match queued {
            None => ("250 2.1.5 filed", "yes"),
            Some(to) => {
                let delivered = match to.state {
                    // The next server has it; what it does with it is not known.
                    DeliveryState::Delivered => "unknown",
                    DeliveryState::Failed | DeliveryState::Cancelled => "no",
                    DeliveryState::Held | DeliveryState::Waiting | DeliveryState::Sending => "queued",
                };
                (if to.answer.is_empty() { "250 2.0.0 queued" } else { to.answer.as_str() }, delivered)
            }
        };
        (email.to_owned(), json!({ "smtpReply": reply, "delivered": delivered, "displayed": "unknown" }))
    };
    Value::Object(recipients.map(one).collect())
}
