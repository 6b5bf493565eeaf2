//! Finds out whose session a token is.

use super::token_hash;
use crate::Directory;
use crate::sign_in::{EnterError, Means, SignedIn};
use postroom_model::Time;
use postroom_store::web_sessions::WebSession;
use postroom_store::{Scope, StoreError, web_sessions};

/// How often the use of a session is written down at most; for so long it is remembered without the database.
const NOTED_EVERY_MILLIS: i64 = 5 * 60_000;

/// Stands where passwords have a login name. No login name has control characters.
const NO_LOGIN: &str = "\0session";

impl Directory {
    pub(crate) async fn resume_session(&self, token: &str) -> Result<SignedIn, EnterError> {
        let now = self.clock().now();
        let print = self.inner.remembered.print(NO_LOGIN, token);
        if let Some(known) = self.inner.remembered.recall(&print, now) {
            if self.still_valid(&known).await {
                return Ok(known);
            }
            self.inner.remembered.forget(&print);
            return Err(EnterError::Ended);
        }
        let hash = token_hash(token);
        let found = self.store().read(move |tx| web_sessions::find(tx, &hash, now)).await?;
        let found = found.ok_or(EnterError::Ended)?;
        let signed_in =
            SignedIn { person: found.mailbox, means: Means::Session(found.id), only: None, epoch: found.epoch };
        if !self.still_valid(&signed_in).await {
            return Err(EnterError::Ended);
        }
        let ends_at = self.note_session_use(&found, now).await?;
        let until = now.plus_millis(NOTED_EVERY_MILLIS).min(ends_at);
        self.inner.remembered.remember(print, signed_in, until, now, self.inner.limits.remembered_at_most);
        Ok(signed_in)
    }

    /// Gives until when the session holds.
    async fn note_session_use(&self, found: &WebSession, now: Time) -> Result<Time, StoreError> {
        if now < found.last_used_at.plus_millis(NOTED_EVERY_MILLIS) {
            return Ok(found.ends_at);
        }
        let (id, ends_at) = (found.id, self.idle_end(now, found.expires_at));
        self.store().write(Scope::Free, move |tx| web_sessions::used(tx, id, now, ends_at)).await?;
        Ok(ends_at)
    }
}
