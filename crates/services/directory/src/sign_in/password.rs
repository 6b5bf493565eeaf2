//! Signing in with a password: the account's, or an application password.

use super::remembered::Print;
use super::throttle::Attempt;
use super::{Means, SignInError, SignedIn};
use crate::passwords::fingerprint;
use crate::passwords::hashing::HashingError;
use crate::{Directory, Secret};
use postroom_model::{Door, MailboxId, Time};
use postroom_store::credentials::{self, ApplicationPassword, Password};
use postroom_store::{Scope, StoreError, second_factors};
use std::net::IpAddr;
use std::time::Duration;

/// What the database holds for a login. All none for a name that is nobody's.
struct Found {
    person: MailboxId,
    epoch: i64,
    application: Option<ApplicationPassword>,
    password: Option<Password>,
    second_factor: bool,
}

/// How often the use of an application password is written down at most.
const USE_NOTED_EVERY_MILLIS: i64 = 5 * 60_000;

impl Directory {
    /// `login` is a login name or any address of a user; `peer` is where the person comes from, none for callers on
    /// this machine that are no network connection. A password that is bound to one mailbox is refused: whoever asks
    /// here would let it reach more.
    pub async fn sign_in(
        &self,
        login: &str,
        password: &str,
        door: Door,
        peer: Option<IpAddr>,
    ) -> Result<SignedIn, SignInError> {
        let signed_in = self.sign_in_bound(login, password, door, peer).await?;
        if signed_in.only.is_some() { Err(SignInError::Refused) } else { Ok(signed_in) }
    }

    pub(crate) async fn sign_in_bound(
        &self,
        login: &str,
        password: &str,
        door: Door,
        peer: Option<IpAddr>,
    ) -> Result<SignedIn, SignInError> {
        let (attempt, now) = (Attempt::new(login, peer), self.clock().now());
        self.inner.throttle.check(&attempt, now)?;
        let print = self.inner.remembered.print(login, password);
        if let Some(known) = self.recall(&print, login, now).await {
            return Ok(known);
        }
        let _alone = self.inner.remembered.alone(print).await;
        if let Some(known) = self.recall(&print, login, now).await {
            return Ok(known);
        }
        let (signed_in, expires_at) = self.counted(login, door, peer, self.verify(login, password)).await?;
        self.remember(print, signed_in, expires_at, now);
        Ok(signed_in)
    }

    /// The account's own password and nothing else, verified anew: for what an application password must not do.
    pub async fn sign_in_with_account_password(
        &self,
        login: &str,
        password: &str,
        door: Door,
        peer: Option<IpAddr>,
    ) -> Result<SignedIn, SignInError> {
        let verifying = async {
            let found = self.find(login, password).await?;
            self.verify_account(login, password, found).await
        };
        self.counted(login, door, peer, verifying).await
    }

    /// Counts an attempt before it is verified, gives it back where it does not fail, and logs how it went.
    async fn counted<T>(
        &self,
        login: &str,
        door: Door,
        peer: Option<IpAddr>,
        verifying: impl Future<Output = Result<T, SignInError>>,
    ) -> Result<T, SignInError> {
        let (attempt, now, door) = (Attempt::new(login, peer), self.clock().now(), door.as_str());
        self.inner.throttle.take(&attempt, now)?;
        match verifying.await {
            Ok(opened) => {
                self.inner.throttle.succeeded(&attempt, now);
                tracing::debug!(counter = "sign_ins", login, door, "signed in");
                Ok(opened)
            }
            Err(SignInError::Refused) => {
                tracing::info!(counter = "sign_ins_refused", login, door, ?peer, "a sign-in was refused");
                Err(SignInError::Refused)
            }
            Err(other) => {
                self.inner.throttle.give_back(&attempt, now);
                Err(other)
            }
        }
    }

    /// A credential verified lately, if nothing about the account or its addresses changed since.
    async fn recall(&self, print: &Print, login: &str, now: Time) -> Option<SignedIn> {
        let known = self.inner.remembered.recall(print, now)?;
        let same = self.org().person(login).is_some_and(|person| person.id == known.person);
        if same && self.still_valid(&known).await {
            return Some(known);
        }
        self.inner.remembered.forget(print);
        None
    }

    fn remember(&self, print: Print, signed_in: SignedIn, expires_at: Option<Time>, now: Time) {
        let limits = &self.inner.limits;
        let span = i64::try_from(limits.remembered_for.as_millis()).unwrap_or(i64::MAX);
        let until = now.plus_millis(span);
        let until = expires_at.map_or(until, |expiry| expiry.min(until));
        self.inner.remembered.remember(print, signed_in, until, now, limits.remembered_at_most);
    }

    /// Gives also when the credential expires.
    async fn verify(&self, login: &str, clear: &str) -> Result<(SignedIn, Option<Time>), SignInError> {
        let found = self.find(login, clear).await?;
        let now = self.clock().now();
        match found.application.as_ref().filter(|one| one.expires_at.is_none_or(|at| at > now)) {
            Some(application) => {
                self.note_use(application, now).await?;
                let means = Means::Application(application.id);
                let signed_in = SignedIn { person: found.person, means, only: application.only, epoch: found.epoch };
                Ok((signed_in, application.expires_at))
            }
            None => {
                // The password alone opens nothing then; the same work is done, and the same is said.
                let second_factor = found.second_factor;
                let signed_in = self.verify_account(login, clear, found).await?;
                if second_factor { Err(SignInError::Refused) } else { Ok((signed_in, None)) }
            }
        }
    }

    async fn verify_account(&self, login: &str, clear: &str, found: Found) -> Result<SignedIn, SignInError> {
        let (person, epoch) = (found.person, found.epoch);
        let hash = found.password.as_ref().map(|password| password.hash.clone());
        if !self.inner.hashing.verify(clear, hash).await.map_err(busy)? {
            return Err(SignInError::Refused);
        }
        if let Some(password) = found.password.filter(|password| password.scram.is_none()) {
            self.complete(login, person, password, clear).await?;
        }
        Ok(SignedIn { person, means: Means::Password, only: None, epoch })
    }

    /// The same reads for every name.
    async fn find(&self, login: &str, clear: &str) -> Result<Found, StoreError> {
        let person = self.org().person(login).map_or(MailboxId(0), |mailbox| mailbox.id);
        let hash = fingerprint(clear);
        self.store()
            .read(move |tx| {
                Ok(Found {
                    person,
                    epoch: credentials::epoch(tx, person)?,
                    application: credentials::find_application(tx, person, &hash)?,
                    password: credentials::password(tx, person)?,
                    second_factor: second_factors::in_force(tx, person)?,
                })
            })
            .await
    }

    async fn note_use(&self, application: &ApplicationPassword, now: Time) -> Result<(), StoreError> {
        let id = application.id;
        if application.last_used_at.is_some_and(|last| now < last.plus_millis(USE_NOTED_EVERY_MILLIS)) {
            return Ok(());
        }
        self.store().write(Scope::Free, move |tx| credentials::used(tx, id, now)).await
    }

    /// Adds the SCRAM verifier to a password of which only a hash had been given.
    async fn complete(
        &self,
        login: &str,
        person: MailboxId,
        password: Password,
        clear: &str,
    ) -> Result<(), SignInError> {
        let name = self.org().mailbox(person).map_or_else(|| login.to_owned(), |mailbox| mailbox.name.to_string());
        let prepared = self.prepare_password(&name, &Secret::new(clear)).await.map_err(busy)?;
        let Some(scram) = prepared.scram else { return Ok(()) };
        let hash = password.hash;
        let added = move |tx: &mut postroom_store::Tx<'_>| credentials::add_scram(tx, person, &hash, &scram);
        Ok(self.store().write(Scope::Free, added).await?)
    }
}

/// Whoever comes when all is busy tries again; nothing was said about the password.
fn busy(error: HashingError) -> SignInError {
    match error {
        HashingError::Busy | HashingError::Failed => SignInError::Throttled { retry_after: Duration::from_secs(1) },
        HashingError::Empty | HashingError::TooLong | HashingError::BadHash => SignInError::Refused,
    }
}
