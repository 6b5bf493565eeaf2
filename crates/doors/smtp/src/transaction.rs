//! A mail transaction: from MAIL until the message is taken, refused or forgotten.

use crate::body::Body;
use crate::command::{Hold, MailParameters};
use postroom_inbound::Incoming;
use postroom_model::{Address, MailboxId};
use postroom_outbound::{Notify, Return};

#[derive(Debug)]
pub(crate) struct Transaction {
    /// As sent; empty: the null sender.
    pub(crate) from: String,
    /// What the client said that the message has.
    pub(crate) size: Option<u64>,
    /// SMTPUTF8 was asked for.
    pub(crate) utf8: bool,
    pub(crate) ret: Option<Return>,
    pub(crate) envelope_id: Option<String>,
    pub(crate) hold: Option<Hold>,
    pub(crate) recipients: Vec<Taken>,
    /// What BDAT brought so far.
    pub(crate) arriving: Option<Arriving>,
}

/// A recipient that was answered with 250.
#[derive(Debug)]
pub(crate) struct Taken {
    pub(crate) address: Address,
    /// None: it is not ours, and somebody who signed in sends there.
    pub(crate) mailbox: Option<MailboxId>,
    pub(crate) notify: Option<Notify>,
    pub(crate) original: Option<String>,
}

/// A message that is arriving.
#[derive(Debug)]
pub(crate) struct Arriving {
    pub(crate) body: Body,
    /// The trace of mail from outside; its octets are in the body for now.
    pub(crate) incoming: Option<Incoming>,
}

impl Transaction {
    pub(crate) fn new(from: String, parameters: MailParameters) -> Self {
        let MailParameters { size, body: _, utf8, ret, envelope_id, hold } = parameters;
        Self { from, size, utf8, ret, envelope_id, hold, recipients: Vec::new(), arriving: None }
    }
}
