//! A new inbound service. It starts by itself.

use super::{InboundError, NewInbound, secret_row};
use crate::Directory;
use crate::change::need_manager;
use postroom_model::{Actor, InboundServiceId, MailboxId, Origin};
use postroom_store::inbound_services;

impl Directory {
    pub async fn create_inbound_service(
        &self,
        actor: Actor,
        mailbox: MailboxId,
        new: NewInbound,
    ) -> Result<InboundServiceId, InboundError> {
        new.settings.check().map_err(InboundError::Bad)?;
        let (sealing, public_only) = (self.sealing().clone(), self.reaches_public_only(actor));
        self.change(actor, "inbound_service.create", move |change| {
            change.org.mailbox(mailbox).ok_or(InboundError::NotFound)?;
            need_manager(&change.org, change.actor, mailbox)?;
            let settings = &new.settings;
            let same = |one: &postroom_model::InboundService| {
                one.settings.protocol == settings.protocol
                    && one.settings.server == settings.server
                    && one.settings.username == settings.username
            };
            if inbound_services::all(change.tx, Some(mailbox))?.iter().any(same) {
                return Err(InboundError::Exists);
            }
            let id = inbound_services::create(change.tx, mailbox, settings, public_only, Origin::Admin, change.at)?;
            if let Some(secret) = &new.secret {
                inbound_services::set_secret(change.tx, id, &secret.seal(&sealing, &secret_row(id))?)?;
            }
            change.record(Some(mailbox), "inbound_service.create", settings.name())?;
            Ok(id)
        })
        .await
    }
}
