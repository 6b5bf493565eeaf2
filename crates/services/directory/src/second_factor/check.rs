//! A person signs in by themselves, not a program: the account's password, and a code where a second factor is set.

use super::{PersonError, row, totp};
use crate::Directory;
use crate::passwords::fingerprint;
use crate::sign_in::{Attempt, SignInError, SignedIn};
use postroom_model::{Actor, AuditEntry, Door, MailboxId, Outcome};
use postroom_store::{Scope, StoreError, audit, second_factors};
use std::net::IpAddr;

impl Directory {
    /// Password first: who does not have it learns nothing about second factors. Codes are throttled as passwords are.
    pub async fn sign_in_person(
        &self,
        login: &str,
        password: &str,
        code: Option<&str>,
        door: Door,
        peer: Option<IpAddr>,
    ) -> Result<SignedIn, PersonError> {
        let signed_in = self.sign_in_with_account_password(login, password, door, peer).await?;
        let person = signed_in.person;
        let factor = self.store().read(move |tx| second_factors::find(tx, person)).await.map_err(SignInError::Store)?;
        let Some(factor) = factor.filter(|factor| factor.confirmed_at.is_some()) else { return Ok(signed_in) };
        let code = code.map(str::trim).filter(|code| !code.is_empty()).ok_or(PersonError::CodeNeeded)?;

        let (attempt, now) = (Attempt::new(login, peer), self.clock().now());
        self.inner.throttle.take(&attempt, now)?;
        let right = self.take_code(person, &factor.sealed, code, door).await.map_err(SignInError::Store)?;
        if !right {
            tracing::info!(
                counter = "sign_ins_refused",
                login,
                door = door.as_str(),
                ?peer,
                "a wrong code was refused"
            );
            return Err(PersonError::WrongCode);
        }
        self.inner.throttle.give_back(&attempt, now);
        Ok(signed_in)
    }

    /// Whether the code is one of the app, or a recovery code; it is used up.
    async fn take_code(&self, person: MailboxId, sealed: &[u8], code: &str, door: Door) -> Result<bool, StoreError> {
        let secret = self.inner.sealing.open(&row(person), sealed);
        let secret = secret.map_err(|_| StoreError::Corrupt("the sealed secret of a second factor"))?;
        let now = self.clock().now();
        let step = totp(secret).check(code, u64::try_from(now.seconds()).unwrap_or(0));
        if let Some(step) = step {
            let step = i64::try_from(step).unwrap_or(i64::MAX);
            return self.store().write(Scope::Free, move |tx| second_factors::take_step(tx, person, step)).await;
        }
        let hash = fingerprint(code);
        let taking = move |tx: &mut postroom_store::Tx<'_>| {
            let taken = second_factors::take_recovery_code(tx, person, &hash)?;
            if taken {
                let entry = AuditEntry {
                    at: now,
                    actor: Actor::person(person, door),
                    mailbox: Some(person),
                    action: "second_factor.recovery_code",
                    outcome: Outcome::Done,
                    detail: String::new(),
                };
                audit::record(tx, &entry)?;
            }
            Ok(taken)
        };
        self.store().write(Scope::Free, taking).await
    }
}
