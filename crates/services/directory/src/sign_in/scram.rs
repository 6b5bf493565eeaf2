//! Signing in by SCRAM-SHA-256: the account's password, which never crosses the wire.

use super::into::Wanted;
use super::throttle::Attempt;
use super::{Entered, Means, SignInError, SignedIn};
use crate::Directory;
use crate::passwords::hashing::random;
use crate::scram::{Bindings, Challenge, ClientFirst, ScramError, Verifier};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use postroom_model::{Door, MailboxId};
use postroom_store::{StoreError, credentials, second_factors};
use std::net::IpAddr;

/// An exchange whose challenge was sent.
#[derive(Debug)]
pub struct ScramPending {
    challenge: Challenge,
    attempt: Attempt,
    /// What was sent as the name, which may say into which mailbox.
    name: String,
    door: Door,
    peer: Option<IpAddr>,
    person: MailboxId,
    epoch: i64,
}

impl ScramPending {
    /// `server-first-message`, to be sent.
    pub fn server_first(&self) -> &str {
        self.challenge.server_first()
    }
}

/// What a connection offers: SCRAM-SHA-256, and with -PLUS the same bound to it.
#[derive(Clone, Copy, Debug, Default)]
pub struct ScramOffer {
    pub bindings: Bindings,
    /// The client has chosen SCRAM-SHA-256-PLUS.
    pub plus: bool,
}

/// An exchange that is over: somebody is signed in, and the client is to be shown that the server knows the password.
#[derive(Debug)]
pub struct ScramDone {
    pub entered: Entered,
    /// `server-final-message`, to be sent with the success.
    pub server_final: String,
}

#[derive(Debug, thiserror::Error)]
pub enum ScramRefused {
    /// To be answered as each protocol answers a broken exchange; `ScramError::server_final` has SCRAM's word.
    #[error(transparent)]
    Exchange(#[from] ScramError),
    #[error(transparent)]
    SignIn(#[from] SignInError),
}

impl Directory {
    /// Takes `client-first-message`. A name that is nobody's gets a challenge like any other.
    pub async fn scram_begin(
        &self,
        client_first: &str,
        offer: ScramOffer,
        door: Door,
        peer: Option<IpAddr>,
    ) -> Result<ScramPending, ScramRefused> {
        let first = ClientFirst::parse_bound(client_first, &offer.bindings, offer.plus)?;
        let name = first.username.clone();
        let org = self.org();
        let login = Wanted::read(&org, &name, None).login;
        let attempt = Attempt::new(login, peer);
        self.inner.throttle.check(&attempt, self.clock().now())?;
        let (person, epoch, verifier) = self.scram_verifier(login).await.map_err(SignInError::Store)?;
        let nonce = random::<18>().map_err(|_| SignInError::Store(StoreError::Corrupt("random numbers")))?;
        let challenge = first.answer(verifier, &URL_SAFE_NO_PAD.encode(nonce));
        Ok(ScramPending { challenge, attempt, name, door, peer, person, epoch })
    }

    /// Takes `client-final-message`.
    pub async fn scram_finish(&self, pending: ScramPending, client_final: &str) -> Result<ScramDone, ScramRefused> {
        let now = self.clock().now();
        self.inner.throttle.take(&pending.attempt, now)?;
        let server_final = match pending.challenge.finish(client_final) {
            Ok(server_final) => server_final,
            Err(error) => {
                let (login, door) = (pending.challenge.username(), pending.door.as_str());
                tracing::info!(counter = "sign_ins_refused", login, door, %error, "a sign-in was refused");
                return match error {
                    ScramError::WrongProof => Err(SignInError::Refused.into()),
                    other => Err(other.into()),
                };
            }
        };
        self.inner.throttle.succeeded(&pending.attempt, now);
        let ScramPending { challenge, name, person, epoch, door, peer, .. } = pending;
        tracing::debug!(counter = "sign_ins", %person, door = door.as_str(), "signed in");
        let signed_in = SignedIn { person, means: Means::Password, only: None, epoch };
        let org = self.org();
        let wanted = Wanted::read(&org, &name, challenge.acting_as());
        let entered = self.enter_mailbox(signed_in, wanted, door, peer).await?;
        Ok(ScramDone { entered, server_final })
    }

    /// The verifier of an account, or one like it that nobody can satisfy: for unknown names, for mailboxes that
    /// are no users, and for passwords that were never seen in clear.
    async fn scram_verifier(&self, login: &str) -> Result<(MailboxId, i64, Verifier), StoreError> {
        let person = self.org().person(login).map_or(MailboxId(0), |mailbox| mailbox.id);
        let (epoch, password) = self
            .store()
            .read(move |tx| {
                // Where a second factor is in force the password alone opens nothing.
                let alone = !second_factors::in_force(tx, person)?;
                Ok((credentials::epoch(tx, person)?, credentials::password(tx, person)?.filter(|_| alone)))
            })
            .await?;
        let kept = password.and_then(|password| password.scram).and_then(|text| Verifier::parse(&text));
        let nobody = || self.inner.salts.nobody(login, self.inner.hashing.iterations());
        Ok((person, epoch, kept.unwrap_or_else(nobody)))
    }
}
