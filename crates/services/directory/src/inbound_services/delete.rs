//! Removes an inbound service. The mail that it brought stays, and so does what is still there.

use super::{InboundError, existing};
use crate::Directory;
use postroom_model::{Actor, InboundServiceId, MailboxId};
use postroom_store::inbound_services;

impl Directory {
    pub async fn delete_inbound_service(
        &self,
        actor: Actor,
        mailbox: MailboxId,
        id: InboundServiceId,
    ) -> Result<(), InboundError> {
        self.change(actor, "inbound_service.delete", move |change| {
            let there = existing(change, mailbox, id)?;
            inbound_services::remove(change.tx, &there)?;
            change.record(Some(mailbox), "inbound_service.delete", there.settings.name())?;
            Ok(())
        })
        .await
    }
}
