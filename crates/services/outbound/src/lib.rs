//! Mail that people send: who may send as whom, submission, the one copy in Sent Items, and what becomes of a message
//! on its way. Knows no protocol.
//!
//! Start reading at [`send_from`] (the one home of who may send as whom), then at [`submit`] and [`settle`]. Filing
//! into our own mailboxes is in [`local`], which mail from outside uses as well.

pub mod error;
pub mod identities;
pub mod identity_settings;
pub mod local;
pub mod queue;
pub mod report;
pub mod schedule;
pub mod send_from;
pub mod settle;
pub mod submit;
pub mod submitted;

mod absence;
mod compose;
mod originators;
mod queueing;
mod release;
mod sent_copy;
mod trace;

pub use error::{HeaderError, SubmitError};
pub use identities::Identity;
pub use identity_settings::{IdentitiesSet, IdentityChange, KeptIdentity};
pub use local::Recipient;
pub use queue::{CancelError, QueueError};
pub use schedule::Schedule;
pub use send_from::{Decision, How, Refusal, may_send_from};
pub use sent_copy::FAILED;
pub use settle::{Attempt, Ended, Tried};
pub use submit::{Accepted, Notify, Return, SentCopy, Submission, SubmissionRecipient};
pub use submitted::Submitted;
pub use trace::new_id;

use postroom_access::Access;
use postroom_model::{Actor, Address};
use postroom_store::StoreError;
use std::sync::Arc;

/// Sending. Cheap to clone.
#[derive(Clone)]
pub struct Outbound {
    pub(crate) access: Access,
    /// The name of this server in trace fields.
    pub(crate) hostname: Arc<str>,
    pub(crate) schedule: Arc<Schedule>,
}

impl Outbound {
    pub fn new(access: Access, hostname: &str) -> Self {
        Self { access, hostname: hostname.into(), schedule: Arc::new(Schedule::default()) }
    }

    /// With other times than the usual ones.
    pub fn with_schedule(self, schedule: Schedule) -> Self {
        Self { schedule: Arc::new(schedule), ..self }
    }

    pub fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    pub fn access(&self) -> &Access {
        &self.access
    }

    /// The name of this server.
    pub fn hostname(&self) -> &str {
        &self.hostname
    }

    /// Who takes mail for an address, and whether there is room for `size` octets.
    pub async fn recipient(&self, address: &Address, size: u64) -> Result<Recipient, StoreError> {
        local::recipient(&self.access, address, size).await
    }

    /// The addresses that `actor` may send from, their own first.
    pub fn identities(&self, actor: Actor) -> Vec<Identity> {
        identities::of(&self.access.org(), actor)
    }
}

#[cfg(test)]
mod tests;
