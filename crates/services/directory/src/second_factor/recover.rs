//! Recovery codes, and whether a second factor is in force.

use super::{SecondFactorError, check_own};
use crate::change::{NotAllowed, is_admin};
use crate::passwords::{HashingError, fingerprint, grouped};
use crate::{Directory, Secret};
use postroom_model::{Actor, MailboxId};
use postroom_store::second_factors;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecondFactorState {
    pub in_force: bool,
    pub recovery_codes_left: u64,
}

const CODES: usize = 10;
/// 16 characters are 80 bits.
const CODE_LENGTH: usize = 16;

/// Codes as they are shown, and what is kept of them.
pub(super) fn fresh_codes() -> Result<(Vec<Secret>, Vec<String>), HashingError> {
    let codes: Vec<String> = (0..CODES).map(|_| grouped::<CODE_LENGTH>()).collect::<Result<_, _>>()?;
    let hashes = codes.iter().map(|code| fingerprint(code)).collect();
    Ok((codes.into_iter().map(Secret::new).collect(), hashes))
}

impl Directory {
    pub async fn second_factor(&self, actor: Actor, person: MailboxId) -> Result<SecondFactorState, SecondFactorError> {
        if actor.person_id() != Some(person) && !is_admin(&self.org(), actor) {
            return Err(NotAllowed::NotAdmin.into());
        }
        let state = self.store().read(move |tx| {
            Ok(SecondFactorState {
                in_force: second_factors::in_force(tx, person)?,
                recovery_codes_left: second_factors::recovery_codes(tx, person)?,
            })
        });
        Ok(state.await?)
    }

    /// Fresh recovery codes in place of the old ones.
    pub async fn renew_recovery_codes(
        &self,
        actor: Actor,
        person: MailboxId,
    ) -> Result<Vec<Secret>, SecondFactorError> {
        let (codes, hashes) = fresh_codes()?;
        self.change(actor, "second_factor.recovery_codes", move |change| {
            check_own(&change.org, change.actor, person)?;
            if !second_factors::in_force(change.tx, person)? {
                return Err(SecondFactorError::NotEnrolled);
            }
            second_factors::set_recovery_codes(change.tx, person, &hashes)?;
            change.record(Some(person), "second_factor.recovery_codes", "")?;
            Ok(())
        })
        .await?;
        Ok(codes)
    }
}
