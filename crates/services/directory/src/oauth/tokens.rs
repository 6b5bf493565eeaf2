//! Tokens are given out for a code or an allowed device, renewed, and revoked.
//!
//! A code or refresh token that comes a second time may be in the hands of a thief: the whole grant ends (RFC 9700
//! section 4.14.2).

use super::{ACCESS_FOR, REFRESH_FOR, Scopes, after, fresh_token, meets};
use crate::sessions::token_hash;
use crate::sign_in::{EnterError, Means, SignedIn};
use crate::{Directory, Secret};
use postroom_model::{Door, Time};
use postroom_store::oauth::tokens::{self, Found, Purpose, Token};
use postroom_store::oauth::{clients, grants};
use postroom_store::{Scope as Locks, StoreError, Tx, credentials};

/// What a client is given.
#[derive(Clone, Debug)]
pub struct Tokens {
    pub access: Secret,
    pub refresh: Secret,
    pub scopes: Scopes,
    pub expires_in_seconds: i64,
}

#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// Unknown, expired, used up, another client's, or the account changed: all alike.
    #[error("this code or refresh token does not hold any more")]
    NotHeld,
    #[error("scope may ask for no more than was allowed")]
    WiderScope,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl postroom_store::Retry for TokenError {
    fn may_pass(&self) -> bool {
        matches!(self, Self::Store(error) if postroom_store::Retry::may_pass(error))
    }
}

/// How a transaction that looks at a token ends: what was found may have to be ended, and that is no error to it.
enum Outcome<T> {
    Done(T),
    /// Came again: the grant was ended.
    Again,
    NotHeld,
}

impl Directory {
    /// `redirect_uri` as in the request for the code.
    pub async fn redeem_code(
        &self,
        client: &str,
        code: &str,
        redirect_uri: &str,
        verifier: &str,
    ) -> Result<Tokens, TokenError> {
        let (client, redirect_uri, verifier) = (client.to_owned(), redirect_uri.to_owned(), verifier.to_owned());
        let proves = move |found: &Found| {
            found.grant.client == client
                && found.redirect_uri.as_ref() == Some(&redirect_uri)
                && found.challenge.as_ref().is_some_and(|challenge| meets(challenge, &verifier))
        };
        self.exchange(Purpose::Code, code, None, proves).await
    }

    /// Fresh tokens for a refresh token, which is used up. `scopes`: no more than before, for this access token.
    pub async fn refresh_tokens(
        &self,
        client: &str,
        refresh: &str,
        scopes: Option<Scopes>,
    ) -> Result<Tokens, TokenError> {
        let client = client.to_owned();
        self.exchange(Purpose::Refresh, refresh, scopes, move |found| found.grant.client == client).await
    }

    async fn exchange(
        &self,
        purpose: Purpose,
        token: &str,
        narrower: Option<Scopes>,
        proves: impl Fn(&Found) -> bool + Send + 'static,
    ) -> Result<Tokens, TokenError> {
        let (hash, now, fresh) = (token_hash(token), self.clock().now(), Fresh::new()?);
        let given = fresh.clone();
        let exchanging = move |tx: &mut Tx<'_>| {
            let found = tokens::find(tx, purpose, &hash, now)?;
            let Some(found) = found.filter(|found| proves(found)) else { return Ok(Outcome::NotHeld) };
            if !tokens::take(tx, &hash, now)? {
                grants::end(tx, found.grant.id)?;
                return Ok(Outcome::Again);
            }
            if credentials::epoch(tx, found.grant.mailbox)? > found.grant.epoch {
                return Ok(Outcome::NotHeld);
            }
            let allowed = Scopes::parse(&found.grant.scopes).unwrap_or_default();
            if narrower.is_some_and(|narrower| !narrower.within(allowed)) {
                return Err(TokenError::WiderScope);
            }
            given.keep(tx, found.grant.id, now)?;
            clients::used(tx, &found.grant.client, now)?;
            Ok::<_, TokenError>(Outcome::Done(allowed))
        };
        match self.store().write(Locks::Organisation, exchanging).await? {
            Outcome::Done(scopes) => Ok(fresh.tokens(scopes)),
            Outcome::Again => {
                tracing::warn!("an OAuth code or refresh token came twice; what it belonged to has ended");
                self.settle().await?;
                Err(TokenError::NotHeld)
            }
            Outcome::NotHeld => Err(TokenError::NotHeld),
        }
    }

    /// Ends what a token belongs to (RFC 7009). An unknown token, or another client's, is nothing to tell about.
    pub async fn revoke_token(&self, client: &str, token: &str) -> Result<(), TokenError> {
        let (hash, client) = (token_hash(token), client.to_owned());
        let revoking = move |tx: &mut Tx<'_>| match tokens::grant_of(tx, &hash)? {
            Some(grant) if grant.client == client => grants::end(tx, grant.id),
            _ => Ok(false),
        };
        let ended: Result<bool, StoreError> = self.store().write(Locks::Organisation, revoking).await;
        if ended? {
            self.settle().await?;
        }
        Ok(())
    }

    /// Who an access token stands for, at this door.
    pub async fn sign_in_with_token(&self, token: &str, door: Door) -> Result<SignedIn, EnterError> {
        /// Stands where passwords have a login name.
        const NO_LOGIN: &str = "\0token";
        let now = self.clock().now();
        let print = self.inner.remembered.print(NO_LOGIN, token);
        let known = match self.inner.remembered.recall(&print, now) {
            Some(known) => known,
            None => {
                let hash = token_hash(token);
                let found = self.store().read(move |tx| tokens::find(tx, Purpose::Access, &hash, now)).await?;
                let found = found.ok_or(EnterError::Ended)?;
                let scopes = Scopes::parse(&found.grant.scopes).unwrap_or_default();
                let means = Means::Token { grant: found.grant.id, scopes };
                let signed_in = SignedIn { person: found.grant.mailbox, means, only: None, epoch: found.grant.epoch };
                let at_most = self.inner.limits.remembered_at_most;
                self.inner.remembered.remember(print, signed_in, found.expires_at, now, at_most);
                signed_in
            }
        };
        if !self.still_valid(&known).await {
            self.inner.remembered.forget(&print);
            return Err(EnterError::Ended);
        }
        match known.means {
            Means::Token { scopes, .. } if scopes.open(door) => Ok(known),
            _ => Err(EnterError::WrongScope),
        }
    }
}

/// Tokens on their way out, and into the database as hashes.
#[derive(Clone)]
pub(super) struct Fresh {
    access: String,
    refresh: String,
}

impl Fresh {
    pub(super) fn new() -> Result<Self, StoreError> {
        Ok(Self { access: fresh_token()?, refresh: fresh_token()? })
    }

    pub(super) fn keep(&self, tx: &mut Tx<'_>, grant: i64, now: Time) -> Result<(), StoreError> {
        let ends = after(now, REFRESH_FOR);
        grants::used(tx, grant, now, ends)?;
        let both = [(&self.access, Purpose::Access, after(now, ACCESS_FOR)), (&self.refresh, Purpose::Refresh, ends)];
        for (token, purpose, expires_at) in both {
            let hash = token_hash(token);
            let (redirect_uri, challenge) = (None, None);
            tokens::add(tx, &Token { hash, grant, purpose, created_at: now, expires_at, redirect_uri, challenge })?;
        }
        Ok(())
    }

    pub(super) fn tokens(self, scopes: Scopes) -> Tokens {
        let (access, refresh) = (Secret::new(self.access), Secret::new(self.refresh));
        Tokens { access, refresh, scopes, expires_in_seconds: ACCESS_FOR / 1000 }
    }
}
