//! A person allows a client in the browser; the client takes the code to where tokens are given out (RFC 6749
//! section 4.1, with PKCE S256 always).

use super::clients::registered;
use super::{CODE_FOR, Scopes, after, fresh_token};
use crate::sessions::token_hash;
use crate::sign_in::SignedIn;
use crate::{Directory, Secret};
use postroom_model::{Actor, AuditEntry, Door, Outcome};
use postroom_store::oauth::clients::Client;
use postroom_store::oauth::grants::{self, Grant};
use postroom_store::oauth::tokens::{self, Purpose, Token};
use postroom_store::{Scope as Locks, StoreError, audit};

/// What a client asks for, as its address line says it.
#[derive(Clone, Debug)]
pub struct CodeRequest {
    pub redirect_uri: String,
    pub scopes: Scopes,
    /// Base64url of the SHA-256 of the verifier.
    pub challenge: String,
}

#[derive(Debug, thiserror::Error)]
pub enum CodeError {
    /// Nothing may be sent to an address that the client did not register.
    #[error("redirect_uri is not one that the client registered")]
    ForeignRedirect,
    #[error("code_challenge must be the base64url of a SHA-256, 43 characters")]
    BadChallenge,
    #[error("scope is needed: mail, submission or api")]
    NoScope,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl CodeRequest {
    /// What can be checked before anybody is asked.
    pub fn check(&self, client: &Client) -> Result<(), CodeError> {
        if !registered(client, &self.redirect_uri) {
            return Err(CodeError::ForeignRedirect);
        }
        let letters = self.challenge.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
        if self.challenge.len() != 43 || !letters {
            return Err(CodeError::BadChallenge);
        }
        if self.scopes.is_empty() { Err(CodeError::NoScope) } else { Ok(()) }
    }
}

impl Directory {
    /// The person said yes. Gives the code.
    pub async fn allow_client(
        &self,
        signed_in: SignedIn,
        client: &Client,
        request: CodeRequest,
    ) -> Result<Secret, CodeError> {
        request.check(client)?;
        let code = fresh_token()?;
        let now = self.clock().now();
        let grant = new_grant(signed_in, client, request.scopes, now);
        let (hash, entry, id) = (token_hash(&code), allowed(&grant, now), client.id.clone());
        let allowing = move |tx: &mut postroom_store::Tx<'_>| {
            let grant = grants::add(tx, &grant)?;
            audit::record(tx, &entry)?;
            postroom_store::oauth::clients::used(tx, &id, now)?;
            tokens::add(
                tx,
                &Token {
                    hash: hash.clone(),
                    grant,
                    purpose: Purpose::Code,
                    created_at: now,
                    expires_at: after(now, CODE_FOR),
                    redirect_uri: Some(request.redirect_uri.clone()),
                    challenge: Some(request.challenge.clone()),
                },
            )
        };
        let done: Result<(), StoreError> = self.store().write(Locks::Free, allowing).await;
        done?;
        Ok(Secret::new(code))
    }
}

/// A grant that holds until its tokens are taken; then for as long as they are renewed.
pub(super) fn new_grant(signed_in: SignedIn, client: &Client, scopes: Scopes, now: postroom_model::Time) -> Grant {
    Grant {
        id: 0,
        mailbox: signed_in.person,
        client: client.id.clone(),
        client_name: client.name.clone(),
        scopes: scopes.to_string(),
        epoch: signed_in.epoch,
        created_at: now,
        last_used_at: None,
        expires_at: after(now, super::DEVICE_FOR),
    }
}

pub(super) fn allowed(grant: &Grant, at: postroom_model::Time) -> AuditEntry {
    AuditEntry {
        at,
        actor: Actor::person(grant.mailbox, Door::Admin),
        mailbox: Some(grant.mailbox),
        action: "authorization.allow",
        outcome: Outcome::Done,
        detail: format!("{}: {}", grant.client_name, grant.scopes),
    }
}
