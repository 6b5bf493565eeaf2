//! Inbound services as they are set up: made, changed and removed by those who manage the mailbox. Who fetches is the
//! crate `fetch`; what it needs to sign in is sealed here.

mod consent;
mod create;
mod delete;
mod list;
mod secret;
mod update;

pub use consent::Consented;
pub use list::{InboundLine, RefusedLine};
pub use secret::{AccountSecret, secret_row};

use crate::change::{Change, NotAllowed, need_manager, use_case_errors};
use crate::{Directory, NotOpened};
use postroom_model::{Actor, InboundService, InboundServiceId, InboundSettings, MailboxId};
use postroom_store::{StoreError, inbound_services};

#[derive(Debug, thiserror::Error)]
pub enum InboundError {
    #[error("there is no such mailbox or inbound service")]
    NotFound,
    /// Names the field.
    #[error("{0}")]
    Bad(String),
    #[error("the mailbox has an inbound service for this protocol, server and username already")]
    Exists,
    #[error("the secret could not be sealed")]
    Sealing(#[from] NotOpened),
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    #[error(transparent)]
    Store(#[from] StoreError),
}
use_case_errors!(InboundError);

/// What is set up, and the secret if one is given.
#[derive(Clone, Debug)]
pub struct NewInbound {
    pub settings: InboundSettings,
    /// None: as it is.
    pub secret: Option<AccountSecret>,
}

impl Directory {
    /// A service, for those who manage its mailbox.
    pub async fn inbound_service(
        &self,
        actor: Actor,
        mailbox: MailboxId,
        id: InboundServiceId,
    ) -> Result<InboundService, InboundError> {
        let org = self.org();
        org.mailbox(mailbox).ok_or(InboundError::NotFound)?;
        need_manager(&org, actor, mailbox)?;
        let found = self.store().read(move |tx| inbound_services::get(tx, id)).await?;
        found.filter(|service| service.mailbox == mailbox).ok_or(InboundError::NotFound)
    }

    /// Whether what this actor sets up is kept away from private addresses.
    pub fn reaches_public_only(&self, actor: Actor) -> bool {
        !crate::change::is_admin(&self.org(), actor)
    }
}

fn existing(
    change: &mut Change<'_, '_>,
    mailbox: MailboxId,
    id: InboundServiceId,
) -> Result<InboundService, InboundError> {
    change.org.mailbox(mailbox).ok_or(InboundError::NotFound)?;
    need_manager(&change.org, change.actor, mailbox)?;
    let found = inbound_services::get(change.tx, id)?;
    found.filter(|service| service.mailbox == mailbox).ok_or(InboundError::NotFound)
}
