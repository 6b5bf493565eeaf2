//! Inbound services and how they fare, without their secrets.

use super::InboundError;
use crate::Directory;
use crate::change::{need_admin, need_manager};
use postroom_model::{
    Actor, AfterFetch, Encryption, FetchProtocol, InboundService, InboundServiceId, MailboxId, Time, TokenSource,
};
use postroom_store::inbound_keys::{self, Of};
use postroom_store::inbound_services::{self, InboundState};
use postroom_store::{StoreError, Tx};
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InboundLine {
    pub id: InboundServiceId,
    /// The name of the mailbox that it fills.
    pub mailbox: String,
    pub protocol: FetchProtocol,
    pub server: String,
    pub port: u16,
    pub encryption: Encryption,
    pub username: String,
    pub after_fetch: AfterFetch,
    pub enabled: bool,
    /// How tokens are got; none: it signs in with a password.
    pub oauth2: Option<TokenSource>,
    /// Whether a secret was given.
    pub has_secret: bool,
    pub last_success_at: Option<Time>,
    pub last_try_at: Option<Time>,
    pub next_try_at: Option<Time>,
    /// Since when every try failed.
    pub failing_since: Option<Time>,
    /// Why the last try failed, in the server's own words.
    pub error: Option<String>,
    /// What stays there and why, where that is no failure.
    pub note: Option<String>,
    /// Messages that came by it.
    pub moved: u64,
    /// Messages that cannot be taken.
    pub refused: Vec<RefusedLine>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RefusedLine {
    /// What the message is known by there.
    pub key: String,
    pub size: u64,
    pub why: String,
    pub at: Time,
}

/// At most so many messages that cannot be taken are listed of one service.
const REFUSED: u32 = 100;

impl Directory {
    /// Those of one mailbox, for who manages it; of all, for administrators.
    pub async fn list_inbound_services(
        &self,
        actor: Actor,
        mailbox: Option<MailboxId>,
    ) -> Result<Vec<InboundLine>, InboundError> {
        let org = self.org();
        match mailbox {
            Some(id) => {
                org.mailbox(id).ok_or(InboundError::NotFound)?;
                need_manager(&org, actor, id)?;
            }
            None => need_admin(&org, actor)?,
        }
        let lines = self.store().read(move |tx| {
            let services = inbound_services::all(tx, mailbox)?;
            services.into_iter().map(|service| line(tx, &org, service)).collect::<Result<Vec<_>, StoreError>>()
        });
        Ok(lines.await?)
    }
}

fn line(tx: &mut Tx<'_>, org: &postroom_model::Org, service: InboundService) -> Result<InboundLine, StoreError> {
    let of = Of { mailbox: service.mailbox, service: service.id };
    let has_secret = inbound_services::secret(tx, service.id)?.is_some_and(|sealed| !sealed.is_empty());
    let state: InboundState = inbound_services::state(tx, service.id)?.unwrap_or_default();
    let refused = inbound_keys::refused(tx, of, REFUSED)?;
    let settings = service.settings;
    Ok(InboundLine {
        id: service.id,
        mailbox: org.mailbox(service.mailbox).map(|mailbox| mailbox.name.to_string()).unwrap_or_default(),
        protocol: settings.protocol,
        server: settings.server,
        port: settings.port,
        encryption: settings.encryption,
        username: settings.username,
        after_fetch: settings.after_fetch,
        enabled: settings.enabled,
        oauth2: settings.tokens,
        has_secret,
        last_success_at: state.last_success_at,
        last_try_at: state.last_try_at,
        next_try_at: state.next_try_at,
        failing_since: state.failing_since,
        error: Some(state.error).filter(|text| !text.is_empty()),
        note: Some(state.note).filter(|text| !text.is_empty()),
        moved: state.moved,
        refused: refused
            .into_iter()
            .map(|row| RefusedLine { key: row.key.key, size: row.size, why: row.note, at: row.at })
            .collect(),
    })
}
