//! Puts an enrolled second factor in force, with the first code of the app, and gives recovery codes.

use super::recover::fresh_codes;
use super::{SecondFactorError, check_own, row, totp};
use crate::{Directory, Secret};
use postroom_model::{Actor, MailboxId};
use postroom_store::second_factors;

impl Directory {
    /// Gives the recovery codes, which are never shown again. Programs that signed in with the account's password
    /// are signed out.
    pub async fn confirm_second_factor(
        &self,
        actor: Actor,
        person: MailboxId,
        code: &str,
    ) -> Result<Vec<Secret>, SecondFactorError> {
        check_own(&self.org(), actor, person)?;
        let found = self.store().read(move |tx| second_factors::find(tx, person)).await?;
        let found = found.ok_or(SecondFactorError::NotEnrolled)?;
        if found.confirmed_at.is_some() {
            return Err(SecondFactorError::InForce);
        }
        let secret = self.inner.sealing.open(&row(person), &found.sealed)?;
        let now = u64::try_from(self.clock().now().seconds()).unwrap_or(0);
        let step = totp(secret).check(code.trim(), now).ok_or(SecondFactorError::WrongCode)?;
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        let (codes, hashes) = fresh_codes()?;
        self.change(actor, "second_factor.confirm", move |change| {
            check_own(&change.org, change.actor, person)?;
            let same = second_factors::find(change.tx, person)?.is_some_and(|now| now.sealed == found.sealed);
            if !same || !second_factors::confirm(change.tx, person, change.at)? {
                return Err(SecondFactorError::NotEnrolled);
            }
            second_factors::take_step(change.tx, person, step)?;
            second_factors::set_recovery_codes(change.tx, person, &hashes)?;
            change.record(Some(person), "second_factor.confirm", "")?;
            Ok(())
        })
        .await?;
        Ok(codes)
    }
}
