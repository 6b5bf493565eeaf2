//! Ends sessions: signing out here, or anywhere else.

use super::{SessionError, check};
use crate::Directory;
use postroom_model::{Actor, MailboxId};
use postroom_store::web_sessions;

impl Directory {
    pub async fn end_session(&self, actor: Actor, person: MailboxId, id: i64) -> Result<(), SessionError> {
        self.change(actor, "session.end", move |change| {
            check(&change.org, change.actor, person)?;
            if !web_sessions::end(change.tx, person, id)? {
                return Err(SessionError::NotFound);
            }
            change.record(Some(person), "session.end", format!("number {id}"))?;
            Ok(())
        })
        .await
    }

    /// Gives how many ended.
    pub async fn end_sessions(
        &self,
        actor: Actor,
        person: MailboxId,
        except: Option<i64>,
    ) -> Result<u64, SessionError> {
        self.change(actor, "session.end", move |change| {
            check(&change.org, change.actor, person)?;
            let ended = web_sessions::end_others(change.tx, person, except)?;
            if ended > 0 {
                change.record(Some(person), "session.end", format!("{ended} sessions"))?;
            }
            Ok(ended)
        })
        .await
    }
}
