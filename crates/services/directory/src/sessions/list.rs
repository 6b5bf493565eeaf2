//! Lists the sessions of a person, so that they recognise them and end those they do not.

use super::{SessionError, check};
use crate::Directory;
use postroom_model::{Actor, MailboxId, Time};
use postroom_store::web_sessions::{self, WebSession};
use serde::Serialize;

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SessionLine {
    pub id: i64,
    pub door: String,
    /// As the browser called itself.
    pub user_agent: String,
    /// Where it was begun from; empty: not over the network.
    pub address: String,
    pub created_at: Time,
    pub last_used_at: Time,
    /// If it is not used again until then.
    pub ends_at: Time,
}

impl From<WebSession> for SessionLine {
    fn from(row: WebSession) -> Self {
        Self {
            id: row.id,
            door: row.door,
            user_agent: row.user_agent,
            address: row.address,
            created_at: row.created_at,
            last_used_at: row.last_used_at,
            ends_at: row.ends_at,
        }
    }
}

impl Directory {
    /// The one used last first.
    pub async fn list_sessions(&self, actor: Actor, person: MailboxId) -> Result<Vec<SessionLine>, SessionError> {
        check(&self.org(), actor, person)?;
        let now = self.clock().now();
        let rows = self.store().read(move |tx| web_sessions::of(tx, person, now)).await?;
        Ok(rows.into_iter().map(SessionLine::from).collect())
    }
}
