//! Takes a second factor away: by the person, whom the door has asked for the password, or by an administrator for
//! somebody who lost both the app and the recovery codes.

use super::SecondFactorError;
use crate::Directory;
use crate::change::{NotAllowed, is_admin};
use postroom_model::{Actor, MailboxId};
use postroom_store::second_factors;

impl Directory {
    pub async fn remove_second_factor(&self, actor: Actor, person: MailboxId) -> Result<(), SecondFactorError> {
        self.change(actor, "second_factor.remove", move |change| {
            if change.actor.person_id() != Some(person) && !is_admin(&change.org, change.actor) {
                return Err(NotAllowed::NotAdmin.into());
            }
            if !second_factors::remove(change.tx, person)? {
                return Err(SecondFactorError::NotEnrolled);
            }
            change.record(Some(person), "second_factor.remove", "")?;
            Ok(())
        })
        .await
    }
}
