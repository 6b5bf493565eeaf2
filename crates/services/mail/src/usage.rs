//! How much of a mailbox is used, and how much may be.

use crate::Mail;
use postroom_access::{AccessError, Opened};
use postroom_store::{changes, mailboxes};

/// Every email counts once and in full, wherever it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    pub octets: u64,
    /// None: no limit.
    pub octets_at_most: Option<u64>,
    pub messages: u64,
    /// None: no limit.
    pub messages_at_most: Option<u64>,
}

impl Mail {
    /// For whoever has entered the mailbox.
    pub async fn usage(&self, opened: &Opened) -> Result<Usage, AccessError> {
        let (mailbox, octets_at_most) = (opened.mailbox(), opened.facts()?.quota);
        let read = self.store().read(move |tx| {
            Ok(Usage {
                octets: changes::used(tx, mailbox)?,
                octets_at_most,
                messages: changes::messages(tx, mailbox)?,
                messages_at_most: mailboxes::message_quota(tx, mailbox)?,
            })
        });
        Ok(read.await?)
    }
}
