//! Changes an inbound service. What it is known by stays: protocol, server and username.

use super::{InboundError, NewInbound, existing, secret_row};
use crate::Directory;
use postroom_model::{Actor, InboundServiceId, MailboxId, Origin};
use postroom_store::inbound_services;

impl Directory {
    pub async fn update_inbound_service(
        &self,
        actor: Actor,
        mailbox: MailboxId,
        id: InboundServiceId,
        new: NewInbound,
    ) -> Result<(), InboundError> {
        new.settings.check().map_err(InboundError::Bad)?;
        let (sealing, public_only) = (self.sealing().clone(), self.reaches_public_only(actor));
        self.change(actor, "inbound_service.update", move |change| {
            let there = existing(change, mailbox, id)?;
            let (old, new_settings) = (&there.settings, &new.settings);
            if (old.protocol, &old.server, &old.username)
                != (new_settings.protocol, &new_settings.server, &new_settings.username)
            {
                let text = "protocol, server and username cannot be changed: remove the service and make another";
                return Err(InboundError::Bad(text.to_owned()));
            }
            inbound_services::update(change.tx, id, new_settings, public_only, Origin::Admin)?;
            if let Some(secret) = &new.secret {
                inbound_services::set_secret(change.tx, id, &secret.seal(&sealing, &secret_row(id))?)?;
            }
            change.record(Some(mailbox), "inbound_service.update", new_settings.name())?;
            Ok(())
        })
        .await
    }

    /// Has it tried now.
    pub async fn try_inbound_service(
        &self,
        actor: Actor,
        mailbox: MailboxId,
        id: InboundServiceId,
    ) -> Result<(), InboundError> {
        self.change(actor, "inbound_service.try", move |change| {
            existing(change, mailbox, id)?;
            Ok(inbound_services::try_soon(change.tx, id)?)
        })
        .await
    }
}
