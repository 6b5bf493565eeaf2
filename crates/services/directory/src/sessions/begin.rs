//! Begins a session for somebody who has just signed in.

use super::{SessionError, token_hash};
use crate::passwords::hashing::random;
use crate::sign_in::{Means, SignedIn};
use crate::{Directory, Secret};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use postroom_model::{Actor, AuditEntry, Door, Outcome};
use postroom_store::web_sessions::WebSession;
use postroom_store::{Scope, StoreError, audit, web_sessions};
use std::net::IpAddr;

/// Where a session is begun.
#[derive(Clone, Debug)]
pub struct SessionFrom {
    /// As the browser calls itself.
    pub user_agent: String,
    pub door: Door,
    pub peer: Option<IpAddr>,
}

const LONGEST_USER_AGENT: usize = 300;

impl Directory {
    /// Gives who is signed in now, by the session, and the token that the browser keeps.
    pub async fn begin_session(
        &self,
        signed_in: SignedIn,
        from: SessionFrom,
    ) -> Result<(SignedIn, Secret), SessionError> {
        let token = random::<32>().map_err(|_| StoreError::Corrupt("random numbers"))?;
        let token = URL_SAFE_NO_PAD.encode(token);
        let (hash, now) = (token_hash(&token), self.clock().now());
        let lifetime = i64::try_from(self.inner.limits.session_lifetime.as_millis()).unwrap_or(i64::MAX);
        let expires_at = now.plus_millis(lifetime);
        let user_agent: String = from.user_agent.chars().filter(|c| !c.is_control()).take(LONGEST_USER_AGENT).collect();
        let new = WebSession {
            id: 0,
            mailbox: signed_in.person,
            epoch: signed_in.epoch,
            door: from.door.as_str().to_owned(),
            address: from.peer.map(|peer| peer.to_canonical().to_string()).unwrap_or_default(),
            created_at: now,
            last_used_at: now,
            ends_at: self.idle_end(now, expires_at),
            expires_at,
            user_agent,
        };
        let entry = AuditEntry {
            at: now,
            actor: Actor::person(signed_in.person, from.door),
            mailbox: Some(signed_in.person),
            action: "session.begin",
            outcome: Outcome::Done,
            detail: new.user_agent.clone(),
        };
        let begun = move |tx: &mut postroom_store::Tx<'_>| {
            audit::record(tx, &entry)?;
            web_sessions::begin(tx, &hash, &new)
        };
        let begun: Result<i64, StoreError> = self.store().write(Scope::Free, begun).await;
        let id = begun?;
        let means = Means::Session(id);
        Ok((SignedIn { means, ..signed_in }, Secret::new(token)))
    }
}
